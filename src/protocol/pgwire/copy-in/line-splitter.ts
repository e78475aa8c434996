/**
 * The lines of COPY in text and csv: where each ends, and where the data does.
 *
 * The first line's end decides what the ends of lines are; anything else that looks like one is
 * refused, because it is data that should have been escaped.
 *
 * Source: PostgreSQL 15, copyfromparse.c, CopyReadLineText.
 */
import type { CopyOptions } from '../../../sql/complete-copy-options.ts'
import { badCopyFormat, rowTooLong } from './copy-refusals.ts'
import { HeldBytes } from './held-bytes.ts'

const LF = 0x0a
const CR = 0x0d
const BACKSLASH = 0x5c
const DOT = 0x2e

/** What a look at the next bytes came to. */
type EndMark = 'not here' | 'more bytes needed' | 'end'

export class LineSplitter {
  /** Of the line that was given last, or that is being read. As PostgreSQL counts them. */
  lineNumber = 0
  readonly #csv: boolean
  readonly #quote: number
  readonly #escape: number
  readonly #bytesMax: number
  readonly #held = new HeldBytes()
  /** Bytes that must be looked at. */
  readonly #special = new Uint8Array(256)
  #ends: 'unknown' | 'lf' | 'cr' | 'crlf' = 'unknown'
  #complete = false
  #over = false
  /** From here on, counted from the first byte held, nothing was looked at. */
  #scanned = 0
  #inQuote = false
  #lastWasEscape = false
  #begun = false

