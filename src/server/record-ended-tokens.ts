/** Tokens that end by the clock, without anybody's act: expired, or the grace is over. */
import type { AuditLog } from '../audit/audit-log.ts'
import type { Log } from '../base/log.ts'
import type { Identity } from '../identity/identity.ts'

/**
 * From now on each such end is on record, under the client's name. Ends by an administrator's act
 * are on record with the act.
 *
 * @returns the function that stops it.
 */
export function recordEndedTokens(
  identity: Pick<Identity, 'changes' | 'clientWithId'>,
  audit: Pick<AuditLog, 'append'>,
  log: Log,
): () => void {
  return identity.changes.on((change) => {
    if (change.kind !== 'token_ended') return
    const { clientId, tokenId, reason } = change
    const client = identity.clientWithId(clientId)
    audit
      .append(
        {
          category: 'TOKEN',
          action: 'token_ended',
          outcome: 'succeeded',
          username: client?.name ?? clientId,
          clientId,
          tokenId,
          ...(client && { roleName: client.role }),
          address: 'local',
          door: 'system',
          details: reason,
          initiatedBy: 'Blue_UI_System',
          startedAt: new Date().toISOString(),
        },
        'written',
      )
      .catch((error: unknown) =>
        log.error({ error, tokenId }, 'the end of a token is not on record'),
      )
  })
}
