/** Bind: a statement and its parameters' values become a portal. */
import { ByteReader } from '../../../base/byte-reader.ts'
import { GatewayError } from '../../../base/gateway-error.ts'
import type { ColumnFormat } from '../../../columnar/result-format.ts'

export interface Bind {
  readonly kind: 'bind'
  /** Empty for the unnamed portal. */
  readonly portal: string
  readonly statement: string
  /** None (all text), one for all, or one each. */
  readonly parameterFormats: readonly ColumnFormat[]
  /** Views of the message's memory; null for NULL. */
  readonly values: readonly (Uint8Array | null)[]
  readonly resultFormats: readonly ColumnFormat[]
}

/**
 * @throws GatewayError `protocol_violation` for bytes that are no Bind, for unknown format codes,
 *         and for a number of formats that fits neither none, one nor all parameters.
 */
export function decodeBind(body: Uint8Array): Bind {
  const reader = new ByteReader('Bind', body)
  const portal = reader.cstring('portal name')
  const statement = reader.cstring('statement name')
  const parameterFormats = decodeFormats(reader, 'parameter formats')
  const count = reader.count16('parameters', 4)
  const values = Array.from({ length: count }, (_, index) => reader.value(`parameter ${index + 1}`))
  const resultFormats = decodeFormats(reader, 'result formats')
  reader.end()
  if (parameterFormats.length > 1 && parameterFormats.length !== count) {
    throw new GatewayError(
      'protocol_violation',
      `bind message has ${parameterFormats.length} parameter formats but ${count} parameters`,
    )
  }
  return { kind: 'bind', portal, statement, parameterFormats, values, resultFormats }
}

/** The format of the value or column at `index`, from a list as Bind carries it. */
export function formatAt(formats: readonly ColumnFormat[], index: number): ColumnFormat {
  return (formats.length === 1 ? formats[0] : formats[index]) ?? 'text'
}

function decodeFormats(reader: ByteReader, field: string): ColumnFormat[] {
  const count = reader.count16(field, 2)
  return Array.from({ length: count }, () => {
    const code = reader.int16(field)
    if (code === 0) return 'text'
    if (code === 1) return 'binary'
    throw new GatewayError('protocol_violation', `unsupported format code: ${code}`)
  })
}
