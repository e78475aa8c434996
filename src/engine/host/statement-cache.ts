/**
 * Prepared statements of one connection, by their text: the least recently used one goes first.
 *
 * All are of one version of the definitions. The engine would bind an old one anew and find other
 * objects under the names that the gate checked, so at another version all of them go.
 */
import type { StatementHandle } from './task.ts'

/** A plan takes tens of kilobytes; drivers cycle through fewer texts than this on one connection. */
const STATEMENTS_MAX = 32

export class StatementCache {
  readonly #handles = new Map<string, StatementHandle>()
  readonly #drop: (handle: StatementHandle) => void
  #version: number | undefined

  constructor(drop: (handle: StatementHandle) => void) {
    this.#drop = drop
  }

  find(text: string, version: number): StatementHandle | undefined {
    if (version !== this.#version) {
      this.clear()
      this.#version = version
      return undefined
    }
    const handle = this.#handles.get(text)
    if (handle) {
      this.#handles.delete(text)
      this.#handles.set(text, handle)
    }
    return handle
  }

  keep(text: string, version: number, handle: StatementHandle): void {
    if (this.find(text, version)?.number === handle.number) return
    this.#handles.set(text, handle)
    for (const [oldest, stale] of this.#handles) {
      if (this.#handles.size <= STATEMENTS_MAX) break
      this.#handles.delete(oldest)
      this.#drop(stale)
    }
  }

  /** A statement that failed is not kept: its next run starts from its text. */
  remove(text: string): void {
    const handle = this.#handles.get(text)
    if (!handle) return
    this.#handles.delete(text)
    this.#drop(handle)
  }

  clear(): void {
    for (const handle of this.#handles.values()) this.#drop(handle)
    this.#handles.clear()
  }
}
