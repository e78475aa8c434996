/** Rows in the binary format. Source: PostgreSQL 15, copyfromparse.c. */
import { badCopyFormat, rowTooLong } from './copy-refusals.ts'
import type { CopyRow, CopyRows } from './copy-row.ts'
import { HeldBytes } from './held-bytes.ts'

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
const HAS_OIDS = 1 << 16
const CRITICAL_FLAGS = 0xffff_0000 & ~HAS_OIDS

export class BinaryRows implements CopyRows {
  lineNumber = 0
  readonly line = undefined
  readonly #columnCount: number
  readonly #bytesMax: number
  readonly #held = new HeldBytes()
  #state: 'signature' | 'flags' | 'extension' | 'rows' | 'row' | 'trailer' = 'signature'
  #complete = false
  /** Of the extension of the header, which nobody reads. */
  #toSkip = 0
  #values: (Buffer | null)[] = []
  #rowBytes = 0
  #begun = false

  constructor(columnCount: number, bytesMax: number) {
    this.#columnCount = columnCount
    this.#bytesMax = bytesMax
  }

  push(chunk: Buffer): void {
    this.#held.push(chunk)
  }

  complete(): void {
    this.#complete = true
  }

  next(): CopyRow | undefined {
    for (;;) {
      switch (this.#state) {
        case 'signature':
        case 'flags':
        case 'extension':
          if (!this.#header()) return undefined
          break
        case 'rows':
          if (!this.#beginRow()) return undefined
          break
        case 'row':
          if (!this.#readRow()) return undefined
          this.#state = 'rows'
          return { values: this.#values, line: undefined, count: this.#columnCount }
        case 'trailer':
          if (this.#held.length === 0) return undefined
          throw badCopyFormat('received copy data after EOF marker')
      }
    }
  }

  /** @returns false while more bytes are needed. */
  #header(): boolean {
    switch (this.#state) {
      case 'signature':
        if (!this.#has(SIGNATURE.length, 'COPY file signature not recognized')) return false
        if (!this.#held.take(SIGNATURE.length).equals(SIGNATURE)) {
          throw badCopyFormat('COPY file signature not recognized')
        }
        this.#state = 'flags'
        return true
      case 'flags': {
        if (!this.#has(4, 'invalid COPY file header (missing flags)')) return false
        const flags = this.#held.take(4).readInt32BE()
        if ((flags & HAS_OIDS) !== 0) throw badCopyFormat('invalid COPY file header (WITH OIDS)')
        if ((flags & CRITICAL_FLAGS) !== 0) {
          throw badCopyFormat('unrecognized critical flags in COPY file header')
        }
        this.#state = 'extension'
        this.#toSkip = -1
        return true
      }
      default:
        return this.#extension()
    }
  }

  #extension(): boolean {
    if (this.#toSkip < 0) {
      if (!this.#has(4, 'invalid COPY file header (missing length)')) return false
      this.#toSkip = this.#held.take(4).readInt32BE()
      if (this.#toSkip < 0) throw badCopyFormat('invalid COPY file header (missing length)')
    }
    const skipped = Math.min(this.#toSkip, this.#held.length)
    this.#held.take(skipped)
    this.#toSkip -= skipped
    if (this.#toSkip > 0 && this.#complete) {
      throw badCopyFormat('invalid COPY file header (wrong length)')
    }
    if (this.#toSkip === 0) this.#state = 'rows'
    return this.#toSkip === 0
  }

  /** The end of the bytes before the count of a row is as good an end as the trailer. */
  #beginRow(): boolean {
    if (!this.#begun) this.lineNumber += 1
    this.#begun = true
    if (this.#held.length < 2) {
      if (this.#complete) this.#held.take(this.#held.length)
      return false
    }
    const count = this.#held.take(2).readInt16BE()
    this.#begun = false
    if (count === -1) {
      this.#state = 'trailer'
      return true
    }
    if (count !== this.#columnCount) {
      throw badCopyFormat(`row field count is ${count}, expected ${this.#columnCount}`)
    }
    this.#values = []
    this.#rowBytes = 0
    this.#state = 'row'
    return true
  }

  #readRow(): boolean {
    while (this.#values.length < this.#columnCount) {
      if (!this.#has(4, 'unexpected EOF in COPY data')) return false
      const { bytes, start } = this.#held
      const length = bytes.readInt32BE(start)
      if (length < -1) throw badCopyFormat('invalid field size')
      if (length === -1) {
        this.#held.take(4)
        this.#values.push(null)
        continue
      }
      if (this.#rowBytes + length > this.#bytesMax) throw rowTooLong(this.#bytesMax)
      if (!this.#has(4 + length, 'unexpected EOF in COPY data')) return false
      this.#held.take(4)
      this.#rowBytes += length
      this.#values.push(this.#held.take(length))
    }
    return true
  }

  /** @throws GatewayError `bad_copy_file_format` when so many bytes will never be there. */
  #has(count: number, missing: string): boolean {
    if (this.#held.length >= count) return true
    if (this.#complete) throw badCopyFormat(missing)
    return false
  }
}
