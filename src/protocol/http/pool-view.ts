/** A pool as the API shows it: with who runs and waits in it now. */
import type { PoolInfo } from '../../identity/pools.ts'
import type { ApiParts } from './api-parts.ts'
import { etagOf } from './etag.ts'

export interface PoolView extends PoolInfo {
  readonly running: number
  readonly waiting: number
  readonly etag: string
}

export function poolView({ execution }: Pick<ApiParts, 'execution'>, pool: PoolInfo): PoolView {
  return { ...pool, ...execution.poolLoad(pool.id), etag: poolEtag(pool) }
}

export function poolEtag(pool: PoolInfo): string {
  const { id, isDefault, concurrency, queueWaitSeconds, runSeconds } = pool
  return etagOf([id, isDefault, concurrency ?? null, queueWaitSeconds ?? null, runSeconds ?? null])
}
