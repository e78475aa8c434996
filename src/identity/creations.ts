/**
 * Creations that may be asked for twice: a caller whose connection broke asks again under the same
 * key, and gets what it made instead of a second one.
 *
 * What is kept names the object and holds no secret. It is stored in the same commit as the object,
 * so it is never there without it, nor the object without it.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { CreationKey } from './creation-key.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { CreationRow, IdentityStoreChange } from './identity-store.ts'

const CREATION_KEPT_MS = 24 * 3_600_000

/**
 * What was made under this key before, or undefined.
 * @throws GatewayError `duplicate_object` when it was used for another request.
 */
export function earlierCreation(
  records: IdentityRecords,
  once: CreationKey | undefined,
  now: number,
): CreationRow | undefined {
  const row = once && records.creations.get(once.key)
  if (!row || isForgotten(row, now)) return undefined
  if (row.request === once.request) return row
  throw new GatewayError('duplicate_object', 'this Idempotency-Key was used for another request', {
    field: 'Idempotency-Key',
    hint: 'Choose a new key for every new request.',
  })
}

/** The changes that keep a creation, and drop those that are old enough. */
export function keepCreation(
  records: IdentityRecords,
  once: CreationKey | undefined,
  made: Pick<CreationRow, 'objectId' | 'tokenId'>,
  now: number,
): IdentityStoreChange[] {
  if (!once) return []
  const creation: CreationRow = { ...once, ...made, createdAt: new Date(now).toISOString() }
  const old = [...records.creations.values()].filter((row) => isForgotten(row, now))
  return [
    ...old.map(({ key }): IdentityStoreChange => ({ kind: 'remove_creation', key })),
    { kind: 'put_creation', creation },
  ]
}

/** For a key whose object was changed or deleted since. */
export function creationIsGone(what: string): GatewayError {
  return new GatewayError(
    'object_not_in_prerequisite_state',
    `what this Idempotency-Key made is not as it was: ${what}`,
    { field: 'Idempotency-Key', hint: 'Choose a new key for a new request.' },
  )
}

function isForgotten({ createdAt }: CreationRow, now: number): boolean {
  return Date.parse(createdAt) + CREATION_KEPT_MS <= now
}
