/**
 * Slow digests of passwords: argon2id with the parameters that OWASP gives for it.
 *
 * Each takes 19 MiB and about 40 ms of a processor, on a thread of libuv's pool, so only a few run
 * at once and only so many wait: whoever floods the sign-in slows down sign-ins, not the gateway.
 * Source: OWASP Password Storage Cheat Sheet.
 */
import { hash, verify } from '@node-rs/argon2'
import type { Options } from '@node-rs/argon2'
import { GatewayError } from '../base/gateway-error.ts'
import { randomSecret } from './secret.ts'

const ARGON2ID: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const RUNNING_MAX = 2
const WAITING_MAX = 100

export class PasswordHasher {
  /** Of no password: verified where there is nothing to compare with, so that this takes as long. */
  readonly #ofNobody: Promise<string>
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor() {
    this.#ofNobody = hash(randomSecret(), ARGON2ID)
  }

  /** In the PHC string format. @throws GatewayError `too_many_connections` under a flood. */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(folded(password), ARGON2ID))
  }

  /** `undefined` is what nobody's password matches, found out in the same time. @throws as `hash`. */
  matches(password: string, expected: string | undefined): Promise<boolean> {
    return this.#inTurn(async () => {
      const proven = await verify(expected ?? (await this.#ofNobody), folded(password))
      return proven && expected !== undefined
    })
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= RUNNING_MAX) {
      if (this.#waiting.length >= WAITING_MAX) throw tooMany()
      await new Promise<void>((resolve) => this.#waiting.push(resolve)) // takes over a running one's place
    } else {
      this.#running += 1
    }
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }
}

/** One spelling for what keyboards write in several ways. */
function folded(password: string): string {
  return password.normalize('NFKC')
}

function tooMany(): GatewayError {
  return new GatewayError('too_many_connections', 'too many people are signing in', {
    hint: 'Try again in a moment.',
    safeToRetry: true,
  })
}
