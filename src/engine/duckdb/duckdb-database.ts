/**
 * Opening and closing the database.
 *
 * A database file is opened exactly once in a process: two openings of one file are two instances
 * that know nothing of each other (design, section 3). The address is what all threads share.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import { present } from '../../base/assert.ts'
import { engineError } from './engine-error.ts'
import { duckdb } from './native/library.ts'
import type { Address } from './native/library.ts'
import { destroy, takeText } from './native/memory.ts'
import { zeroTerminated } from './native/sql-text.ts'

export interface OpenDatabaseOptions {
  /** A file, or `:memory:`. */
  readonly path: string
  /** Names and values as the engine documents them; see hardening.ts. */
  readonly settings: Readonly<Record<string, string>>
}

const cell = new BigUint64Array(16)
const errorCell = new BigUint64Array(16)

/**
 * Gives the database's address, to be closed with `closeDatabase` by one of the threads.
 *
 * @throws GatewayError as the engine says, or `invalid_parameter_value` for an unknown setting;
 *         nothing is left open.
 */
export function openDatabase(options: OpenDatabaseOptions): Address {
  duckdb.createConfig(cell)
  const config = cell[0] ?? 0n
  try {
    for (const [name, value] of Object.entries(options.settings)) {
      if (duckdb.setConfig(config, zeroTerminated(name), zeroTerminated(value)) !== 0) {
        throw new GatewayError('invalid_parameter_value', `the engine refuses the setting ${name}`)
      }
    }
    cell[0] = 0n
    errorCell[0] = 0n
    const state = duckdb.openExt(zeroTerminated(options.path), cell, config, errorCell)
    if (state === 0) return present(cell[0], 'the address of the database')
    const error = errorCell[0]
    throw engineError(error === 0n ? 'IO Error: the database cannot be opened' : takeText(error))
  } finally {
    destroy(duckdb.destroyConfig, config)
  }
}

/** All statements and connections must be closed before, in every thread. */
export function closeDatabase(address: Address): void {
  destroy(duckdb.close, address)
}
