import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DOUBLE_BYTES_MAX, writeDouble } from './double.ts'
import { FLOAT_BYTES_MAX, writeFloat } from './float.ts'
import { writeRounded } from './rounded-float.ts'
import { shortestExact } from './shortest-exact.ts'
import { spellDecimal } from './spelling.ts'

type Write = (bytes: Uint8Array, at: number, value: number) => number

const bytes = new Uint8Array(64)
const textOf = (write: Write, value: number) =>
  Buffer.from(bytes.buffer, 0, write(bytes, 0, value)).toString('latin1')
const double = (value: number) => textOf(writeDouble, value)
const float = (value: number) => textOf(writeFloat, Math.fround(value))

/** Doubles of all sizes, and the short decimals and integers that real columns hold. */
const doubles = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc
    .tuple(fc.maxSafeInteger(), fc.integer({ min: -30, max: 30 }))
    .map(([digits, exponent]) => Number(`${digits}e${exponent}`)),
  fc.tuple(fc.integer(), fc.constantFrom(10, 100, 1000, 1e4, 1e5)).map(([a, b]) => a / b),
  fc.integer({ min: -1074, max: 1023 }).map((exponent) => 2 ** exponent),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n }).map(Number),
)

const runs = { numRuns: 3000 }

test('the text of a double reads back as the same double', () => {
  fc.assert(
    fc.property(doubles, (value) => {
      expect(Object.is(Number(double(value)), value)).toBe(true)
    }),
    runs,
  )
})

test('the text of a double is the shortest, as the exact method finds it', () => {
  fc.assert(
    fc.property(
      doubles.filter((value) => value > 0),
      (value) => {
        const { digits, exponent } = shortestExact(value, 64)
        expect(double(value)).toBe(spellDecimal(digits, exponent, 15))
      },
    ),
    runs,
  )
})

test('below 2^53, where no decimal lies exactly between two doubles, it has JavaScript’s digits', () => {
  const digitsOf = (text: string) =>
    text
      .replace(/e.*/, '')
      .replace(/\D/g, '')
      .replace(/^0+|0+$/g, '')
  fc.assert(
    fc.property(
      doubles.filter((value) => Math.abs(value) < 2 ** 53),
      (value) => {
        expect(digitsOf(double(value))).toBe(digitsOf(String(value)))
      },
    ),
    runs,
  )
})

test('PostgreSQL’s spelling: exponents from 1e15 and below 1e-4, two digits at least', () => {
  const spelled = [1e14, 1e15, 1e-4, 1e-5, 123456.789, 5e-324, -0, 1.5e300, 999999999999999.9]
  expect(spelled.map(double)).toEqual([
    '100000000000000',
    '1e+15',
    '0.0001',
    '1e-05',
    '123456.789',
    '5e-324',
    '-0',
    '1.5e+300',
    '999999999999999.9',
  ])
  expect([NaN, Infinity, -Infinity].map(double)).toEqual(['NaN', 'Infinity', '-Infinity'])
})

test('a decimal exactly between two doubles is not used', () => {
  expect(double(1e23)).toBe('9.999999999999999e+22')
  expect(double(30785422300078568)).toBe('3.0785422300078568e+16')
})

test('the longest texts stay within the room that is promised', () => {
  expect(double(-2.2250738585072014e-308)).toHaveLength(DOUBLE_BYTES_MAX)
  expect(float(-1.17549435e-38).length).toBeLessThanOrEqual(FLOAT_BYTES_MAX)
  fc.assert(
    fc.property(fc.float(), (value) => {
      expect(float(value).length).toBeLessThanOrEqual(FLOAT_BYTES_MAX)
    }),
  )
})

test('the text of a float is the shortest that reads back as the same float', () => {
  const floats = fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(1e-45) }),
    fc.integer({ min: -149, max: 127 }).map((exponent) => 2 ** exponent),
    fc.integer({ min: 1, max: 1e8 }).map((value) => Math.fround(value / 1000)),
  )
  fc.assert(
    fc.property(floats, (value) => {
      const { digits, exponent } = shortestExact(value, 32)
      expect(float(value)).toBe(spellDecimal(digits, exponent, 6))
      expect(Math.fround(Number(float(value)))).toBe(value)
    }),
    runs,
  )
})

test('with extra_float_digits of 0 and less digits are rounded as C does, a tie to the even one', () => {
  const rounded = (value: number, precision: number) =>
    textOf((out, at, x) => writeRounded(out, at, x, precision), value)
  expect(rounded(0.1 + 0.2, 15)).toBe('0.3')
  expect(rounded(123456789012344.5, 15)).toBe('123456789012344')
  expect(rounded(123456789012345.5, 15)).toBe('123456789012346')
  expect(rounded(Number('123456789012345678'), 15)).toBe('1.23456789012346e+17')
  expect(rounded(123.456, 1)).toBe('1e+02')
  expect(rounded(Math.fround(1234567), 6)).toBe('1.23457e+06')
  expect([-0, NaN, -Infinity].map((value) => rounded(value, 15))).toEqual([
    '-0',
    'NaN',
    '-Infinity',
  ])
})
