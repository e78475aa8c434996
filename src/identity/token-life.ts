/** When a token lives: the one place that compares its times with the clock. */
import type { TokenRow } from './identity-store.ts'

export type TokenEnd = 'regenerated' | 'expired'

/** Why the token has ended at `now` (milliseconds since 1970), or undefined while it lives. */
export function endOf(token: TokenRow, now: number): TokenEnd | undefined {
  if (token.endsAt !== undefined && Date.parse(token.endsAt) <= now) return 'regenerated'
  if (token.expiresAt !== undefined && Date.parse(token.expiresAt) <= now) return 'expired'
  return undefined
}

/** When it will end: the sooner of expiry and grace, in milliseconds since 1970, or Infinity. */
export function endTime(token: TokenRow): number {
  return Math.min(
    token.endsAt === undefined ? Infinity : Date.parse(token.endsAt),
    token.expiresAt === undefined ? Infinity : Date.parse(token.expiresAt),
  )
}
