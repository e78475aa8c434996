/**
 * Names of roles: ASCII letters, digits and `_ . @ -`, so that an e-mail address can be one.
 *
 * They keep their spelling and are unique without regard to case.
 */
import { GatewayError } from '../base/gateway-error.ts'

const NAME_LENGTH_MAX = 128
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/

/** Words that GRANT reads as something else. */
const RESERVED = new Set(['public', 'creator_role', 'clusteradmin', 'superuser', 'login'])

/** @throws GatewayError `invalid_parameter_value` saying what a name may be. */
export function checkRoleName(name: string): void {
  if (!NAME.test(name) || name.length > NAME_LENGTH_MAX) {
    throw new GatewayError('invalid_parameter_value', `${shown(name)} cannot name a role`, {
      field: 'name',
      hint: `A role's name has 1 to ${NAME_LENGTH_MAX} characters of A-Z, a-z, 0-9, "_", ".", "@" and "-", and starts with a letter, a digit or "_".`,
    })
  }
  if (RESERVED.has(name.toLowerCase())) {
    throw new GatewayError('invalid_parameter_value', `role name "${name}" is reserved`, {
      field: 'name',
      hint: 'Choose another name.',
    })
  }
}

/** A foreign text, short and harmless enough to be quoted in a message. */
export function shown(text: string): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?')
  return clean.length > 63 ? `"${clean.slice(0, 60)}..."` : `"${clean}"`
}
