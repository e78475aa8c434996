/**
 * Proves passwords of users.
 *
 * Every refusal before the proof has the same text and follows the same work; the true reason goes
 * to the audit, in `cause`.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { IdentityLedger } from './identity-ledger.ts'
import type { UserRow } from './identity-store.ts'
import { userWhoMaySignIn } from './may-sign-in.ts'
import type { PasswordHasher } from './password-hasher.ts'
import type { SignInThrottle } from './sign-in-throttle.ts'
import { userNameKey } from './user-name.ts'
import type { PasswordAttempt, ProvenUser, SignInFailure } from './users.ts'

export class PasswordSignIn {
  readonly #ledger: IdentityLedger
  readonly #hasher: PasswordHasher
  readonly #throttle: SignInThrottle

  constructor(parts: { ledger: IdentityLedger; hasher: PasswordHasher; throttle: SignInThrottle }) {
    this.#ledger = parts.ledger
    this.#hasher = parts.hasher
    this.#throttle = parts.throttle
  }

  /** @throws GatewayError as `ConsoleSignIn.provePassword`. */
  async prove({ userName, password, address }: PasswordAttempt): Promise<ProvenUser> {
    const attempt = { address, nameKey: userNameKey(userName) }
    this.#throttle.begin(attempt)
    const user = this.#ledger.records.userByName(userName)
    const obstacle = obstacleOf(user)
    const expected = obstacle === undefined ? user?.passwordHash : undefined
    const proven = await this.#hasher.matches(password, expected)
    if (!user || !proven) {
      await this.#throttle.failed(attempt)
      throw new GatewayError('invalid_password', 'the user name or the password is wrong', {
        hint: 'Check both. An administrator can send a link to choose a new password.',
        cause: obstacle ?? ('wrong_password' satisfies SignInFailure),
      })
    }
    this.#throttle.succeeded(attempt)
    userWhoMaySignIn(this.#ledger.records, user.id)
    return { userId: user.id, by: 'password' }
  }
}

function obstacleOf(user: UserRow | undefined): SignInFailure | undefined {
  if (!user) return 'unknown_user'
  if (!user.enabled) return 'disabled_user'
  return user.passwordHash === undefined ? 'no_password_yet' : undefined
}
