/**
 * Intervals as text: months, days and microseconds are kept apart, as the engine does.
 *
 * Strings and a BigInt are used here: intervals are rarely many.
 *
 * Source: PostgreSQL, src/backend/utils/adt/datetime.c, EncodeInterval.
 */

/** @param low,high The microseconds, as two words of 64 bits. */
export function spellInterval(
  months: number,
  days: number,
  low: number,
  high: number,
  style: 'postgres' | 'iso_8601',
): string {
  const micros = (BigInt(high) << 32n) | BigInt(low >>> 0)
  const parts: Parts = {
    years: Math.trunc(months / 12),
    months: months % 12,
    days,
    negativeTime: micros < 0n,
    ...clock(micros < 0n ? -micros : micros),
  }
  return style === 'postgres' ? postgres(parts) : iso8601(parts)
}

interface Parts {
  readonly years: number
  readonly months: number
  readonly days: number
  readonly negativeTime: boolean
  /** Of the time without its sign. */
  readonly hours: bigint
  readonly minutes: bigint
  readonly seconds: bigint
  /** `.5`, or nothing. */
  readonly fraction: string
}

function clock(micros: bigint): Pick<Parts, 'hours' | 'minutes' | 'seconds' | 'fraction'> {
  const seconds = micros / 1_000_000n
  const digits = String(micros % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return {
    hours: seconds / 3600n,
    minutes: (seconds / 60n) % 60n,
    seconds: seconds % 60n,
    fraction: digits === '' ? '' : `.${digits}`,
  }
}

/** `1 year 2 mons -3 days +04:05:06`: a plus only after a part that was negative. */
function postgres(parts: Parts): string {
  let text = ''
  let negativeBefore = false
  const units = [
    [parts.years, 'year'],
    [parts.months, 'mon'],
    [parts.days, 'day'],
  ] as const
  for (const [count, unit] of units) {
    if (count === 0) continue
    const plus = negativeBefore && count > 0 ? '+' : ''
    text += `${text === '' ? '' : ' '}${plus}${count} ${unit}${count === 1 ? '' : 's'}`
    negativeBefore = count < 0
  }
  const { hours, minutes, seconds, fraction, negativeTime } = parts
  const noTime = hours === 0n && minutes === 0n && seconds === 0n && fraction === ''
  if (noTime && text !== '') return text
  const sign = negativeTime ? '-' : negativeBefore ? '+' : ''
  return `${text}${text === '' ? '' : ' '}${sign}${two(hours)}:${two(minutes)}:${two(seconds)}${fraction}`
}

/** `P1Y2M3DT4H5M6.7S`, each part with its own sign; `PT0S` when all are 0. */
function iso8601(parts: Parts): string {
  const { years, months, days, hours, minutes, seconds, fraction } = parts
  const sign = parts.negativeTime ? '-' : ''
  const date =
    (years === 0 ? '' : `${years}Y`) +
    (months === 0 ? '' : `${months}M`) +
    (days === 0 ? '' : `${days}D`)
  const time =
    (hours === 0n ? '' : `${sign}${hours}H`) +
    (minutes === 0n ? '' : `${sign}${minutes}M`) +
    (seconds === 0n && fraction === '' ? '' : `${sign}${seconds}${fraction}S`)
  if (date === '' && time === '') return 'PT0S'
  return `P${date}${time === '' ? '' : `T${time}`}`
}

function two(count: bigint): string {
  return String(count).padStart(2, '0')
}
