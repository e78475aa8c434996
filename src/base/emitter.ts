/**
 * A list of listeners for one kind of event.
 *
 * Listeners are called in order, synchronously; one that throws does not keep the others from
 * being called, and its error is thrown after the last one.
 */
export class Emitter<Event> {
  readonly #listeners = new Set<(event: Event) => void>()

  /** @returns the function that takes the listener away again. */
  on(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** For those to whom an event costs something to make. */
  get isHeard(): boolean {
    return this.#listeners.size > 0
  }

  emit(event: Event): void {
    let failed: { error: unknown } | undefined
    for (const listener of this.#listeners) {
      try {
        listener(event)
      } catch (error) {
        failed = { error }
      }
    }
    if (failed) throw failed.error
  }
}
