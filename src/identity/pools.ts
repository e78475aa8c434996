/**
 * Resource pools: named shares of the engine, each with its limits.
 *
 * A session is in one pool at a time; exactly one is the default, for sessions that choose none.
 * Source: BLUE, resource pools.
 */
import type { CreationKey } from './creation-key.ts'

/** Absent members do not limit. */
export interface PoolLimits {
  /** Sessions whose statements run at once. */
  readonly concurrency?: number
  /** How long a statement may wait for its turn; 0: it may not. */
  readonly queueWaitSeconds?: number
  /** From its turn to its last row. */
  readonly runSeconds?: number
}

export interface PoolInfo extends PoolLimits {
  readonly id: string
  readonly name: string
  readonly isDefault: boolean
  readonly createdAt: string
}

export interface NewPool extends PoolLimits {
  /** 1 to 63 of `a-z 0-9 _`, starting with a letter. */
  readonly name: string
}

/** Absent members stay as they are; null takes a limit away. */
export interface PoolChange {
  readonly concurrency?: number | null
  readonly queueWaitSeconds?: number | null
  readonly runSeconds?: number | null
  /** The one that was the default before is so no longer. */
  readonly isDefault?: true
}

/** Sees the pool inside the change, and throws to refuse it. */
export type PoolCheck = (current: PoolInfo) => void

export interface Pools {
  /** By name. */
  listPools(): readonly PoolInfo[]
  /** Whatever the case of the name. */
  findPool(name: string): PoolInfo | undefined
  defaultPool(): PoolInfo
  /** @throws GatewayError `invalid_parameter_value`, `duplicate_object`, with the field. */
  createPool(request: NewPool, once?: CreationKey): Promise<PoolInfo>
  changePool(name: string, change: PoolChange, check?: PoolCheck): Promise<PoolInfo>
  /** @throws GatewayError `object_in_use` for the default pool. */
  dropPool(name: string, check?: PoolCheck): Promise<void>
}
