/**
 * What a writer was told, and what it does not know.
 *
 * A fact that was acknowledged must hold after any kill. One that was on its way when the kill came
 * may hold or not, until it is looked at: then it is settled.
 */
export class Ledger<Value> {
  readonly #known = new Map<string, Value>()
  readonly #pending = new Map<string, Value>()

  /** Runs `act`; while it is on its way `key` may have its old or its new value. */
  async change(key: string, value: Value, act: () => Promise<unknown>): Promise<void> {
    this.#pending.set(key, value)
    await act()
    this.#known.set(key, value)
    this.#pending.delete(key)
  }

  /** @throws Error when `seen` is neither the acknowledged value nor the one on its way. */
  settle(key: string, seen: Value): void {
    const allowed = [
      this.#known.get(key),
      ...(this.#pending.has(key) ? [this.#pending.get(key)] : []),
    ]
    if (!allowed.includes(seen)) {
      throw new Error(
        `${key} is ${String(seen)}, but was acknowledged as ${allowed.map(String).join(' or ')}`,
      )
    }
    this.#pending.delete(key)
    this.#known.set(key, seen)
  }

  get(key: string): Value | undefined {
    return this.#known.get(key)
  }

  /** True while the last change of `key` was neither acknowledged nor looked at. */
  isOpen(key: string): boolean {
    return this.#pending.has(key)
  }

  keys(): string[] {
    return [...new Set([...this.#known.keys(), ...this.#pending.keys()])]
  }
}
