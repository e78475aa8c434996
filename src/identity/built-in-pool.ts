/** The pool that there is from the beginning: the default one, without limits. */
import { randomUUID } from 'node:crypto'
import type { PoolRow } from './identity-store.ts'

/** @param now Milliseconds since 1970. */
export function defaultPoolRow(now: number): PoolRow {
  const createdAt = new Date(now).toISOString()
  return { id: randomUUID(), name: 'default', isDefault: true, createdAt }
}
