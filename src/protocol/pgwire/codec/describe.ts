/** Describe and Close: each names a prepared statement or a portal. */
import { ByteReader } from '../../../base/byte-reader.ts'
import { GatewayError } from '../../../base/gateway-error.ts'

export interface Describe {
  readonly kind: 'describe'
  readonly target: NamedTarget
}

export interface Close {
  readonly kind: 'close'
  readonly target: NamedTarget
}

export interface NamedTarget {
  readonly kind: 'statement' | 'portal'
  /** Empty for the unnamed one. */
  readonly name: string
}

export function decodeDescribe(body: Uint8Array): Describe {
  return { kind: 'describe', target: decodeTarget('Describe', body) }
}

export function decodeClose(body: Uint8Array): Close {
  return { kind: 'close', target: decodeTarget('Close', body) }
}

function decodeTarget(message: 'Describe' | 'Close', body: Uint8Array): NamedTarget {
  const reader = new ByteReader(message, body)
  const type = String.fromCharCode(reader.uint8('kind'))
  const name = reader.cstring('name')
  reader.end()
  if (type === 'S') return { kind: 'statement', name }
  if (type === 'P') return { kind: 'portal', name }
  throw new GatewayError(
    'protocol_violation',
    `${message}: kind is neither S (statement) nor P (portal)`,
  )
}
