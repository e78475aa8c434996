/**
 * Rows put aside: the rest of a result whose connection is needed for something else.
 *
 * The file is sealed record by record with AES-256-GCM under a key that is made for it, kept in
 * memory alone and never used again, so that neither a copy of the disk nor a crash leaves rows
 * readable. Where the system allows it the file has no name from its first byte on.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { GatewayError } from '../../base/gateway-error.ts'
import type { Rows, Spool, SpoolRecord } from './task.ts'

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A file under way. `finish` or `discard` it. */
export class SpoolWriter {
  readonly #path: string
  readonly #file: number
  readonly #key = randomBytes(KEY_BYTES)
  readonly #bytesMax: number
  readonly #records: SpoolRecord[] = []
  #offset = 0

  /** @throws GatewayError `io_error` when the directory takes no file. */
  constructor(directory: string, bytesMax: number) {
    this.#path = join(directory, `${randomBytes(12).toString('hex')}.spool`)
    this.#bytesMax = bytesMax
    this.#file = attempt(() => openSync(this.#path, 'wx+', 0o600))
    unlinkOpenFile(this.#path)
  }

  /**
   * @throws GatewayError `configuration_limit` beyond the bound, `disk_full` or `io_error`; what was
   *         written is of no use then.
   */
  write(part: Rows): void {
    const { bytes, rows } = part
    if (this.#offset + bytes.length + TAG_BYTES > this.#bytesMax) {
      throw new GatewayError(
        'configuration_limit',
        `an open result of more than ${this.#bytesMax} bytes cannot be put aside`,
        {
          detail: 'In a transaction that has written, only one result can stay open in the engine.',
          hint: 'Read the result to its end first, or raise limits.spoolBytesMax.',
        },
      )
    }
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce(this.#records.length))
    const sealed = [cipher.update(bytes), cipher.final(), cipher.getAuthTag()]
    for (const piece of sealed) this.#append(piece)
    this.#records.push({ offset: this.#offset, bytes: bytes.length, rows })
    this.#offset += bytes.length + TAG_BYTES
  }

  finish(): Spool {
    return { path: this.#path, file: this.#file, key: this.#key, records: this.#records }
  }

  discard(): void {
    closeSpool({ path: this.#path, file: this.#file })
  }

  #append(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;) {
      at += attempt(() => writeSync(this.#file, piece, at))
    }
  }
}

/** @throws GatewayError `io_error` when the file is not what was written. */
export function readSpool({ file, key, records }: Spool, index: number): Rows {
  const record = records[index]
  if (!record) throw new GatewayError('io_error', 'a result that was put aside has no such part')
  const sealed = new Uint8Array(record.bytes + TAG_BYTES)
  const read = attempt(() => readSync(file, sealed, 0, sealed.length, record.offset))
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(index))
  return attempt(() => {
    decipher.setAuthTag(sealed.subarray(record.bytes))
    const opened = decipher.update(sealed.subarray(0, Math.min(read, record.bytes)))
    decipher.final()
    // a copy with memory of its own, to be transferred
    return { bytes: new Uint8Array(opened), rows: record.rows }
  })
}

export function closeSpool({ path, file }: Pick<Spool, 'path' | 'file'>): void {
  closeSync(file)
  rmSync(path, { force: true })
}

/** A key is used for one file only, so that the number of the record is nonce enough. */
function nonce(record: number): Uint8Array {
  const bytes = Buffer.alloc(NONCE_BYTES)
  bytes.writeUInt32BE(record, NONCE_BYTES - 4)
  return bytes
}

/** Windows keeps the name of an open file; `closeSpool` takes it there. */
function unlinkOpenFile(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    return
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    const full = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC'
    throw new GatewayError(
      full ? 'disk_full' : 'io_error',
      full
        ? 'no space is left for a result that must be put aside'
        : 'a result could not be put aside',
      { cause },
    )
  }
}
