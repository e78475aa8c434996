/** Names that a load gives to what it makes. */
import { GatewayError } from '../base/gateway-error.ts'
import { checkNewName } from './new-name.ts'

const NAME_CHARACTERS_MAX = 255

/** @throws GatewayError for a name that nothing may have. */
export function checkLoadName(name: string, what: 'table' | 'column'): void {
  checkNewName(name, what)
  if (name.trim() !== '' && name.length <= NAME_CHARACTERS_MAX) return
  throw new GatewayError(
    'invalid_parameter_value',
    `the name of a ${what} has 1 to ${NAME_CHARACTERS_MAX} characters`,
  )
}
