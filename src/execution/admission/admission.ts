/**
 * Who may run in the engine now: the pools with their queues.
 *
 * Every pool has as many places for statements on tables as its `concurrency` says, and as many
 * again for statements that touch no table: what tools ask of the catalogue does not wait behind
 * reports, and cannot be used to get past the pool. Administrators do not wait.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import type { Identity } from '../../identity/identity.ts'
import { poolIsUnknown } from '../../identity/pool-book.ts'
import type { PoolInfo } from '../../identity/pools.ts'
import type { Session } from '../../session/session.ts'
import { PoolQueue } from './pool-queue.ts'

export type Lane = 'tables' | 'catalogue'

export interface PoolLoad {
  readonly running: number
  readonly waiting: number
}

type Pools = Pick<Identity, 'listPools' | 'findPool' | 'defaultPool' | 'listed'>

export class Admission {
  readonly #identity: Pools
  /** By the pool's id; made when somebody comes. */
  readonly #queues = new Map<string, Readonly<Record<Lane, PoolQueue>>>()

  constructor(identity: Pools) {
    this.#identity = identity
    identity.listed.on((what) => {
      if (what === 'pools') this.#follow()
    })
  }

  /** @throws GatewayError `undefined_object` when the pool that it chose is not there (any more). */
  poolOf({ settings }: Pick<Session, 'settings'>): PoolInfo {
    if (settings.pool === '') return this.#identity.defaultPool()
    const pool = this.#identity.findPool(settings.pool)
    if (!pool) throw poolIsUnknown(settings.pool)
    return pool
  }

  queueOf(pool: PoolInfo, lane: Lane): PoolQueue {
    let queues = this.#queues.get(pool.id)
    if (!queues) {
      const places = pool.concurrency ?? Infinity
      queues = { tables: new PoolQueue(places), catalogue: new PoolQueue(places) }
      this.#queues.set(pool.id, queues)
    }
    return queues[lane]
  }

  /** Statements on tables and others together. */
  loadOf(poolId: string): PoolLoad {
    const queues = Object.values(this.#queues.get(poolId) ?? {})
    return {
      running: queues.reduce((sum, { running }) => sum + running, 0),
      waiting: queues.reduce((sum, { waiting }) => sum + waiting, 0),
    }
  }

  /** Of all pools together. */
  get load(): PoolLoad {
    const loads = [...this.#queues.keys()].map((id) => this.loadOf(id))
    return {
      running: loads.reduce((sum, { running }) => sum + running, 0),
      waiting: loads.reduce((sum, { waiting }) => sum + waiting, 0),
    }
  }

  #follow(): void {
    const pools = new Map(this.#identity.listPools().map((pool) => [pool.id, pool]))
    for (const [id, queues] of this.#queues) {
      const pool = pools.get(id)
      for (const queue of Object.values(queues)) {
        if (pool) queue.resize(pool.concurrency ?? Infinity)
        else queue.close(dropped())
      }
      if (!pool) this.#queues.delete(id)
    }
  }
}

function dropped(): GatewayError {
  return new GatewayError(
    'undefined_object',
    'the pool was dropped before the statement had its turn',
    {
      hint: 'Choose another pool: USE POOL ….',
      safeToRetry: true,
    },
  )
}
