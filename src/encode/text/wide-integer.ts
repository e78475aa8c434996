/** Unsigned 128-bit integers as digits. */
import { writeEight, writeInt64, writeUint31, writeUint64, MINUS } from './digits.ts'

/** The longest: a sign and 39 digits. */
export const INT128_BYTES_MAX = 40

const groups = new Int32Array(5)
const limbs = new Float64Array(8)

/** 128 bits without a sign, lowest word first. */
export function writeUint128(
  bytes: Uint8Array,
  at: number,
  word0: number,
  word1: number,
  word2: number,
  word3: number,
): number {
  if (word2 === 0 && word3 === 0) return writeUint64(bytes, at, word0, word1)
  split(0, word3)
  split(2, word2)
  split(4, word1)
  split(6, word0)
  // Eight digits at a time from the end; 2^128 has 39, so at most five groups.
  let count = 0
  let first = 0
  while (first < 8) {
    let remainder = 0
    for (let i = first; i < 8; i += 1) {
      const value = remainder * 0x1_0000 + (limbs[i] as number)
      const quotient = Math.floor(value / 1e8)
      limbs[i] = quotient
      remainder = value - quotient * 1e8
    }
    groups[count] = remainder
    count += 1
    while (first < 8 && limbs[first] === 0) first += 1
  }
  let end = writeUint31(bytes, at, groups[count - 1] as number)
  for (let group = count - 2; group >= 0; group -= 1) {
    end = writeEight(bytes, end, groups[group] as number)
  }
  return end
}

/** 128 bits in two's complement, lowest word first. */
export function writeInt128(
  bytes: Uint8Array,
  at: number,
  word0: number,
  word1: number,
  word2: number,
  word3: number,
): number {
  const sign = word1 >> 31
  if (word2 === sign && word3 === sign) return writeInt64(bytes, at, word0, word1)
  if (word3 >= 0) return writeUint128(bytes, at, word0, word1, word2, word3)
  bytes[at] = MINUS
  const carry0 = word0 === 0 ? 1 : 0
  const carry1 = carry0 === 1 && word1 === 0 ? 1 : 0
  const carry2 = carry1 === 1 && word2 === 0 ? 1 : 0
  return writeUint128(
    bytes,
    at + 1,
    -word0 | 0,
    (~word1 + carry0) | 0,
    (~word2 + carry1) | 0,
    (~word3 + carry2) | 0,
  )
}

function split(at: number, word: number): void {
  limbs[at] = word >>> 16
  limbs[at + 1] = word & 0xffff
}
