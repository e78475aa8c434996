/**
 * The first packets of a connection, which have a length but no type byte.
 *
 * Source: PostgreSQL manual, "Message Flow", "Start-up" to "Canceling Requests in Progress".
 */
import { ByteReader } from '../../../base/byte-reader.ts'
import type { CancelKey } from './session-messages.ts'

export type StartupPacket =
  | { readonly kind: 'ssl_request' }
  | { readonly kind: 'gssenc_request' }
  | { readonly kind: 'cancel_request'; readonly key: CancelKey }
  | StartupMessage
  | { readonly kind: 'unsupported_version'; readonly major: number; readonly minor: number }

export interface StartupMessage {
  readonly kind: 'startup'
  readonly minorVersion: number
  /** In the order in which they came; a repeated name has its last value. */
  readonly parameters: ReadonlyMap<string, string>
  /** Names that begin with `_pq_.`: options of the protocol, none of which is known here. */
  readonly protocolOptions: readonly string[]
}

const SSL_REQUEST = 80_877_103
const GSSENC_REQUEST = 80_877_104
const CANCEL_REQUEST = 80_877_102
const MAJOR_VERSION = 3

/**
 * @param body The packet after its length.
 * @throws GatewayError `protocol_violation`, `character_not_in_repertoire`.
 */
export function decodeStartupPacket(body: Uint8Array): StartupPacket {
  const reader = new ByteReader('StartupMessage', body)
  const code = reader.uint32('protocol version')
  switch (code) {
    case SSL_REQUEST:
      reader.end()
      return { kind: 'ssl_request' }
    case GSSENC_REQUEST:
      reader.end()
      return { kind: 'gssenc_request' }
    case CANCEL_REQUEST: {
      const key = { processId: reader.int32('process id'), secret: reader.int32('secret key') }
      reader.end()
      return { kind: 'cancel_request', key }
    }
  }
  const [major, minor] = [code >>> 16, code & 0xffff]
  if (major !== MAJOR_VERSION) return { kind: 'unsupported_version', major, minor }
  return decodeParameters(reader, minor)
}

function decodeParameters(reader: ByteReader, minorVersion: number): StartupMessage {
  const parameters = new Map<string, string>()
  const protocolOptions: string[] = []
  for (;;) {
    const name = reader.cstring('parameter name')
    if (name === '') break
    const value = reader.cstring('parameter value')
    if (name.startsWith('_pq_.')) protocolOptions.push(name)
    else parameters.set(name, value)
  }
  reader.end()
  return { kind: 'startup', minorVersion, parameters, protocolOptions }
}
