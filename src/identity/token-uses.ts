/**
 * Last uses of tokens: known at once, written together.
 *
 * A use is recorded at every login and must cost nothing there, so at most one write a minute
 * leaves from here. What a crash takes with it is under a minute of last uses.
 */
import type { Log } from '../base/log.ts'
import type { TokenUse } from './identity.ts'
import type { IdentityStore } from './identity-store.ts'
import { shown } from './role-name.ts'

const FLUSH_INTERVAL_MS = 60_000

export type DatedUse = TokenUse & { readonly at: string }

export class TokenUses {
  readonly #store: IdentityStore
  readonly #clock: () => number
  readonly #log: Log
  readonly #latest = new Map<string, DatedUse>()
  readonly #unwritten = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  constructor(store: IdentityStore, clock: () => number, log: Log) {
    this.#store = store
    this.#clock = clock
    this.#log = log
  }

  record(tokenId: string, { address, tool }: TokenUse): void {
    const at = new Date(this.#clock()).toISOString()
    this.#latest.set(tokenId, { at, address: plain(address), tool: plain(tool) })
    this.#unwritten.add(tokenId)
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_INTERVAL_MS).unref()
  }

  /** The last use since the start, if there was one. */
  latest(tokenId: string): DatedUse | undefined {
    return this.#latest.get(tokenId)
  }

  /** Never throws: what could not be written is tried again a minute later. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const tokenIds = [...this.#unwritten]
    if (tokenIds.length === 0) return
    this.#unwritten.clear()
    try {
      await this.#store.recordUses(
        tokenIds.flatMap((tokenId) => {
          const use = this.#latest.get(tokenId)
          return use ? [{ tokenId, ...use }] : []
        }),
      )
    } catch (error) {
      for (const tokenId of tokenIds) this.#unwritten.add(tokenId)
      this.#timer ??= setTimeout(() => void this.flush(), FLUSH_INTERVAL_MS).unref()
      this.#log.warn({ error }, 'the last uses of tokens could not be written')
    }
  }
}

/** Tools call themselves what they like: short, and without control characters. */
function plain(text: string): string {
  return shown(text).slice(1, -1)
}
