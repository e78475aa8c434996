/**
 * Files on their way into tables: one directory of the gateway's, under names that nobody can guess.
 * What is in it when the gateway starts belongs to nobody, and goes.
 */
import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { chmod, mkdir, readdir, realpath, rm, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { GatewayError } from '../base/gateway-error.ts'
import { asUtf8 } from './as-utf8.ts'

export interface UploadLimits {
  /** Of one file. */
  readonly bytesMax: number
  /** Left to the rest of the gateway: an upload never takes the last of the disk. */
  readonly freeBytesMin: number
  /** An upload of which nothing arrives for so long is broken off. */
  readonly stalledMs?: number
}

const STALLED_MS = 60_000

/** The free space is looked at again after so many bytes. */
const LOOK_AGAIN_BYTES = 16 * 1024 * 1024

export class UploadStore {
  /** A realpath. */
  readonly directory: string
  readonly #limits: UploadLimits

  private constructor(directory: string, limits: UploadLimits) {
    this.directory = directory
    this.#limits = limits
  }

  /** Makes the directory, or empties it. */
  static async open(directory: string, limits: UploadLimits): Promise<UploadStore> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await chmod(directory, 0o700)
    for (const name of await readdir(directory)) {
      await rm(path.join(directory, name), { recursive: true, force: true })
    }
    return new UploadStore(await realpath(directory), limits)
  }

  /**
   * Takes a whole file in, as fast as the disk takes it.
   *
   * @param isText UTF-16 becomes UTF-8.
   * @throws GatewayError `program_limit`, `disk_full`, `cancelled` (the sender went away, or sends
   *         nothing any more) or `character_not_in_repertoire`; nothing of the file is left then.
   */
  async receive(
    body: Readable,
    options: { readonly isText: boolean; readonly announcedBytes: number | undefined },
  ): Promise<{ path: string; bytes: number }> {
    const { bytesMax, stalledMs = STALLED_MS } = this.#limits
    const announced = options.announcedBytes ?? 0
    if (announced > bytesMax) throw tooLarge(bytesMax)
    await this.#needFree(announced)
    const file = path.join(this.directory, randomBytes(32).toString('hex'))
    let bytes = 0
    let lookAt = LOOK_AGAIN_BYTES
    const needFree = this.#needFree.bind(this)
    const patience = setTimeout(() => body.destroy(stalled(stalledMs)), stalledMs).unref()
    const count = async function* (parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const part of parts) {
        patience.refresh()
        bytes += part.length
        if (bytes > bytesMax) throw tooLarge(bytesMax)
        if (bytes >= lookAt) await needFree(0)
        if (bytes >= lookAt) lookAt = bytes + LOOK_AGAIN_BYTES
        yield part
      }
    }
    const target = createWriteStream(file, { flags: 'wx', mode: 0o600 })
    try {
      if (options.isText) await pipeline(body, count, asUtf8(), target)
      else await pipeline(body, count, target)
      return { path: file, bytes }
    } catch (thrown) {
      await this.remove(file)
      throw asReceiveError(thrown)
    } finally {
      clearTimeout(patience)
    }
  }

  /** A file that is not there any more is no error. */
  async remove(file: string): Promise<void> {
    await rm(file, { force: true })
  }

  async #needFree(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.directory)
    if (bavail * bsize - bytes < this.#limits.freeBytesMin) throw diskFull()
  }
}

function asReceiveError(thrown: unknown): unknown {
  if (thrown instanceof GatewayError) return thrown
  const { code } = thrown as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(thrown)
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ABORT_ERR') {
    return new GatewayError('cancelled', 'the upload was broken off', { cause: thrown })
  }
  return thrown
}

function stalled(ms: number): GatewayError {
  return new GatewayError('cancelled', `nothing of the file arrived for ${ms / 1000} seconds`, {
    hint: 'Send it again.',
  })
}

function diskFull(cause?: unknown): GatewayError {
  return new GatewayError('disk_full', 'there is not enough space on the disk for this file', {
    hint: 'Free some space on the disk of the data directory.',
    cause,
  })
}

function tooLarge(bytesMax: number): GatewayError {
  return new GatewayError('program_limit', `a file to be loaded has at most ${bytesMax} bytes`, {
    hint: 'Split it, or raise load.sizeMax.',
  })
}
