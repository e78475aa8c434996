/**
 * The fields of one line of COPY, in text and csv: strings, and NULL for what is written as NULL.
 *
 * Source: PostgreSQL 15, copyfromparse.c, CopyReadAttributesText and CopyReadAttributesCSV.
 */
import type { CopyOptions } from '../../../sql/complete-copy-options.ts'
import { badCopyFormat } from './copy-refusals.ts'
import { checkText, textOf } from './utf8.ts'

/**
 * @param line    Without its end.
 * @param keepMax Further fields are counted and not kept: their number is the client's.
 * @throws GatewayError `bad_copy_file_format`, `character_not_in_repertoire`.
 */
export type ReadFields = (line: Buffer, keepMax: number) => LineFields

export interface LineFields {
  readonly values: readonly (string | null)[]
  /** All that are there. */
  readonly count: number
}

export function fieldReader(options: CopyOptions): ReadFields {
  const { delimiter, nullText, quote } = options
  const special = (options.format === 'csv' ? quote : '\\').charCodeAt(0)
  const slow = options.format === 'csv' ? csvFields(options) : textFields(options)
  return (line, keepMax) => {
    if (line.includes(special)) return slow(line, keepMax)
    const text = textOf(line)
    const parts: (string | null)[] = text.split(delimiter, keepMax)
    for (let index = 0; index < parts.length; index += 1) {
      if (parts[index] === nullText) parts[index] = null
    }
    const kept = parts.length < keepMax ? parts.length : countOf(line, delimiter.charCodeAt(0))
    return { values: parts, count: kept }
  }
}

function countOf(line: Buffer, delimiter: number): number {
  let count = 1
  for (let at = line.indexOf(delimiter); at >= 0; at = line.indexOf(delimiter, at + 1)) count += 1
  return count
}

const BACKSLASH = 0x5c

/** What the letter behind a backslash stands for; other characters stand for themselves. */
const ESCAPES = new Uint8Array(256)
for (const [letter, value] of Object.entries({ b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 })) {
  ESCAPES[letter.charCodeAt(0)] = value
}

function textFields({ delimiter, nullText }: CopyOptions): ReadFields {
  const separator = delimiter.charCodeAt(0)
  const nullBytes = Buffer.from(nullText)
  return (line, keepMax) => {
    checkText(line) // before escapes make other bytes of it
    const values: (string | null)[] = []
    const out = Buffer.allocUnsafe(line.length)
    let count = 0
    let at = 0
    for (;;) {
      const start = at
      let length = 0
      while (at < line.length && line[at] !== separator) {
        const byte = line[at] as number
        at += 1
        if (byte !== BACKSLASH) {
          out[length] = byte
          length += 1
          continue
        }
        if (at >= line.length) break // a backslash at the end stands for nothing
        const escape = readEscape(line, at)
        out[length] = escape.byte
        length += 1
        at = escape.end
      }
      if (count < keepMax) {
        const isNull = nullBytes.equals(line.subarray(start, at))
        values.push(isNull ? null : textOf(out.subarray(0, length)))
      }
      count += 1
      if (at >= line.length) return { values, count }
      at += 1
    }
  }
}

const [ZERO, SEVEN, LOWER_X] = [0x30, 0x37, 0x78]

/** Of the escape whose backslash is just before `at`. */
function readEscape(line: Buffer, at: number): { byte: number; end: number } {
  const letter = line[at] as number
  if (letter >= ZERO && letter <= SEVEN) {
    let [value, end] = [0, at]
    while (end < at + 3 && end < line.length && isOctal(line[end] as number)) {
      value = value * 8 + (line[end] as number) - ZERO
      end += 1
    }
    return { byte: value & 0xff, end }
  }
  if (letter === LOWER_X) {
    const digits = /^[0-9a-f]{1,2}/i.exec(line.toString('latin1', at + 1, at + 3))?.[0]
    if (digits !== undefined)
      return { byte: Number.parseInt(digits, 16), end: at + 1 + digits.length }
  }
  return { byte: ESCAPES[letter] || letter, end: at + 1 }
}

function isOctal(byte: number): boolean {
  return byte >= ZERO && byte <= SEVEN
}

function csvFields(options: CopyOptions): ReadFields {
  const [separator, quote, escape] = [options.delimiter, options.quote, options.escape].map(
    (character) => character.charCodeAt(0),
  )
  const nullBytes = Buffer.from(options.nullText)
  return (line, keepMax) => {
    checkText(line)
    const values: (string | null)[] = []
    const out = Buffer.allocUnsafe(line.length)
    let count = 0
    let at = 0
    for (;;) {
      const start = at
      let length = 0
      let quoted = false
      let inQuote = false
      for (; at < line.length; at += 1) {
        const byte = line[at] as number
        if (!inQuote) {
          if (byte === separator) break
          if (byte === quote) quoted = inQuote = true
          else out[length++] = byte
          continue
        }
        const next = line[at + 1]
        if (byte === escape && (next === escape || next === quote)) {
          out[length++] = next as number
          at += 1
        } else if (byte === quote) inQuote = false
        else out[length++] = byte
      }
      if (inQuote) throw badCopyFormat('unterminated CSV quoted field')
      if (count < keepMax) {
        const isNull = !quoted && nullBytes.equals(line.subarray(start, at))
        values.push(isNull ? null : textOf(out.subarray(0, length)))
      }
      count += 1
      if (at >= line.length) return { values, count }
      at += 1
    }
  }
}
