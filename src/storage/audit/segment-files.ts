/** Makes segment files, and opens the last one again. */
import { open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { flushDirectory } from '../flush-directory.ts'
import type { AuditChain, ChainHead } from './audit-chain.ts'
import { segmentName, segmentPath } from './audit-segments.ts'
import type { OpenSegment } from './audit-writer.ts'

/** A segment, and the head of the chain after its last line. */
export type SegmentAtHead = OpenSegment & { readonly head: ChainHead }

export class SegmentFiles {
  readonly #directory: string
  readonly #chain: AuditChain

  constructor(directory: string, chain: AuditChain) {
    this.#directory = directory
    this.#chain = chain
  }

  /**
   * Goes on in a segment of `size` bytes.
   * @param head where the chain goes on
   * @param isGap whether that is not the segment's own last line: then a header says so, in the
   *        middle of the segment, and is on disk when this resolves.
   */
  async reopen(
    { name, day, size }: { name: string; day: string; size: number },
    head: ChainHead,
    isGap: boolean,
  ): Promise<SegmentAtHead> {
    const file = await open(segmentPath(this.#directory, name), 'r+')
    if (!isGap) return { file, day, size, head }
    return this.#writeHeader(file, day, size, head)
  }

  /** The first line of a new day; on disk when this resolves. After an error there is no file. */
  async create(day: string, head: ChainHead): Promise<SegmentAtHead> {
    const path = segmentPath(this.#directory, segmentName(day))
    const file = await open(path, 'wx', 0o600)
    try {
      const segment = await this.#writeHeader(file, day, 0, head)
      await flushDirectory(this.#directory)
      return segment
    } catch (error) {
      await file.close()
      await rm(path, { force: true })
      throw error
    }
  }

  async #writeHeader(
    file: FileHandle,
    day: string,
    at: number,
    head: ChainHead,
  ): Promise<SegmentAtHead> {
    const { line, hash } = this.#chain.header(day, head)
    const bytes = Buffer.from(line)
    for (let done = 0; done < bytes.length;) {
      done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten
    }
    await file.datasync()
    return { file, day, size: at + bytes.length, head: { sequence: head.sequence, hash } }
  }
}
