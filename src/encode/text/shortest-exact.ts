/**
 * The shortest decimal that reads back as the same float or double: exact, and slow.
 *
 * The quick writers beside this file hand over what they cannot decide with their own precision.
 * Like PostgreSQL (and unlike JavaScript's `String`) it never gives a decimal that lies exactly half
 * way between two floats, because some readers round those the wrong way: 1e23 is
 * `9.999999999999999e+22`.
 *
 * Source: PostgreSQL, src/common/d2s.c, STRICTLY_SHORTEST.
 */

export interface Decimal {
  /** Without leading or trailing zeros. */
  readonly digits: string
  /** Of the first digit: 1 for 12.5. */
  readonly exponent: number
}

/** `value` finite and greater than 0; for 32 bits exactly a float. */
export function shortestExact(value: number, bits: 32 | 64): Decimal {
  const { mantissa, exponent, closerBelow } = decompose(value, bits)
  // Everything in quarters of a unit in the last place, as fractions over one denominator.
  const up = exponent - 2 >= 0 ? 2n ** BigInt(exponent - 2) : 1n
  const down = exponent - 2 >= 0 ? 1n : 2n ** BigInt(2 - exponent)
  const exact = mantissa * 4n * up
  const below = exact - (closerBelow ? 1n : 2n) * up
  const above = exact + 2n * up

  const first = Math.floor(Math.log10(value))
  // log10 may be off by one: starting one digit early costs one turn
  for (let last = first + 1; ; last -= 1) {
    const unit = last >= 0 ? 10n ** BigInt(last) * down : down
    const scale = last >= 0 ? 1n : 10n ** BigInt(-last)
    const count = nearest(exact * scale, unit)
    for (const candidate of [count, count - 1n, count + 1n]) {
      const scaled = candidate * unit
      if (candidate > 0n && scaled > below * scale && scaled < above * scale) {
        return decimalOf(candidate, last)
      }
    }
  }
}

/** The integer nearest to numerator / denominator; an even one when two are. */
function nearest(numerator: bigint, denominator: bigint): bigint {
  const floor = numerator / denominator
  const twice = (numerator - floor * denominator) * 2n
  if (twice > denominator || (twice === denominator && (floor & 1n) === 1n)) return floor + 1n
  return floor
}

function decimalOf(count: bigint, last: number): Decimal {
  const text = count.toString()
  return { digits: text.replace(/0+$/, ''), exponent: last + text.length - 1 }
}

interface Parts {
  /** value = mantissa · 2^exponent */
  readonly mantissa: bigint
  readonly exponent: number
  /** The neighbour below is half as far as the one above: at powers of two. */
  readonly closerBelow: boolean
}

function decompose(value: number, bits: 32 | 64): Parts {
  const view = new DataView(new ArrayBuffer(8))
  const [fractionBits, bias] = bits === 64 ? [52n, 1075] : [23n, 150]
  if (bits === 64) view.setFloat64(0, value)
  else view.setFloat32(4, value)
  const word = view.getBigUint64(0)
  const fraction = word & ((1n << fractionBits) - 1n)
  const biased = Number(word >> fractionBits)
  if (biased === 0) return { mantissa: fraction, exponent: 1 - bias, closerBelow: false }
  return {
    mantissa: fraction | (1n << fractionBits),
    exponent: biased - bias,
    closerBelow: fraction === 0n && biased > 1,
  }
}
