/**
 * Encoded rows of a portal that wait to leave: they may, as far as the gateway has given credit and
 * the client has asked for rows.
 */
import type { ResultFormat } from '../../columnar/result-format.ts'
import { PORTAL_CREDIT_BYTES } from '../wire/frame.ts'
import { bytesOfRows } from './row-boundary.ts'
import type { Rows } from './task.ts'

export interface LeavingRows extends Rows {
  /** Nothing that stays behind is in the same memory. */
  readonly owned: boolean
}

export class WaitingRows {
  readonly #format: ResultFormat
  readonly #parts: Rows[] = []
  #bytes = 0
  #credit = PORTAL_CREDIT_BYTES
  #rowsLeft = Infinity
  #suspended = false

  /** @param rowsMax Rows until the first suspension; 0: all. */
  constructor(format: ResultFormat, rowsMax: number) {
    this.#format = format
    this.resume(rowsMax)
  }

  get bytes(): number {
    return this.#bytes
  }

  get isEmpty(): boolean {
    return this.#parts.length === 0
  }

  /** All rows that the client asked for have left; as in PostgreSQL also where no row would follow. */
  get isSuspended(): boolean {
    return this.#suspended
  }

  /** Lets the next `rowsMax` rows leave; 0: all. */
  resume(rowsMax: number): void {
    this.#suspended = false
    this.#rowsLeft = rowsMax === 0 ? Infinity : rowsMax
  }

  credit(bytes: number): void {
    this.#credit += bytes
  }

  add(parts: readonly Rows[]): void {
    for (const part of parts) {
      this.#parts.push(part)
      this.#bytes += part.bytes.length
    }
  }

  clear(): void {
    this.#parts.length = 0
    this.#bytes = 0
  }

  /** The next that may leave; undefined: nothing may, or nothing is there. */
  take(): LeavingRows | undefined {
    const part = this.#parts[0]
    if (this.#suspended || this.#credit <= 0 || !part) return undefined
    const rows = Math.min(part.rows, this.#rowsLeft)
    const owned = rows === part.rows
    const length = owned ? part.bytes.length : bytesOfRows(part.bytes, rows, this.#format)
    if (owned) this.#parts.shift()
    else this.#parts[0] = { bytes: part.bytes.subarray(length), rows: part.rows - rows }
    this.#bytes -= length
    this.#credit -= length
    this.#rowsLeft -= rows
    this.#suspended = this.#rowsLeft === 0
    return { bytes: part.bytes.subarray(0, length), rows, owned }
  }
}
