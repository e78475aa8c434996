/**
 * The anchor: what the ends of the log looked like when last written down.
 *
 * A chain cannot show that its last lines, or its first segments, were taken away whole. The
 * anchor can, as long as it is not set back together with the log; who fears that keeps it on
 * another disk, or exports heads. It is written after the lines that it names were flushed, at most
 * once a second, and replaced whole.
 */
import { readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { flushDirectory } from '../flush-directory.ts'
import type { AuditChain, ChainHead } from './audit-chain.ts'

export interface AuditAnchor {
  readonly head: ChainHead
  /** The first segment that retention has left, and the `previous` of its header. */
  readonly oldest: { readonly segment: string; readonly previous: string }
}

/** @returns undefined when there is none; `damaged` when it is not as we wrote it. */
export function readAnchor(file: string, chain: AuditChain): AuditAnchor | undefined | 'damaged' {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const [body = '', seal] = text.split('\n')
  return chain.seal(body) === seal ? (JSON.parse(body) as AuditAnchor) : 'damaged'
}

/** The one writer of the anchor: updates follow each other, and each names only what it changes. */
export class AnchorFile {
  readonly #file: string
  readonly #chain: AuditChain
  #anchor: AuditAnchor
  #writing: Promise<void> = Promise.resolve()

  constructor(file: string, chain: AuditChain, anchor: AuditAnchor) {
    this.#file = file
    this.#chain = chain
    this.#anchor = anchor
  }

  get current(): AuditAnchor {
    return this.#anchor
  }

  /** On disk when this resolves. After an error the file is the old one. */
  update(change: Partial<AuditAnchor>): Promise<void> {
    const writing = this.#writing.then(async () => {
      this.#anchor = { ...this.#anchor, ...change }
      await replaceFile(this.#file, this.#chain, this.#anchor)
    })
    this.#writing = writing.catch(() => undefined)
    return writing
  }
}

async function replaceFile(file: string, chain: AuditChain, anchor: AuditAnchor): Promise<void> {
  const body = JSON.stringify(anchor)
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(`${body}\n${chain.seal(body)}\n`)
    await handle.datasync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
  await flushDirectory(dirname(file))
}
