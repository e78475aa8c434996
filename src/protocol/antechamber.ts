/** Connections that have not logged in yet: how many there may be, in all and from one address. */
export class Antechamber {
  readonly #max: number
  readonly #perAddressMax: number
  readonly #byAddress = new Map<string, number>()
  #count = 0

  constructor(max: number, perAddressMax: number) {
    this.#max = max
    this.#perAddressMax = perAddressMax
  }

  /** @returns the way out, to be called once or more, or undefined when there is no room. */
  enter(address: string): (() => void) | undefined {
    const here = this.#byAddress.get(address) ?? 0
    if (this.#count >= this.#max || here >= this.#perAddressMax) return undefined
    this.#count += 1
    this.#byAddress.set(address, here + 1)
    let left = false
    return () => {
      if (left) return
      left = true
      this.#count -= 1
      const others = (this.#byAddress.get(address) ?? 1) - 1
      if (others > 0) this.#byAddress.set(address, others)
      else this.#byAddress.delete(address)
    }
  }
}
