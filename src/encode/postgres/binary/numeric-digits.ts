/** Decimal text to the groups of four digits of a binary numeric. */
import { numericTooLong } from './not-exact.ts'

const MINUS = 0x2d
const POINT = 0x2e
const NEGATIVE = 0x4000

/** The header's numbers have 16 bits; PostgreSQL's own limit is a little lower. */
const DIGITS_BEFORE_POINT_MAX = 131_072

/**
 * @param text Optional minus, digits, and optionally a point and digits; from `start` to `end`.
 *             Memory of its own, not that of `bytes`.
 * @throws GatewayError `numeric_value_out_of_range` beyond 131,072 digits before the point.
 */
export function writeNumericText(
  bytes: Uint8Array,
  at: number,
  text: Uint8Array,
  start: number,
  end: number,
): number {
  const negative = text[start] === MINUS
  let from = negative ? start + 1 : start
  let point = text.subarray(from, end).indexOf(POINT)
  point = point === -1 ? end : from + point
  const scale = point === end ? 0 : end - point - 1
  while (from < point && text[from] === 0x30) from += 1
  if (point - from > DIGITS_BEFORE_POINT_MAX) throw numericTooLong()

  // Groups end at the point; the first may be short, the last one is filled up with zeros.
  const wholeGroups = Math.ceil((point - from) / 4)
  const fractionGroups = Math.ceil(scale / 4)
  let weight = wholeGroups - 1
  let to = at + 8
  for (let group = 0; group < wholeGroups + fractionGroups; group += 1) {
    const first =
      group < wholeGroups
        ? point - (wholeGroups - group) * 4
        : point + 1 + (group - wholeGroups) * 4
    let value = 0
    for (let i = first; i < first + 4; i += 1) {
      const outside = i < from || i >= end
      value = value * 10 + (outside ? 0 : (text[i] as number) - 48)
    }
    if (value === 0 && to === at + 8) {
      weight -= 1
      continue
    }
    bytes[to] = value >> 8
    bytes[to + 1] = value
    to += 2
  }
  while (to > at + 8 && bytes[to - 1] === 0 && bytes[to - 2] === 0) to -= 2

  const count = (to - at - 8) >> 1
  const header = [count, count === 0 ? 0 : weight, negative && count > 0 ? NEGATIVE : 0, scale]
  for (let i = 0; i < 4; i += 1) {
    const part = header[i] as number
    bytes[at + i * 2] = part >> 8
    bytes[at + i * 2 + 1] = part
  }
  return to
}
