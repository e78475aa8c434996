/** Resource pools: their names and limits. */
import { randomUUID } from 'node:crypto'
import { present } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import { creationIsGone, earlierCreation, keepCreation } from './creations.ts'
import type { CreationKey } from './creation-key.ts'
import type { IdentityLedger } from './identity-ledger.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { PoolRow } from './identity-store.ts'
import type { NewPool, PoolChange, PoolCheck, PoolInfo, PoolLimits } from './pools.ts'
import { shown } from './role-name.ts'

const NAME = /^[a-z][a-z0-9_]{0,62}$/

/** Largest values, and the smallest ones. */
const LIMITS = {
  concurrency: [1, 10_000],
  queueWaitSeconds: [0, 86_400],
  runSeconds: [1, 604_800],
} as const satisfies Record<keyof PoolLimits, readonly [number, number]>

const LIMIT_NAMES = ['concurrency', 'queueWaitSeconds', 'runSeconds'] as const

export class PoolBook {
  readonly #ledger: IdentityLedger
  readonly #clock: () => number

  constructor(ledger: IdentityLedger, clock: () => number) {
    this.#ledger = ledger
    this.#clock = clock
  }

  list(): PoolInfo[] {
    return [...this.#ledger.records.pools.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }

  find(name: string): PoolInfo | undefined {
    return poolByName(this.#ledger.records, name)
  }

  default(): PoolInfo {
    return defaultOf(this.#ledger.records)
  }

  async create(request: NewPool, once?: CreationKey): Promise<PoolInfo> {
    return await this.#ledger.change((records) => {
      const earlier = earlierCreation(records, once, this.#clock())
      if (earlier) {
        const made = records.pools.get(earlier.objectId)
        if (!made) throw creationIsGone('the pool was dropped')
        return { changes: [], result: made }
      }
      const { name, ...limits } = request
      checkName(name)
      checkLimits(limits)
      if (poolByName(records, name)) {
        throw new GatewayError('duplicate_object', `pool "${name}" already exists`, {
          field: 'name',
          hint: 'Choose another name, or change this pool.',
        })
      }
      const createdAt = new Date(this.#clock()).toISOString()
      const pool: PoolRow = { id: randomUUID(), name, isDefault: false, createdAt, ...limits }
      const made = { objectId: pool.id, tokenId: undefined }
      return {
        changes: [{ kind: 'put_pool', pool }, ...keepCreation(records, once, made, this.#clock())],
        result: pool,
      }
    })
  }

  async change(name: string, change: PoolChange, check?: PoolCheck): Promise<PoolInfo> {
    return await this.#ledger.change((records) => {
      const pool = poolNamed(records, name)
      check?.(pool)
      const { isDefault, ...limits } = change
      checkLimits(limits)
      const changed: PoolRow = {
        ...withLimits(pool, limits),
        isDefault: pool.isDefault || isDefault === true,
      }
      const before = defaultOf(records)
      const replaced = changed.isDefault && before.id !== pool.id ? [before] : []
      return {
        changes: [...replaced.map((one) => ({ ...one, isDefault: false })), changed].map((row) => {
          return { kind: 'put_pool', pool: row }
        }),
        result: changed,
      }
    })
  }

  drop(name: string, check?: PoolCheck): Promise<void> {
    return this.#ledger.change((records) => {
      const pool = poolNamed(records, name)
      check?.(pool)
      if (pool.isDefault) {
        throw new GatewayError('object_in_use', `pool "${pool.name}" is the default pool`, {
          hint: 'Make another one the default first: bluegate pool change NAME --default',
        })
      }
      return { changes: [{ kind: 'remove_pool', poolId: pool.id }], result: undefined }
    })
  }
}

export function poolIsUnknown(name: string): GatewayError {
  return new GatewayError('undefined_object', `pool ${shown(name)} does not exist`, {
    hint: 'List the pools with: DESCRIBE POOLS',
  })
}

function poolByName(records: IdentityRecords, name: string): PoolRow | undefined {
  const key = name.toLowerCase()
  return [...records.pools.values()].find((pool) => pool.name === key)
}

function poolNamed(records: IdentityRecords, name: string): PoolRow {
  const pool = poolByName(records, name)
  if (!pool) throw poolIsUnknown(name)
  return pool
}

function defaultOf(records: IdentityRecords): PoolRow {
  const pools = [...records.pools.values()]
  return present(
    pools.find(({ isDefault }) => isDefault),
    'one pool is the default',
  )
}

function withLimits(pool: PoolRow, change: Omit<PoolChange, 'isDefault'>): PoolRow {
  const { id, name, isDefault, createdAt } = pool
  const limits: Partial<Record<keyof PoolLimits, number>> = {}
  for (const limit of LIMIT_NAMES) {
    const asked = change[limit]
    const value = asked === undefined ? pool[limit] : (asked ?? undefined)
    if (value !== undefined) limits[limit] = value
  }
  return { id, name, isDefault, createdAt, ...limits }
}

function checkName(name: string): void {
  if (NAME.test(name)) return
  throw new GatewayError('invalid_parameter_value', `${shown(name)} cannot name a pool`, {
    field: 'name',
    hint: "A pool's name has 1 to 63 of a-z, 0-9 and _, and starts with a letter.",
  })
}

function checkLimits(limits: Omit<PoolChange, 'isDefault'>): void {
  for (const limit of LIMIT_NAMES) {
    const value = limits[limit]
    const [min, max] = LIMITS[limit]
    if (value === undefined || value === null) continue
    if (Number.isInteger(value) && value >= min && value <= max) continue
    throw new GatewayError('invalid_parameter_value', `${limit} ${value} is out of range`, {
      field: limit,
      hint: `Give a whole number from ${min} to ${max}, or none for no limit.`,
    })
  }
}
