/**
 * Powers of ten to twice a double's precision, for turning doubles into digits.
 *
 * 10^n is `HIGH[n]` + `LOW[n]` with an error below 2^-106 of it; `HIGH` is also given as the exact
 * sum of two halves of at most 26 bits each (Dekker), because JavaScript has no fused multiply-add.
 */

/** The exponents of ten covered: what a product with a normal double needs, without overflow. */
export const POWER_MIN = -260
const POWER_MAX = 280

const COUNT = POWER_MAX - POWER_MIN + 1
const SPLITTER = 2 ** 27 + 1

export const HIGH = new Float64Array(COUNT)
export const LOW = new Float64Array(COUNT)
export const HIGH_UPPER = new Float64Array(COUNT)
export const HIGH_LOWER = new Float64Array(COUNT)

for (let index = 0; index < COUNT; index += 1) {
  const power = index + POWER_MIN
  const high = Number(`1e${power}`)
  HIGH[index] = high
  LOW[index] = remainder(power, high)
  const wide = high * SPLITTER
  const upper = wide - (wide - high)
  HIGH_UPPER[index] = upper
  HIGH_LOWER[index] = high - upper
}

/** `floor(log10(2^e))` by the biased exponent of a double: its decimal exponent, or one too few. */
export const DECIMAL_EXPONENT = new Int16Array(2048)
/** Half of the distance between a normal double and its neighbours, by its biased exponent. */
export const HALF_ULP = new Float64Array(2048)
for (let biased = 1; biased < 2047; biased += 1) {
  DECIMAL_EXPONENT[biased] = Math.floor((biased - 1023) * Math.LOG10E * Math.LN2)
  HALF_ULP[biased] = 2 ** (biased - 1023 - 53)
}

/** 10^power - high, correctly rounded. */
function remainder(power: number, high: number): number {
  const scratch = new DataView(new ArrayBuffer(8))
  scratch.setFloat64(0, high)
  const bits = scratch.getBigUint64(0)
  const mantissa = (bits & 0xf_ffff_ffff_ffffn) | 0x10_0000_0000_0000n
  const exponent = Number(bits >> 52n) - 1075
  // numerator / denominator = 10^power - mantissa · 2^exponent, over the common denominator
  const ten = 10n ** BigInt(Math.abs(power))
  const two = 2n ** BigInt(Math.abs(exponent))
  const [tenUp, tenDown] = power < 0 ? [1n, ten] : [ten, 1n]
  const [twoUp, twoDown] = exponent < 0 ? [1n, two] : [two, 1n]
  return quotient(tenUp * twoDown - mantissa * twoUp * tenDown, tenDown * twoDown)
}

/** numerator / denominator as a double: 70 bits of quotient, which `Number` then rounds once. */
function quotient(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0
  const magnitude = numerator < 0n ? -numerator : numerator
  const shift = 70 + bitLength(denominator) - bitLength(magnitude)
  const scaled =
    shift >= 0
      ? (magnitude << BigInt(shift)) / denominator
      : magnitude / (denominator << BigInt(-shift))
  const value = Number(scaled) * 2 ** -shift
  return numerator < 0n ? -value : value
}

function bitLength(value: bigint): number {
  return value.toString(2).length
}
