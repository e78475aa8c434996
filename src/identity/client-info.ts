/** A client as administrators see it: rows put together, no secret in it. */
import { present } from '../base/assert.ts'
import type { ClientInfo, TokenInfo } from './identity.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { ClientRow, TokenRow } from './identity-store.ts'
import { endOf, endTime } from './token-life.ts'
import type { TokenUses } from './token-uses.ts'

export function clientInfo(
  records: IdentityRecords,
  client: ClientRow,
  uses: TokenUses,
  now: number,
): ClientInfo {
  const { id, name, label, roleId, enabled, jobs, createdAt, allowedAddresses, limits } = client
  const current = currentToken(records, client)
  const previous = records
    .tokensOf(id)
    .find((token) => token.endsAt !== undefined && endOf(token, now) === undefined)
  const role = present(records.roles.get(roleId), 'a role that clients use cannot be dropped').name
  return {
    id,
    name,
    label,
    role,
    roleId,
    enabled,
    jobs,
    createdAt,
    allowedAddresses,
    limits,
    token: tokenInfo(current, uses),
    previousToken: previous && tokenInfo(previous, uses),
  }
}

/** The one that no regeneration has replaced; it may have expired. */
export function currentToken(records: IdentityRecords, client: ClientRow): TokenRow {
  const token = records.tokensOf(client.id).find(({ endsAt }) => endsAt === undefined)
  return present(token, 'every client has a current token')
}

function tokenInfo(token: TokenRow, uses: TokenUses): TokenInfo {
  const end = endTime(token)
  return {
    id: token.id,
    createdAt: token.createdAt,
    expiresAt: end === Infinity ? undefined : new Date(end).toISOString(),
    lastUse: uses.latest(token.id) ?? token.lastUse,
  }
}
