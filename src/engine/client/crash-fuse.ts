/**
 * Refuses a text that killed the engine twice, so that one statement cannot keep everybody out.
 *
 * Who killed the engine is not known, only what was running when it died. So every one of those is
 * a suspect, and one that has ended in an ordinary way since is none any more: what others run all
 * day clears itself, the killer never does. A text that is known to be guilty (it was deaf to its
 * interrupt) is the only one that counts. Kept in memory, for the life of the gateway.
 */
import { GatewayError } from '../../base/gateway-error.ts'

const DEATHS_MAX = 2

/** Texts remembered; the ones suspected longest ago are forgotten first. */
const SUSPECTS_MAX = 1000

export class CrashFuse {
  readonly #deaths = new Map<string, number>()

  /** @throws GatewayError `statement_too_complex` for a text that killed the engine twice. */
  check(text: string): void {
    if (this.#deaths.size === 0 || (this.#deaths.get(text) ?? 0) < DEATHS_MAX) return
    throw new GatewayError('statement_too_complex', 'this statement ended the engine twice', {
      detail: 'It is refused until the gateway restarts.',
      hint: 'Split it up, or let it handle less data at once.',
    })
  }

  /** The engine died while `texts` were running. */
  died(texts: Iterable<string>): void {
    for (const text of new Set(texts)) {
      const deaths = (this.#deaths.get(text) ?? 0) + 1
      this.#deaths.delete(text)
      this.#deaths.set(text, deaths)
    }
    for (const text of this.#deaths.keys()) {
      if (this.#deaths.size <= SUSPECTS_MAX) break
      this.#deaths.delete(text)
    }
  }

  /** A text came to an end that the engine survived. */
  survived(text: string): void {
    if (this.#deaths.size > 0) this.#deaths.delete(text)
  }
}
