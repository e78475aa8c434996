/** A session's prepared statements or portals: by name, bounded in number and in bytes. */
import { GatewayError } from '../../base/gateway-error.ts'

export class NamedThings<T> {
  readonly #what: string
  readonly #countMax: number
  readonly #bytesMax: number
  readonly #things = new Map<string, { readonly thing: T; readonly bytes: number }>()
  #bytes = 0

  /** @param what In the plural, for the error. */
  constructor(what: string, countMax: number, bytesMax: number) {
    this.#what = what
    this.#countMax = countMax
    this.#bytesMax = bytesMax
  }

  get(name: string): T | undefined {
    return this.#things.get(name)?.thing
  }

  get values(): readonly T[] {
    return Array.from(this.#things.values(), ({ thing }) => thing)
  }

  /**
   * @param bytes What the thing keeps of the client's bytes.
   * @throws GatewayError `configuration_limit`; the things that were there stay.
   */
  add(name: string, thing: T, bytes: number): void {
    if (this.#things.size >= this.#countMax || this.#bytes + bytes > this.#bytesMax) {
      throw new GatewayError('configuration_limit', `too many ${this.#what} in one session`, {
        detail: `A session keeps at most ${this.#countMax}, of ${this.#bytesMax} bytes together.`,
        hint: 'Close those that are not needed, or open a new connection.',
      })
    }
    this.#things.set(name, { thing, bytes })
    this.#bytes += bytes
  }

  /** @returns the thing that was taken away. */
  remove(name: string): T | undefined {
    const entry = this.#things.get(name)
    if (!entry) return undefined
    this.#things.delete(name)
    this.#bytes -= entry.bytes
    return entry.thing
  }

  clear(): void {
    this.#things.clear()
    this.#bytes = 0
  }
}
