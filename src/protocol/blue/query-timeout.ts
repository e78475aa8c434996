import { GatewayError } from '../../base/gateway-error.ts'

/** The longest time that a timer takes. */
const TIMEOUT_MS_MAX = 0x7fff_ffff

/**
 * @param seconds Of the client, in decimal digits; 0: none.
 * @param settingMs `statement_timeout` of the session; 0: none.
 * @returns the shorter one in milliseconds; 0: none.
 * @throws GatewayError `invalid_parameter_value` for a time before now.
 */
export function queryTimeoutMs(seconds: string, settingMs: number): number {
  const asked = Number(seconds) * 1000
  if (asked < 0) {
    throw new GatewayError(
      'invalid_parameter_value',
      'query_timeout is a number of seconds, from 0',
    )
  }
  const times = [asked, settingMs].filter((ms) => ms > 0)
  return times.length === 0 ? 0 : Math.min(...times, TIMEOUT_MS_MAX)
}
