/** DataRow messages, written again as CopyData in the formats of COPY, one message a row. */
import type { ByteWriter } from '../../base/byte-writer.ts'
import type { CopyOptions } from '../../sql/complete-copy-options.ts'
import { rowBodies } from './codec/data-row.ts'
import { beginMessage, endMessage } from './codec/message.ts'

export interface CopyWriter {
  /** What comes before the first row. */
  begin(out: ByteWriter): void
  /** @param frame whole DataRow messages. */
  rows(out: ByteWriter, frame: Uint8Array): void
  end(out: ByteWriter): void
}

export function createCopyWriter(options: CopyOptions, names: readonly string[]): CopyWriter {
  return options.format === 'binary' ? new BinaryWriter() : new TextWriter(options, names)
}

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')

class BinaryWriter implements CopyWriter {
  begin(out: ByteWriter): void {
    const message = beginMessage(out, 'd')
    out.raw(SIGNATURE)
    out.int32(0) // flags
    out.int32(0) // length of the extension
    endMessage(out, message)
  }

  /** A row of the format is the body of a DataRow: the count of fields, and each with its length. */
  rows(out: ByteWriter, frame: Uint8Array): void {
    for (const body of rowBodies(frame)) {
      const message = beginMessage(out, 'd')
      out.raw(body)
      endMessage(out, message)
    }
  }

  end(out: ByteWriter): void {
    const message = beginMessage(out, 'd')
    out.int16(-1)
    endMessage(out, message)
  }
}

const LINE_FEED = 0x0a

class TextWriter implements CopyWriter {
  readonly #options: CopyOptions
  readonly #names: readonly string[]
  readonly #delimiter: number
  readonly #null: Buffer
  readonly #write: (out: ByteWriter, value: Uint8Array, column: number) => void

  constructor(options: CopyOptions, names: readonly string[]) {
    this.#options = options
    this.#names = names
    this.#delimiter = options.delimiter.charCodeAt(0)
    this.#null = Buffer.from(options.nullText)
    this.#write = options.format === 'csv' ? csvField(options, names) : textField(options)
  }

  begin(out: ByteWriter): void {
    if (!this.#options.header) return
    this.#line(out, () => {
      for (const [column, name] of this.#names.entries()) {
        if (column > 0) out.uint8(this.#delimiter)
        this.#write(out, Buffer.from(name), column)
      }
    })
  }

  rows(out: ByteWriter, frame: Uint8Array): void {
    for (const body of rowBodies(frame)) this.#line(out, () => this.#row(out, body))
  }

  end(): void {
    // the last line is the end
  }

  #line(out: ByteWriter, write: () => void): void {
    const message = beginMessage(out, 'd')
    write()
    out.uint8(LINE_FEED)
    endMessage(out, message)
  }

  #row(out: ByteWriter, body: Buffer): void {
    const count = body.readUInt16BE(0)
    let at = 2
    for (let column = 0; column < count; column += 1) {
      if (column > 0) out.uint8(this.#delimiter)
      const length = body.readInt32BE(at)
      at += 4
      if (length < 0) out.raw(this.#null)
      else this.#write(out, body.subarray(at, at + length), column)
      at += Math.max(length, 0)
    }
  }
}

/** What follows the backslash, by byte; the others stand for themselves. */
const ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({
    '\b': 'b',
    '\f': 'f',
    '\n': 'n',
    '\r': 'r',
    '\t': 't',
    '\v': 'v',
    '\\': '\\',
  }).map(([byte, letter]) => [byte.charCodeAt(0), letter.charCodeAt(0)]),
)

function textField({ delimiter }: CopyOptions): (out: ByteWriter, value: Uint8Array) => void {
  const escapes = new Uint8Array(256)
  for (const [byte, letter] of ESCAPES) escapes[byte] = letter
  const own = delimiter.charCodeAt(0)
  if (escapes[own] === 0) escapes[own] = own
  const backslash = '\\'.charCodeAt(0)
  return (out, value) => {
    let from = 0
    for (let at = 0; at < value.length; at += 1) {
      const escape = escapes[value[at] ?? 0] ?? 0
      if (escape === 0) continue
      out.raw(value.subarray(from, at))
      out.uint8(backslash)
      out.uint8(escape)
      from = at + 1
    }
    out.raw(from === 0 ? value : value.subarray(from))
  }
}

/** Quoted where it must be, and what would be read as NULL, and the end-of-data mark. */
function csvField(
  options: CopyOptions,
  names: readonly string[],
): (out: ByteWriter, value: Uint8Array, column: number) => void {
  const { delimiter, quote, escape, nullText, forceQuote } = options
  const [quoteByte, escapeByte] = [quote.charCodeAt(0), escape.charCodeAt(0)]
  const special = new Uint8Array(256)
  for (const byte of [delimiter.charCodeAt(0), quoteByte, 0x0a, 0x0d]) special[byte] = 1
  const nullBytes = Buffer.from(nullText)
  const forced = names.map((name) => forceQuote === 'all' || forceQuote.includes(name))
  const needsQuotes = (value: Uint8Array): boolean =>
    value.some((byte) => special[byte] === 1) ||
    nullBytes.equals(value) ||
    (names.length === 1 && END_OF_DATA.equals(value))
  return (out, value, column) => {
    if (!forced[column] && !needsQuotes(value)) return out.raw(value)
    out.uint8(quoteByte)
    let from = 0
    for (let at = 0; at < value.length; at += 1) {
      if (value[at] !== quoteByte && value[at] !== escapeByte) continue
      out.raw(value.subarray(from, at))
      out.uint8(escapeByte)
      from = at
    }
    out.raw(value.subarray(from))
    out.uint8(quoteByte)
  }
}

const END_OF_DATA = Buffer.from('\\.')
