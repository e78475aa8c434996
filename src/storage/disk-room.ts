/** How much room is left on the disk of a directory. Asked before every write, so it looks seldom. */
import { statfsSync } from 'node:fs'

const LOOK_AGAIN_MS = 100

export class DiskRoom {
  readonly #directory: string
  readonly #clock: () => number
  #lookedAt = -Infinity
  #freeBytes = 0
  #totalBytes = 0

  constructor(directory: string, clock: () => number = Date.now) {
    this.#directory = directory
    this.#clock = clock
  }

  /** What this process may still write, in bytes; as of 100 ms ago at most. */
  get freeBytes(): number {
    this.#look()
    return this.#freeBytes
  }

  get totalBytes(): number {
    this.#look()
    return this.#totalBytes
  }

  #look(): void {
    const now = this.#clock()
    if (now - this.#lookedAt < LOOK_AGAIN_MS && now >= this.#lookedAt) return
    this.#lookedAt = now
    const { bavail, blocks, bsize } = statfsSync(this.#directory)
    this.#freeBytes = bavail * bsize
    this.#totalBytes = blocks * bsize
  }
}
