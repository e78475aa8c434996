/**
 * What may be a password: long, and nothing that is tried first. No rule about kinds of characters:
 * it makes passwords worse. Source: NIST SP 800-63B, section 3.1.1.
 */
import { GatewayError } from '../base/gateway-error.ts'
import { isNotorious } from './notorious-passwords.ts'
import { userNameKey } from './user-name.ts'

const LENGTH_MIN = 12
const PASSWORD_LENGTH_MAX = 1_024

/** @throws GatewayError `invalid_parameter_value` that says what is wrong; it never quotes the password. */
export function checkPassword(password: string, userName: string): void {
  if (characters(password) < LENGTH_MIN) {
    throw refused('is too short', `A password has at least ${LENGTH_MIN} characters.`)
  }
  if (password.length > PASSWORD_LENGTH_MAX) {
    throw refused('is too long', `A password has at most ${PASSWORD_LENGTH_MAX} characters.`)
  }
  if (userNameKey(password.trim()) === userNameKey(userName)) {
    throw refused('is the name of the user', 'Choose one that nobody can guess: a few words do.')
  }
  if (isNotorious(password)) {
    throw refused('is one that is tried first', 'Choose one that nobody can guess: a few words do.')
  }
}

function refused(why: string, hint: string): GatewayError {
  return new GatewayError('invalid_parameter_value', `the password ${why}`, {
    field: 'password',
    hint,
  })
}

/** As a person counts them, more or less: not as bytes, and composed ones as one. */
function characters(text: string): number {
  return text.normalize('NFKC').match(/./gsu)?.length ?? 0
}
