/** Text on its way to the engine: UTF-8, and for SQL with the zero byte that C expects. */
import { GatewayError } from '../../../base/gateway-error.ts'

/** @throws GatewayError `character_not_in_repertoire` for half a surrogate pair. */
export function utf8(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8')
  throw new GatewayError(
    'character_not_in_repertoire',
    'the text holds half a surrogate pair, which has no UTF-8 form',
  )
}

/** @throws GatewayError also for a zero character, at which C would cut the text short. */
export function zeroTerminated(text: string): Buffer {
  const bytes = utf8(`${text}\0`)
  if (bytes.indexOf(0) === bytes.length - 1) return bytes
  throw new GatewayError('character_not_in_repertoire', 'SQL cannot hold the character U+0000')
}
