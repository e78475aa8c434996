/**
 * Room for the audit on a full disk: a file that is given up when a record finds no room, so that what
 * still goes on (reads, refusals, the end of what was under way) can be put on record for a while.
 *
 * From then on nothing that changes anything may begin, or the freed room would be used up by what it
 * was not kept for. When there is room again, the file is made anew.
 */
import { open, rm, stat } from 'node:fs/promises'
import type { Log } from '../../base/log.ts'
import type { DiskRoom } from '../disk-room.ts'

const CHUNK_BYTES = 1024 * 1024
const RETRY_MS = 2_000
/** Locks, logs and temporary directories of a start. */
const START_BYTES = 4 * 1024 ** 2

export interface ReserveSettings {
  /** On the disk of the audit, and not among its segments. */
  readonly file: string
  readonly bytes: number
  /** Beside the reserve: with less than this nothing that changes anything may begin. */
  readonly keepFreeBytes: number
  readonly room: DiskRoom
}

export class AuditReserve {
  readonly #settings: ReserveSettings
  readonly #log: Log
  /** Told when there is a reserve again after there was none. */
  readonly #onRefilled: () => void
  #isThere = false
  #timer: NodeJS.Timeout | undefined

  private constructor(settings: ReserveSettings, log: Log, onRefilled: () => void) {
    this.#settings = settings
    this.#log = log
    this.#onRefilled = onRefilled
  }

  /** Makes the file where there is room; where there is none it goes on trying. */
  static async open(
    settings: ReserveSettings,
    log: Log,
    onRefilled: () => void,
  ): Promise<AuditReserve> {
    const reserve = new AuditReserve(settings, log, onRefilled)
    const known = await stat(settings.file).catch(() => undefined)
    reserve.#isThere = known?.size === settings.bytes
    if (!reserve.#isThere) await reserve.#refill()
    if (!reserve.#isThere) reserve.#retry()
    return reserve
  }

  /**
   * For a start on a full disk, before anything else is opened: gives the reserve up when there is no
   * room to start with. Readers are then served at least.
   */
  static async giveUpToStart({
    file,
    room,
  }: Pick<ReserveSettings, 'file' | 'room'>): Promise<void> {
    if (room.freeBytes >= START_BYTES) return
    await rm(file, { force: true })
  }

  /** Whether the disk is so full that nothing that changes anything may begin. */
  get isLow(): boolean {
    return !this.#isThere || this.#settings.room.freeBytes < this.#settings.keepFreeBytes
  }

  /** @returns whether there is more room now than before. */
  async release(): Promise<boolean> {
    if (!this.#isThere) return false
    this.#isThere = false
    await rm(this.#settings.file, { force: true })
    this.#log.error({}, 'the disk is full: only what changes nothing goes on')
    this.#retry()
    return true
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #retry(): void {
    this.#timer = setTimeout(() => {
      void this.#refill().then(() => {
        if (!this.#isThere) return this.#retry()
        this.#log.info({}, 'there is room on the disk again')
        this.#onRefilled()
      })
    }, RETRY_MS)
    this.#timer.unref()
  }

  /** Never throws. A file that found no room is taken away again. */
  async #refill(): Promise<void> {
    const { bytes, keepFreeBytes, room } = this.#settings
    try {
      if (room.freeBytes < bytes + keepFreeBytes) return
      const handle = await open(this.#settings.file, 'w', 0o600)
      try {
        // written, not only sized: a hole keeps no room
        const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, bytes))
        for (let at = 0; at < bytes; at += chunk.length)
          await handle.write(chunk, 0, Math.min(chunk.length, bytes - at), at)
        await handle.sync()
      } finally {
        await handle.close()
      }
      this.#isThere = true
    } catch (error) {
      this.#log.warn({ error }, 'the reserve of the audit could not be made')
      await rm(this.#settings.file, { force: true }).catch(() => undefined)
    }
  }
}
