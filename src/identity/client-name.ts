/** Names of clients: PostgreSQL user names that no driver has to quote. Design, decision 7. */
import { GatewayError } from '../base/gateway-error.ts'
import { shown } from './role-name.ts'

const NAME = /^[a-z][a-z0-9_-]{0,62}$/
/** As the audit names the local administrator. */
const LOCAL = 'local'

const LABEL_LENGTH_MAX = 200

/** @throws GatewayError `invalid_parameter_value`, with a name that would do where one is near. */
export function checkClientName(name: string): void {
  if (NAME.test(name) && name !== LOCAL) return
  if (name === LOCAL) {
    throw new GatewayError('invalid_parameter_value', `client name "${name}" is reserved`, {
      hint: 'It names the local administrator in the audit. Choose another name.',
    })
  }
  const near = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 63)
  throw new GatewayError('invalid_parameter_value', `${shown(name)} cannot name a client`, {
    field: 'name',
    hint: `A client's name has 1 to 63 characters of a-z, 0-9, "_" and "-", and starts with a letter${NAME.test(near) ? `: for example "${near}"` : ''}.`,
  })
}

/** @throws GatewayError `invalid_parameter_value` for a label that is too long or not printable. */
export function checkClientLabel(label: string): void {
  if (label.length <= LABEL_LENGTH_MAX && !/\p{Cc}/u.test(label)) return
  throw new GatewayError('invalid_parameter_value', 'the label of the client cannot be used', {
    field: 'label',
    hint: `A label has up to ${LABEL_LENGTH_MAX} printable characters.`,
  })
}
