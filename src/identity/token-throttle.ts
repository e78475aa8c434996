/**
 * Makes failed proofs slower: per address, and per token id.
 *
 * Only failures wait. A proven token is let in at once, whatever came before: 256 random bits are
 * not guessed, so waiting protects the gateway's work and its audit, not the token, and nobody can
 * lock a tool out by failing in its name or behind its address. Counts are kept per bucket of a
 * keyed hash, so that hostile addresses cannot fill the memory: two that share a bucket wait a
 * little for each other.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { RateLimiterMemory } from 'rate-limiter-flexible'

const FAILURES_FREE = 5
const WINDOW_SECONDS = 900
const DELAY_MS_FIRST = 100
const DELAY_MS_MAX = 5_000
const BUCKETS = 65_536

export class TokenThrottle {
  readonly #limiter = new RateLimiterMemory({ points: FAILURES_FREE, duration: WINDOW_SECONDS })
  readonly #key = randomBytes(32)

  /**
   * Counts one failure.
   * @returns how long its answer shall wait, in milliseconds; 0 for the first few in 15 minutes.
   */
  async failed(address: string, tokenId: string | undefined): Promise<number> {
    const sources = [`address ${networkOf(address)}`]
    if (tokenId !== undefined) sources.push(`token ${tokenId}`)
    const counts = await Promise.all(sources.map((source) => this.#count(source)))
    const excess = Math.max(...counts) - FAILURES_FREE
    return excess <= 0 ? 0 : Math.min(DELAY_MS_FIRST * 2 ** (excess - 1), DELAY_MS_MAX)
  }

  async #count(source: string): Promise<number> {
    const digest = createHmac('sha256', this.#key).update(source).digest()
    const bucket = digest.readUInt32BE(0) % BUCKETS
    const { consumedPoints } = await this.#limiter.penalty(bucket)
    return consumedPoints
  }
}

/** An IPv6 customer has a /64 at the least: counted as one. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  if (tail !== undefined) {
    const rest = tail.split(':').filter(Boolean)
    while (groups.length + rest.length < 8) groups.push('0')
    groups.push(...rest)
  }
  return groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')
}
