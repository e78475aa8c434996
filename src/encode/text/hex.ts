const DIGITS = new Uint8Array(Buffer.from('0123456789abcdef'))

/** The low `count` hexadecimal digits of a 32-bit word, lower case. */
export function writeHex32(bytes: Uint8Array, at: number, word: number, count: number): number {
  for (let i = count - 1, rest = word; i >= 0; i -= 1, rest >>>= 4) {
    bytes[at + i] = DIGITS[rest & 15] as number
  }
  return at + count
}

/** Two digits for each byte. */
export function writeHex(bytes: Uint8Array, at: number, from: Uint8Array): number {
  let end = at
  for (let i = 0; i < from.length; i += 1, end += 2) {
    const byte = from[i] as number
    bytes[end] = DIGITS[byte >> 4] as number
    bytes[end + 1] = DIGITS[byte & 15] as number
  }
  return end
}