  /** @param bytesMax of one line. */
  constructor({ format, quote, escape }: CopyOptions, bytesMax: number) {
    this.#csv = format === 'csv'
    this.#quote = this.#csv ? quote.charCodeAt(0) : -1
    this.#escape = this.#csv && escape !== quote ? escape.charCodeAt(0) : -1
    this.#bytesMax = bytesMax
    for (const byte of [LF, CR, BACKSLASH]) this.#special[byte] = 1
    if (this.#csv)
      for (const byte of [this.#quote, this.#escape]) if (byte >= 0) this.#special[byte] = 1
  }

  push(chunk: Buffer): void {
    if (!this.#over) this.#held.push(chunk) // what follows the end of the data does not count
  }

  /** No more bytes will come. */
  complete(): void {
    this.#complete = true
  }

  /**
   * The next line without its end; undefined while it is not whole, and after the last one.
   * @throws GatewayError `bad_copy_file_format`, `program_limit`.
   */
  next(): Buffer | undefined {
    if (this.#over) return undefined
    if (!this.#begun) {
      this.#begun = true
      this.lineNumber += 1
    }
    const line = this.#scan()
    if (line === undefined && this.#held.length > this.#bytesMax) throw rowTooLong(this.#bytesMax)
    if (line === undefined) return undefined
    if (line.length > this.#bytesMax) throw rowTooLong(this.#bytesMax)
    this.#scanned = 0
    this.#inQuote = this.#lastWasEscape = this.#begun = false
    return this.#over && line.length === 0 ? undefined : line
  }

  #scan(): Buffer | undefined {
    const { bytes, start, end } = this.#held
    for (let at = start + this.#scanned; ; at += 1) {
      at = this.#skip(bytes, at, end)
      this.#scanned = at - start
      if (at >= end) return this.#complete ? this.#last() : undefined
      const byte = bytes[at] ?? 0
      // these two cannot be judged without what follows them
      const looksAhead = byte === BACKSLASH || byte === CR
      if (looksAhead && at + 1 >= end && !this.#complete) return undefined
      if (byte === CR && !this.#inQuote) return this.#carriageReturn(at)
      if (byte === LF && !this.#inQuote) return this.#lineFeed(at)
      if (byte === BACKSLASH && (!this.#csv || at === start)) {
        const mark = this.#endMark(at)
        if (mark === 'more bytes needed') return undefined
        if (mark === 'end') return this.#endOfData(at)
        if (!this.#csv) {
          at += 1 // whatever is behind a backslash is data
          continue
        }
      }
      if (this.#csv) this.#quoting(byte)
    }
  }

  /** To the next byte that must be looked at. */
  #skip(bytes: Buffer, from: number, end: number): number {
    const special = this.#special
    let at = from
    if (!this.#lastWasEscape) {
      while (at < end && special[bytes[at] as number] === 0) at += 1
    }
    return at
  }

  #quoting(byte: number): void {
    if (this.#inQuote && byte === this.#escape) this.#lastWasEscape = !this.#lastWasEscape
    if (byte === this.#quote && !this.#lastWasEscape) this.#inQuote = !this.#inQuote
    if (byte !== this.#escape) this.#lastWasEscape = false
    if (this.#inQuote && byte === (this.#ends === 'lf' ? LF : CR)) this.lineNumber += 1
  }

  #carriageReturn(at: number): Buffer {
    const followed = at + 1 < this.#held.end && this.#held.bytes[at + 1] === LF
    if (this.#ends === 'lf' || (this.#ends === 'crlf' && !followed)) {
      throw this.#csv
        ? badCopyFormat(
            'unquoted carriage return found in data',
            'Use quoted CSV field to represent carriage return.',
          )
        : badCopyFormat(
            'literal carriage return found in data',
            'Use "\\r" to represent carriage return.',
          )
    }
    if (this.#ends === 'unknown') this.#ends = followed ? 'crlf' : 'cr'
    return this.#takeLine(at, this.#ends === 'crlf' ? 2 : 1)
  }

  #lineFeed(at: number): Buffer {
    if (this.#ends === 'cr' || this.#ends === 'crlf') {
      throw this.#csv
        ? badCopyFormat(
            'unquoted newline found in data',
            'Use quoted CSV field to represent newline.',
          )
        : badCopyFormat('literal newline found in data', 'Use "\\n" to represent newline.')
    }
    this.#ends = 'lf'
    return this.#takeLine(at, 1)
  }

  /** Whether `\.` and the end of a line stand here: in csv it may as well be a value. */
  #endMark(at: number): EndMark {
    const { bytes, end } = this.#held
    if (bytes[at + 1] !== DOT || at + 1 >= end) return 'not here'
    const missing = at + 2 + (this.#ends === 'crlf' ? 2 : 1) > end
    if (missing && !this.#complete) return 'more bytes needed'
    const [next, after] = [at + 2, at + 3].map((one) => (one < end ? bytes[one] : 0))
    if (this.#ends === 'crlf') {
      if (next === LF) return this.#notTheEnd(OTHER_NEWLINE)
      if (next !== CR) return this.#notTheEnd(CORRUPT)
      return after === LF ? 'end' : this.#notTheEnd(CORRUPT)
    }
    if (next !== CR && next !== LF) return this.#notTheEnd(CORRUPT)
    if (this.#ends !== 'unknown' && next !== (this.#ends === 'lf' ? LF : CR)) {
      throw badCopyFormat(OTHER_NEWLINE)
    }
    return 'end'
  }

  #notTheEnd(message: string): EndMark {
    if (this.#csv) return 'not here'
    throw badCopyFormat(message)
  }

  #endOfData(at: number): Buffer {
    const line = this.#held.take(at - this.#held.start)
    this.#finish()
    return line
  }

  /** What is behind the last end of a line. */
  #last(): Buffer {
    const line = this.#held.take(this.#held.length)
    this.#finish()
    return line
  }

  #takeLine(at: number, endBytes: number): Buffer {
    const line = this.#held.take(at - this.#held.start)
    this.#held.take(endBytes)
    return line
  }

  #finish(): void {
    this.#over = true
    this.#held.take(this.#held.length)
  }
}

const CORRUPT = 'end-of-copy marker corrupt'
const OTHER_NEWLINE = 'end-of-copy marker does not match previous newline style'
