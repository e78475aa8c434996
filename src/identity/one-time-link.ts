/**
 * One-time links: how somebody who has no password yet, or lost it, chooses one.
 *
 * What is kept of a link's secret is a digest. A link is valid until it was used, was replaced by a
 * newer one, or has expired; why one is not valid is not told, because whoever holds one that is
 * not needs a new one anyway.
 */
import { randomUUID } from 'node:crypto'
import { present } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { IdentityStoreChange, LinkRow, UserRow } from './identity-store.ts'
import { randomSecret, secretDigest } from './secret.ts'
import type { LinkPurpose } from './users.ts'

const LIFETIME_MS = 24 * 3_600_000

/** @param userId undefined for the setup of the first user, which waits for as long as it takes. */
export function makeLinkRow(
  purpose: LinkPurpose,
  userId: string | undefined,
  now: number,
): { row: LinkRow; secret: string } {
  const secret = randomSecret()
  const row: LinkRow = {
    id: randomUUID(),
    purpose,
    userId,
    digest: present(secretDigest(secret), 'our own secrets have the right form'),
    createdAt: new Date(now).toISOString(),
    expiresAt: userId === undefined ? undefined : new Date(now + LIFETIME_MS).toISOString(),
  }
  return { row, secret }
}

/**
 * The link of that secret and the user whom it is for.
 * @throws GatewayError `undefined_object` when it is not valid, or its user is disabled.
 */
export function validLink(
  records: IdentityRecords,
  secret: string,
  now: number,
): { link: LinkRow; user: UserRow | undefined } {
  const digest = secretDigest(secret)
  const link = digest && records.linkByDigest(digest)
  if (!link || (link.expiresAt !== undefined && Date.parse(link.expiresAt) <= now)) throw invalid()
  if (link.userId === undefined) {
    if (records.users.size > 0) throw invalid()
    return { link, user: undefined }
  }
  const user = records.users.get(link.userId)
  if (user?.enabled !== true) throw invalid()
  return { link, user }
}

export function endLinks(records: IdentityRecords, userId: string): IdentityStoreChange[] {
  return ended(records, (link) => link.userId === userId)
}

export function endSetupLinks(records: IdentityRecords): IdentityStoreChange[] {
  return ended(records, (link) => link.userId === undefined)
}

function ended(records: IdentityRecords, which: (link: LinkRow) => boolean): IdentityStoreChange[] {
  return [...records.links.values()]
    .filter(which)
    .map(({ id }) => ({ kind: 'remove_link', linkId: id }))
}

function invalid(): GatewayError {
  return new GatewayError('undefined_object', 'this link is not valid', {
    detail: 'It was used, or replaced by a newer one, or it has expired.',
    hint: 'Ask an administrator for a new one.',
  })
}
