/** Numerics as text that DECIMAL(38,10) holds exactly. */
import type { GatewayError } from '../../../base/gateway-error.ts'
import { NUMERIC_PRECISION, NUMERIC_SCALE } from './parameter-type.ts'
import { badText, outOfRange } from './refuse-parameter.ts'

const NUMERIC = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?\s*$/i
const NOT_A_NUMBER = /^\s*(?:nan|[+-]?inf(?:inity)?)\s*$/i

const WHOLE_DIGITS_MAX = NUMERIC_PRECISION - NUMERIC_SCALE

/**
 * `-12.5` for any spelling of it.
 *
 * @throws GatewayError `numeric_value_out_of_range` for more digits, and for NaN and the infinities,
 *         which the engine's decimals do not have.
 */
export function numericText(text: string): string {
  return exactNumeric(readNumeric(text))
}

/** Decimal digits, possibly with zeros at both ends, and where the point stands among them. */
export interface Numeric {
  readonly negative: boolean
  readonly digits: string
  /** How many of them stand before the point; may be negative, or more than there are. */
  readonly point: number
}

/** Of any length. @throws GatewayError as `numericText` for what is no number. */
export function readNumeric(text: string): Numeric {
  const match = NUMERIC.exec(text)
  if (match === null) {
    if (NOT_A_NUMBER.test(text)) throw tooManyDigits()
    throw badText('numeric')
  }
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') throw badText('numeric')
  return {
    negative: sign === '-',
    digits: whole + fraction,
    point: whole.length + Number(exponent),
  }
}

export function exactNumeric({ negative, digits, point }: Numeric): string {
  const leading = /^0*/.exec(digits)?.[0].length ?? 0
  const significant = digits.slice(leading).replace(/0+$/, '')
  if (significant === '') return '0'
  const before = point - leading
  if (before > WHOLE_DIGITS_MAX || significant.length - before > NUMERIC_SCALE) {
    throw tooManyDigits()
  }
  const padded = significant.padEnd(before, '0').padStart(significant.length - before, '0')
  const at = Math.max(before, 0)
  const whole = at === 0 ? '0' : padded.slice(0, at)
  const fraction = padded.slice(at)
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

export function tooManyDigits(): GatewayError {
  return outOfRange(
    'numeric',
    `Numeric parameters have up to ${WHOLE_DIGITS_MAX} digits before the point and ${NUMERIC_SCALE} ` +
      'behind it. Declare the parameter as text and cast it in the statement for more.',
  )
}
