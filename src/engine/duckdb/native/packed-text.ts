/**
 * Text of the two types that the engine packs into a string's memory.
 *
 * BIT: the number of unused bits, then the bits, the unused ones in front. BIGNUM: three bytes with
 * the sign in the top bit and the length of the rest, then the magnitude, most significant byte
 * first; of a negative number every bit is flipped, so that the bytes sort as the numbers.
 */

export function bitText(packed: Uint8Array): string {
  const [unused = 0, ...bytes] = packed
  return bytes
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .slice(unused)
}

const HEADER_BYTES = 3

export function bignumText(packed: Uint8Array): string {
  const negative = ((packed[0] ?? 0) & 0x80) === 0
  const magnitude = Buffer.from(packed.subarray(HEADER_BYTES))
  if (negative) for (const [index, byte] of magnitude.entries()) magnitude[index] = ~byte
  const digits = BigInt(`0x${magnitude.toString('hex') || '0'}`).toString()
  return negative ? `-${digits}` : digits
}
