/** A refused proof of who somebody is, as an audit event: with the true reason, which they are not told. */
import { toGatewayError } from '../../base/gateway-error.ts'
import type { ApiParts } from './api-parts.ts'
import { withoutToken } from '../claimed-text.ts'
import type { RequestOrigin } from './request-origin.ts'

export interface Refusal {
  readonly action: 'login_refused' | 'sign_in_refused'
  /** As claimed. */
  readonly username: string
  /** Of the access token that was sent, where it looked like one. */
  readonly tokenId?: string | undefined
  readonly thrown: unknown
  readonly startedAt: Date
}

/** Resolves when it is written. */
export async function recordRefusal(
  { audit }: Pick<ApiParts, 'audit'>,
  { address, door, tool }: RequestOrigin,
  { action, username, tokenId, thrown, startedAt }: Refusal,
): Promise<void> {
  const { kind, message, cause } = toGatewayError(thrown)
  const trueReason = typeof cause === 'string' ? cause : undefined
  await audit.append(
    {
      category: 'SESSION',
      action,
      outcome: 'refused',
      username: withoutToken(username),
      ...(tokenId !== undefined && { tokenId }),
      address,
      clientVersion: tool,
      door,
      error: `${kind}: ${message}${trueReason === undefined ? '' : ` (${trueReason})`}`,
      reason: trueReason ?? kind,
      initiatedBy: action === 'login_refused' ? 'External' : 'Blue_UI_User',
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
    },
    'written',
  )
}
