/** Names of users: what a person would write, such as an e-mail address. */
import { GatewayError } from '../base/gateway-error.ts'
import { shown } from './role-name.ts'

const LENGTH_MAX = 255

/** Control, format, private and unassigned characters, and breaks of lines. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u

/** Names that the audit or an address gives another meaning. */
const RESERVED = new Set(['local', '.', '..'])

/** @throws GatewayError `invalid_parameter_value` saying what a name may be. */
export function checkUserName(name: string): void {
  const fits = name.length > 0 && name.length <= LENGTH_MAX && name.trim() === name
  if (!fits || UNPRINTABLE.test(name)) {
    throw new GatewayError('invalid_parameter_value', `${shown(name)} cannot name a user`, {
      field: 'name',
      hint: `A user's name has 1 to ${LENGTH_MAX} printable characters and no space at its ends: for example an e-mail address.`,
    })
  }
  if (RESERVED.has(userNameKey(name))) {
    throw new GatewayError('invalid_parameter_value', `user name "${name}" is reserved`, {
      field: 'name',
      hint: 'Choose another name.',
    })
  }
}

/** Two names with one key are the same name. */
export function userNameKey(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
