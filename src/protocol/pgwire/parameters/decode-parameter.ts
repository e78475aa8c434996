/**
 * The value of a parameter, from the text or binary format of PostgreSQL.
 *
 * What comes out is a value that the engine reads exactly, under the cast to `typeNameOfOid(oid)`.
 * The two systems write arrays, intervals, zones and years before Christ in different ways, and the
 * engine reads some of PostgreSQL's forms without complaint as something else (`0044-03-15 BC` as a
 * year after Christ): texts of such types are read here, and what is not understood is refused.
 *
 * A client that declares no type sends what the statement's own types ask for: pass the OID of the
 * inferred type then, not 0. Errors never quote a value.
 */
import { GatewayError } from '../../../base/gateway-error.ts'
import type { ParameterValue } from '../../../columnar/parameter-value.ts'
import type { ColumnFormat } from '../../../columnar/result-format.ts'
import { decodeBinary } from './decode-binary.ts'
import { decodeText } from './decode-text.ts'

export { oidOfTypeName, typeNameOfOid } from './parameter-type.ts'

/**
 * @param oid   The type that the client declared, or that of the engine's inferred type.
 * @param bytes The value as sent; null for NULL.
 * @param zone  The session's: that of a `timestamptz` in text without one.
 * @throws GatewayError `invalid_text_representation`, `invalid_binary_representation`,
 *         `invalid_datetime_format`, `numeric_value_out_of_range`, `character_not_in_repertoire`,
 *         `feature_not_supported` for a binary value of a type that is not known here.
 */
export function decodeParameter(
  oid: number,
  format: ColumnFormat,
  bytes: Uint8Array | null,
  zone: string,
): ParameterValue {
  if (bytes === null) return { kind: 'null' }
  if (format === 'binary') return decodeBinary(oid, bytes)
  return decodeText(oid, textOf(bytes), zone)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(bytes: Uint8Array): string {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch (cause) {
    throw new GatewayError('character_not_in_repertoire', 'a parameter is not valid UTF-8', {
      cause,
    })
  }
  if (!text.includes('\0')) return text
  throw new GatewayError('character_not_in_repertoire', 'a parameter holds a zero byte')
}
