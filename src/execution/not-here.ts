/** What one door does half of, and another one cannot. */
import { GatewayError } from '../base/gateway-error.ts'

/** @param why Of the hint: `It takes rows`. */
export function notHere(what: string, why: string): GatewayError {
  return new GatewayError('feature_not_supported', `${what} is not supported here`, {
    hint: `${why} over the PostgreSQL protocol alone.`,
  })
}
