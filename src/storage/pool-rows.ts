/** Rows of the table of pools to rows of identity, and back. */
import type { PoolRow } from '../identity/identity-store.ts'
import type { ResourcePoolTable } from './metadata-tables.ts'

export function poolFromTable(row: ResourcePoolTable): PoolRow {
  const { concurrency, queue_wait_seconds, run_seconds } = row
  return {
    id: row.id,
    name: row.name,
    isDefault: row.is_default !== 0,
    createdAt: row.created_at,
    ...(concurrency !== null && { concurrency }),
    ...(queue_wait_seconds !== null && { queueWaitSeconds: queue_wait_seconds }),
    ...(run_seconds !== null && { runSeconds: run_seconds }),
  }
}

export function poolToTable(pool: PoolRow): ResourcePoolTable {
  return {
    id: pool.id,
    name: pool.name,
    concurrency: pool.concurrency ?? null,
    queue_wait_seconds: pool.queueWaitSeconds ?? null,
    run_seconds: pool.runSeconds ?? null,
    is_default: Number(pool.isDefault),
    created_at: pool.createdAt,
  }
}
