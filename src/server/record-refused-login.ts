/** A refused login as an audit event: with the true reason, which the client is not told. */
import type { AuditLog } from '../audit/audit-log.ts'
import { toGatewayError } from '../base/gateway-error.ts'
import type { LoginRefusal } from '../protocol/pgwire/pgwire-ports.ts'

export async function recordRefusedLogin(
  audit: Pick<AuditLog, 'append'>,
  { clientName, database, origin, error, startedAt }: LoginRefusal,
): Promise<void> {
  const { kind, message, cause } = toGatewayError(error)
  const reason = typeof cause === 'string' ? ` (${cause})` : ''
  await audit.append(
    {
      category: 'SESSION',
      action: 'login_refused',
      outcome: 'refused',
      username: clientName,
      address: origin.address,
      clientVersion: origin.tool,
      door: origin.door,
      details: `database ${database}${origin.tlsVersion ? `, ${origin.tlsVersion}` : ''}`,
      error: `${kind}: ${message}${reason}`,
      initiatedBy: 'External',
      startedAt: startedAt.toISOString(),
    },
    'written',
  )
}
