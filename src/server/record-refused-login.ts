/** A refused login as an audit event: with the true reason, which the client is not told. */
import type { AuditLog } from '../audit/audit-log.ts'
import { toGatewayError } from '../base/gateway-error.ts'
import { LimitError } from '../execution/admission/limit-error.ts'
import type { LoginRefusal } from '../protocol/login-refusal.ts'

export async function recordRefusedLogin(
  audit: Pick<AuditLog, 'append'>,
  { clientName, tokenId, database, origin, error, startedAt }: LoginRefusal,
): Promise<void> {
  const { kind, message, cause } = toGatewayError(error)
  const { address, tool, door, tlsVersion } = origin
  const trueReason = typeof cause === 'string' ? cause : undefined
  await audit.append(
    {
      category: 'SESSION',
      action: 'login_refused',
      outcome: 'refused',
      username: clientName,
      ...(tokenId !== undefined && { tokenId }),
      address,
      clientVersion: tool,
      door,
      ...(tlsVersion !== undefined && { tlsVersion }),
      ...(database !== undefined && {
        details: `database ${database}${tlsVersion === undefined ? '' : `, ${tlsVersion}`}`,
      }),
      error: `${kind}: ${message}${trueReason === undefined ? '' : ` (${trueReason})`}`,
      reason: trueReason ?? kind,
      ...(error instanceof LimitError && { limit: error.limit }),
      initiatedBy: 'External',
      startedAt: startedAt.toISOString(),
    },
    'written',
  )
}
