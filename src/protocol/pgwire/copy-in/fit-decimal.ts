/**
 * A number as the text that DECIMAL(p,s) holds: rounded to its scale as PostgreSQL rounds, half away
 * from zero, and refused where digits before the point would be lost.
 */
import { GatewayError } from '../../../base/gateway-error.ts'
import type { Numeric } from '../parameters/numeric-text.ts'

/** @throws GatewayError `numeric_value_out_of_range`. */
export function fitDecimal(
  { negative, digits, point }: Numeric,
  precision: number,
  scale: number,
): string {
  const leading = /^0*/.exec(digits)?.[0].length ?? 0
  const significant = digits.slice(leading)
  const before = point - leading
  if (/^0*$/.test(significant)) return '0'
  if (before > precision - scale) throw overflow(precision, scale)
  const kept = before + scale // of the significant digits; what is behind them rounds
  if (kept < 0) return '0'
  const whole = significant.slice(0, kept).padEnd(kept, '0')
  const up = (significant[kept] ?? '0') >= '5'
  const unscaled = BigInt(whole === '' ? '0' : whole) + (up ? 1n : 0n)
  if (unscaled >= 10n ** BigInt(precision)) throw overflow(precision, scale)
  const text = unscaled.toString().padStart(scale + 1, '0')
  const at = text.length - scale
  const sign = negative && unscaled > 0n ? '-' : ''
  return `${sign}${text.slice(0, at)}${scale === 0 ? '' : `.${text.slice(at)}`}`
}

function overflow(precision: number, scale: number): GatewayError {
  const bound = precision === scale ? '1' : `10^${precision - scale}`
  return new GatewayError('numeric_value_out_of_range', 'numeric field overflow', {
    detail:
      `A field with precision ${precision}, scale ${scale} must round to an absolute value ` +
      `less than ${bound}.`,
  })
}
