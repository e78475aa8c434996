/**
 * Reads how an identity column is written.
 *
 *   GENERATED { ALWAYS | BY DEFAULT } AS IDENTITY [(options)]   PostgreSQL
 *   IDENTITY [(start [, increment])]                            BLUE: from 0 in steps of 1
 *   SERIAL, BIGSERIAL, SMALLSERIAL in place of a type           PostgreSQL
 *
 * BLUE's, and those of SERIAL, take other values as well: they are BY DEFAULT.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { IdentityColumn } from '../catalog/catalog-snapshot.ts'
import type { SequenceOptions } from '../identity/permit.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import { notSupported } from './refusals.ts'
import { BIGINT, checkedOptions, readOptions, readWholeNumber } from './sequence-options.ts'
import type { Bounds, WrittenOptions } from './sequence-options.ts'

export interface WrittenIdentity {
  readonly generation: IdentityColumn['generation']
  readonly options: WrittenOptions
}

export const PLAIN_IDENTITY: WrittenIdentity = { generation: 'by default', options: {} }

/** Behind GENERATED. */
export function readGenerated(cursor: TokenCursor): WrittenIdentity {
  const always = cursor.accept('always')
  if (!always) cursor.expect('by', 'default')
  cursor.expect('as')
  if (!cursor.accept('identity')) throw notSupported('a column with GENERATED … AS (expression)')
  const generation = always ? 'always' : 'by default'
  if (!cursor.acceptSymbol('(')) return { generation, options: {} }
  const options = readOptions(cursor)
  cursor.expectSymbol(')')
  return { generation, options }
}

/** Behind IDENTITY. */
export function readBlueIdentity(cursor: TokenCursor): WrittenIdentity {
  let [start, increment] = [0n, 1n]
  if (cursor.acceptSymbol('(')) {
    start = readWholeNumber(cursor)
    if (cursor.acceptSymbol(',')) increment = readWholeNumber(cursor)
    cursor.expectSymbol(')')
  }
  const minimum = increment > 0n && start < 1n ? { minimum: start } : {}
  const maximum = increment < 0n && start > -1n ? { maximum: start } : {}
  return { generation: 'by default', options: { start, increment, ...minimum, ...maximum } }
}

const SERIAL_TYPES: Readonly<Record<string, string>> = {
  smallserial: 'SMALLINT',
  serial2: 'SMALLINT',
  serial: 'INTEGER',
  serial4: 'INTEGER',
  bigserial: 'BIGINT',
  serial8: 'BIGINT',
}

/** The type that SERIAL and its like stand for. */
export function serialType(word: string): string | undefined {
  return Object.hasOwn(SERIAL_TYPES, word) ? SERIAL_TYPES[word] : undefined
}

const BOUNDS: Readonly<Record<string, Bounds>> = {
  SMALLINT: { least: -(2n ** 15n), most: 2n ** 15n - 1n },
  INTEGER: { least: -(2n ** 31n), most: 2n ** 31n - 1n },
  BIGINT,
}

/** @param typeName of the column, as the engine spells it. */
export function identityOptions(written: WrittenOptions, typeName: string): SequenceOptions {
  const bounds = Object.hasOwn(BOUNDS, typeName) ? BOUNDS[typeName] : undefined
  if (bounds) return checkedOptions(written, bounds)
  throw new GatewayError(
    'invalid_parameter_value',
    'identity column type must be smallint, integer, or bigint',
  )
}
