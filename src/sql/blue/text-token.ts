/** Tells strings of characters from those of bits. */
import type { Reading } from './reading.ts'

/** A string of characters, and not of bits. */
export function isText(reading: Reading, index: number): boolean {
  const token = reading.at(index)
  return token?.kind === 'string' && /['$eEnN]/.test(reading.text.charAt(token.start))
}
