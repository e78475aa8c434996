/** The audit's record that a transaction with writes ended, on disk before the client is told. */
import type { AuditLog } from '../audit/audit-log.ts'
import type { SessionContext } from './execution-context.ts'
import { roleNameOf } from './role-name-of.ts'
import { sessionFields } from './statement-account.ts'

export async function recordCommit(
  audit: Pick<AuditLog, 'append'>,
  context: Pick<SessionContext, 'session' | 'identity'>,
  outcome: 'committed' | 'rolled_back',
  startedAt: Date,
): Promise<void> {
  const { session, identity } = context
  await audit.append(
    {
      ...sessionFields(session, roleNameOf(identity, session.principal.roleId)),
      category: 'TRANSACTION',
      action: outcome === 'committed' ? 'transaction_committed' : 'transaction_rolled_back',
      outcome: outcome === 'committed' ? 'succeeded' : 'failed',
      startedAt: startedAt.toISOString(),
    },
    'flushed',
  )
}
