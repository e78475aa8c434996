/**
 * Bounds how often passwords can be guessed.
 *
 * One address may fail ten times in 15 minutes in one user's name, and sixty times in all: then it
 * is refused before anything is compared. Nobody is locked out from elsewhere: what foreign
 * addresses do in a user's name only makes the answers to further failures later.
 * Source: OWASP Authentication Cheat Sheet, "Login Throttling".
 */
import { GatewayError } from '../base/gateway-error.ts'
import { plainAddress } from './address-list.ts'
import { AttemptCounter } from './attempt-counter.ts'
import type { Delays } from './delays.ts'
import { TokenThrottle, networkOf } from './token-throttle.ts'

const WINDOW_MS = 15 * 60_000
const FAILURES_MAX = 10
const FAILURES_PER_ADDRESS_MAX = 60

export interface SignInAttempt {
  readonly address: string
  /** Folded: `userNameKey`. */
  readonly nameKey: string
}

export class SignInThrottle {
  readonly #attempts: AttemptCounter
  readonly #names = new TokenThrottle()
  readonly #delays: Delays

  constructor(clock: () => number, delays: Delays) {
    this.#attempts = new AttemptCounter(WINDOW_MS, clock)
    this.#delays = delays
  }

  /**
   * Counts the attempt as a failure until it has `succeeded`, so that many at once gain nothing.
   * @throws GatewayError `too_many_attempts`.
   */
  begin(attempt: SignInAttempt): void {
    const [pair, address] = sourcesOf(attempt)
    const full =
      this.#attempts.count(pair) >= FAILURES_MAX
        ? pair
        : this.#attempts.count(address) >= FAILURES_PER_ADDRESS_MAX
          ? address
          : undefined
    if (full !== undefined) throw tooMany(this.#attempts.remainingMs(full))
    this.#attempts.add(pair)
    this.#attempts.add(address)
  }

  succeeded(attempt: SignInAttempt): void {
    const [pair, address] = sourcesOf(attempt)
    this.#attempts.forget(pair)
    this.#attempts.takeBack(address)
  }

  /** Resolves when the answer to a failure may leave. */
  async failed({ address, nameKey }: SignInAttempt): Promise<void> {
    await this.#delays.wait(await this.#names.failed(plainAddress(address), `user ${nameKey}`))
  }
}

function sourcesOf({ address, nameKey }: SignInAttempt): [pair: string, address: string] {
  const network = networkOf(plainAddress(address))
  return [`${network} ${nameKey}`, network]
}

function tooMany(waitMs: number): GatewayError {
  const minutes = Math.max(Math.ceil(waitMs / 60_000), 1)
  return new GatewayError('too_many_attempts', 'too many failed sign-ins from this address', {
    hint: `Wait ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} and try again. A forgotten password is replaced by an administrator.`,
    cause: 'throttled',
  })
}
