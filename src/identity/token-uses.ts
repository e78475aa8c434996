/**
 * Uses of tokens: known at once, summed up, written together.
 *
 * A use is recorded at every login and must cost nothing there, so at most one write a minute
 * leaves from here. What a crash takes with it is under a minute of uses.
 */
import type { Log } from '../base/log.ts'
import type { TokenUse } from './identity.ts'
import type { IdentityStore, TokenUseRow } from './identity-store.ts'
import { shown } from './role-name.ts'

const FLUSH_INTERVAL_MS = 60_000

/** Tools may call themselves something else each time: so many sums wait, then they are written. */
const UNWRITTEN_MAX = 5_000

export type DatedUse = TokenUse & { readonly at: string }

export class TokenUses {
  readonly #store: IdentityStore
  readonly #clock: () => number
  readonly #log: Log
  readonly #latest = new Map<string, DatedUse>()
  /** By token, tool and address. */
  #unwritten = new Map<string, TokenUseRow>()
  #writing: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  constructor(store: IdentityStore, clock: () => number, log: Log) {
    this.#store = store
    this.#clock = clock
    this.#log = log
  }

  record(tokenId: string, use: TokenUse): void {
    const at = new Date(this.#clock()).toISOString()
    const [address, tool] = [plain(use.address), plain(use.tool)]
    this.#latest.set(tokenId, { at, address, tool })
    this.#add({ tokenId, tool, address, firstAt: at, at, uses: 1 })
    if (this.#unwritten.size >= UNWRITTEN_MAX) void this.flush()
    else this.#wakeLater()
  }

  /** The last use since the start, if there was one. */
  latest(tokenId: string): DatedUse | undefined {
    return this.#latest.get(tokenId)
  }

  /** Never throws: what could not be written is tried again a minute later. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const run = this.#writing.then(() => this.#write())
    this.#writing = run
    return run
  }

  async #write(): Promise<void> {
    const uses = [...this.#unwritten.values()]
    if (uses.length === 0) return
    this.#unwritten = new Map()
    try {
      await this.#store.recordUses(uses)
    } catch (error) {
      for (const use of uses) this.#add(use)
      this.#wakeLater()
      this.#log.warn({ error }, 'the last uses of tokens could not be written')
    }
  }

  #add(use: TokenUseRow): void {
    const key = JSON.stringify([use.tokenId, use.tool, use.address])
    const known = this.#unwritten.get(key)
    if (!known && this.#unwritten.size >= UNWRITTEN_MAX) return // a store that fails costs uses, not memory
    this.#unwritten.set(key, known ? sumOf(known, use) : use)
  }

  #wakeLater(): void {
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_INTERVAL_MS).unref()
  }
}

function sumOf(a: TokenUseRow, b: TokenUseRow): TokenUseRow {
  return {
    ...a,
    firstAt: a.firstAt < b.firstAt ? a.firstAt : b.firstAt,
    at: a.at > b.at ? a.at : b.at,
    uses: a.uses + b.uses,
  }
}

/** Tools call themselves what they like: short, and without control characters. */
function plain(text: string): string {
  return shown(text).slice(1, -1)
}
