/** A flag that is a whole number, or `none` for no limit. */
import { GatewayError } from '../base/gateway-error.ts'

/** @returns null for none. @throws GatewayError `invalid_parameter_value`. */
export function countOrNone(flag: string, text: string): number | null {
  if (text === 'none') return null
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new GatewayError('invalid_parameter_value', `${flag} "${text}" is not a whole number`, {
    hint: 'Give a whole number, or none for no limit.',
  })
}
