/** Why a login was refused, as one of a few words: a label must not hold what a client sends. */
import type { AuthenticationFailure } from '../../identity/identity.ts'

const FAILURES = {
  malformed_token: true,
  unknown_token: true,
  wrong_secret: true,
  other_client: true,
  ended_token: true,
  expired_token: true,
  disabled_client: true,
  role_without_login: true,
  address_not_allowed: true,
  throttled: true,
} as const satisfies Record<AuthenticationFailure, true>

/** @param error As the record of a refused login has it: `kind: message (reason)`. */
export function refusalReason(error: string | undefined): string {
  const reason = /\(([a-z_]+)\)$/.exec(error ?? '')?.[1]
  return reason !== undefined && Object.hasOwn(FAILURES, reason) ? reason : 'other'
}
