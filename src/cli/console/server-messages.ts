/** What the PostgreSQL door answers. Source: PostgreSQL manual, "Message Formats". */
import { ByteReader } from '../../base/byte-reader.ts'
import { GatewayError } from '../../base/gateway-error.ts'

export interface CancelKey {
  readonly processId: number
  readonly secret: number
}

/** An error or a notice. */
export interface ServerMessage {
  readonly severity: string
  /** SQLSTATE. */
  readonly code: string
  readonly message: string
  readonly detail: string | undefined
  readonly hint: string | undefined
  /** From 1, in characters of the statement. */
  readonly position: number | undefined
}

const AUTHENTICATION_OK = 0
const AUTHENTICATION_CLEARTEXT = 3

/** @throws GatewayError `feature_not_supported` for a way that no gateway asks for. */
export function decodeAuthentication(body: Uint8Array): 'ok' | 'cleartext' {
  const way = new ByteReader('Authentication', body).int32('way')
  if (way === AUTHENTICATION_OK) return 'ok'
  if (way === AUTHENTICATION_CLEARTEXT) return 'cleartext'
  throw new GatewayError('feature_not_supported', 'this is no gateway: it asks for another login')
}

export function decodeCancelKey(body: Uint8Array): CancelKey {
  const reader = new ByteReader('BackendKeyData', body)
  return { processId: reader.int32('process id'), secret: reader.int32('secret') }
}

/** Table, column number, type, size, modifier and format, which text needs nothing of. */
const COLUMN_BYTES = 18

export function decodeColumns(body: Uint8Array): string[] {
  const reader = new ByteReader('RowDescription', body)
  return Array.from({ length: reader.count16('columns', COLUMN_BYTES + 1) }, () => {
    const name = reader.cstring('name')
    reader.raw('description', COLUMN_BYTES)
    return name
  })
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

export function decodeRow(body: Uint8Array): (string | null)[] {
  const reader = new ByteReader('DataRow', body)
  return Array.from({ length: reader.count16('values', 4) }, () => {
    const bytes = reader.value('value')
    return bytes === null ? null : utf8.decode(bytes)
  })
}

export function decodeTag(body: Uint8Array): string {
  return new ByteReader('CommandComplete', body).cstring('tag')
}

export function decodeServerMessage(body: Uint8Array): ServerMessage {
  const reader = new ByteReader('ErrorResponse', body)
  const fields = new Map<string, string>()
  for (let type = reader.uint8('type'); type !== 0; type = reader.uint8('type')) {
    fields.set(String.fromCharCode(type), reader.cstring('field'))
  }
  const position = Number(fields.get('P'))
  return {
    severity: fields.get('S') ?? 'ERROR',
    code: fields.get('C') ?? 'XX000',
    message: fields.get('M') ?? 'unknown error',
    detail: fields.get('D'),
    hint: fields.get('H'),
    position: position > 0 ? position : undefined,
  }
}
