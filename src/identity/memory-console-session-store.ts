/** Console sessions that are forgotten at the end: for tests. */
import type {
  ConsoleSessionRow,
  ConsoleSessionStore,
  ConsoleSessionTouch,
} from './console-session-store.ts'

export class MemoryConsoleSessionStore implements ConsoleSessionStore {
  readonly #rows = new Map<string, ConsoleSessionRow>()

  load(): Promise<ConsoleSessionRow[]> {
    return Promise.resolve([...this.#rows.values()])
  }

  put(row: ConsoleSessionRow): Promise<void> {
    this.#rows.set(row.id, row)
    return Promise.resolve()
  }

  touch(touches: readonly ConsoleSessionTouch[]): Promise<void> {
    for (const { id, lastSeenAt } of touches) {
      const row = this.#rows.get(id)
      if (row) this.#rows.set(id, { ...row, lastSeenAt })
    }
    return Promise.resolve()
  }

  remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#rows.delete(id)
    return Promise.resolve()
  }
}
