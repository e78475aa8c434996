/** Binary strings in text: `\x0aff`, or PostgreSQL's older escape format. */
import { badText } from './refuse-parameter.ts'

const BACKSLASH = 0x5c

/** Source: PostgreSQL manual, "Binary Data Types". @throws GatewayError `invalid_text_representation`. */
export function byteaFromText(text: string): Uint8Array {
  return text.startsWith('\\x') ? fromHex(text.slice(2)) : fromEscapes(Buffer.from(text))
}

function fromHex(text: string): Uint8Array {
  const digits = text.replaceAll(/[ \n\t\r]/g, '')
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) throw badText('bytea')
  return new Uint8Array(Buffer.from(digits, 'hex'))
}

/** `\\` is a backslash, `\ooo` a byte in octal, all else stands for its UTF-8. */
function fromEscapes(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(text.length)
  let length = 0
  for (let at = 0; at < text.length; length += 1) {
    if (text[at] !== BACKSLASH) {
      bytes[length] = text[at] as number
      at += 1
    } else if (text[at + 1] === BACKSLASH) {
      bytes[length] = BACKSLASH
      at += 2
    } else {
      bytes[length] = octal(text, at + 1)
      at += 4
    }
  }
  return bytes.slice(0, length)
}

function octal(text: Uint8Array, at: number): number {
  const digits = [0, 1, 2].map((i) => (text[at + i] ?? 0) - 48)
  const [first = 0, second = 0, third = 0] = digits
  if (digits.some((digit) => digit < 0 || digit > 7) || first > 3) throw badText('bytea')
  return first * 64 + second * 8 + third
}
