import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writeScaled128, writeScaled64 } from './decimal.ts'
import { writeInt32, writeInt64, writePadded, writeUint64 } from './digits.ts'
import { writeInt128, writeUint128 } from './wide-integer.ts'

const bytes = new Uint8Array(64)
const written = (end: number) => Buffer.from(bytes.buffer, 0, end).toString('latin1')
const word = (value: bigint, index: number) =>
  Number(BigInt.asIntN(32, value >> BigInt(32 * index)))

/** Integers of a width, with those at which carries and limits are. */
const integers = (bits: number, signed: boolean) => {
  const [min, max] = signed
    ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]
    : [0n, 2n ** BigInt(bits) - 1n]
  const inside = (value: bigint) => value >= min && value <= max
  const powers = [0, 31, 32, 53, 63, 64, 95, 96, 127].map((power) => 2n ** BigInt(power))
  const tens = Array.from({ length: 39 }, (_, power) => 10n ** BigInt(power))
  const edges = [...powers, ...tens].flatMap((value) =>
    [value - 1n, value, value + 1n].flatMap((near) => [near, -near]),
  )
  return fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(...edges.filter(inside)))
}

/** What BigInt says, with a point. */
function scaled(value: bigint, scale: number): string {
  const sign = value < 0n ? '-' : ''
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0')
  if (scale === 0) return sign + digits
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

const runs = { numRuns: 1500 }

test('32 and 64 bits, signed and not, as BigInt writes them', () => {
  fc.assert(
    fc.property(integers(32, true), (value) => {
      expect(written(writeInt32(bytes, 0, Number(value)))).toBe(String(value))
    }),
    runs,
  )
  fc.assert(
    fc.property(integers(64, true), (value) => {
      expect(written(writeInt64(bytes, 0, word(value, 0), word(value, 1)))).toBe(String(value))
    }),
    runs,
  )
  fc.assert(
    fc.property(integers(64, false), (value) => {
      expect(written(writeUint64(bytes, 0, word(value, 0), word(value, 1)))).toBe(String(value))
    }),
    runs,
  )
})

test('128 bits, signed and not, as BigInt writes them', () => {
  const words = (value: bigint) =>
    [word(value, 0), word(value, 1), word(value, 2), word(value, 3)] as const
  fc.assert(
    fc.property(integers(128, true), (value) => {
      expect(written(writeInt128(bytes, 0, ...words(value)))).toBe(String(value))
    }),
    runs,
  )
  fc.assert(
    fc.property(integers(128, false), (value) => {
      expect(written(writeUint128(bytes, 0, ...words(value)))).toBe(String(value))
    }),
    runs,
  )
})

test('decimals of every scale have all their digits', () => {
  fc.assert(
    fc.property(integers(64, true), fc.integer({ min: 0, max: 18 }), (value, scale) => {
      const end = writeScaled64(bytes, 0, word(value, 0), word(value, 1), scale)
      expect(written(end)).toBe(scaled(value, scale))
    }),
    runs,
  )
  fc.assert(
    fc.property(integers(128, true), fc.integer({ min: 0, max: 38 }), (value, scale) => {
      const words = [word(value, 0), word(value, 1), word(value, 2), word(value, 3)] as const
      expect(written(writeScaled128(bytes, 0, ...words, scale))).toBe(scaled(value, scale))
    }),
    runs,
  )
})

test('padding with zeros keeps up to 15 digits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 15 }), fc.maxSafeInteger(), (digits, any) => {
      const value = Math.abs(any) % 10 ** digits
      expect(written(writePadded(bytes, 0, value, digits))).toBe(
        String(value).padStart(digits, '0'),
      )
    }),
    runs,
  )
})
