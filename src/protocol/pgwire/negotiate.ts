/**
 * From a connection's first byte to its StartupMessage: TLS or not, which version, or a cancel.
 *
 * Source: PostgreSQL manual, "Message Flow"; for what may be buffered when, CVE-2021-23222.
 */
import { isIPv6 } from 'node:net'
import type { Socket } from 'node:net'
import { GatewayError } from '../../base/gateway-error.ts'
import { peerAddress } from '../peer-address.ts'
import { decodeStartupPacket } from './codec/startup-packet.ts'
import type { StartupMessage, StartupPacket } from './codec/startup-packet.ts'
import type { CancelKey } from './codec/session-messages.ts'
import { IncomingBytes } from './incoming-bytes.ts'
import { STARTUP_PACKET_BYTES_MAX } from './pgwire-limits.ts'
import { upgradeToTls } from './upgrade-to-tls.ts'
import type { SecureContextSource } from './upgrade-to-tls.ts'

export type Negotiated =
  | {
      readonly kind: 'startup'
      readonly message: StartupMessage
      readonly line: Line
      /** Why it must not log in over this line: nothing secret may be asked for on it. */
      readonly refusal: GatewayError | undefined
    }
  | { readonly kind: 'cancel'; readonly key: CancelKey; readonly line: Line }
  /** The client went away, or asked for encryption only and got none. */
  | { readonly kind: 'gone' }

/** A socket and what was read from it. */
export interface Line {
  readonly socket: Socket
  readonly incoming: IncomingBytes
  /** Such as `TLSv1.3`; undefined for plain text. */
  readonly tlsVersion: string | undefined
}

export interface NegotiateOptions {
  readonly secureContext: SecureContextSource
  readonly allowPlaintextOnLoopback: boolean
  readonly readAheadBytesMax: number
  /** Told of each socket at once, so that an error from here on is answered in its language. */
  onLine(line: Line): void
}

/** First byte of a TLS record that carries a handshake. */
const TLS_HANDSHAKE = 0x16

/** @throws GatewayError to be told to the client with FATAL; TlsFailed. */
export async function negotiate(plain: Socket, options: NegotiateOptions): Promise<Negotiated> {
  const incoming = new IncomingBytes(options.readAheadBytesMax)
  incoming.attach(plain)
  let line: Line = { socket: plain, incoming, tlsVersion: undefined }
  options.onLine(line)

  while (incoming.firstByte === undefined) {
    if (incoming.finished) return { kind: 'gone' }
    await incoming.more()
  }
  if (incoming.firstByte === TLS_HANDSHAKE) {
    incoming.detach()
    plain.unshift(incoming.takeAll())
    line = await secured(plain, options, 'required')
  }

  let gssRefused = false
  for (;;) {
    const packet = await nextPacket(line.incoming)
    if (!packet) return { kind: 'gone' }
    switch (packet.kind) {
      case 'gssenc_request':
        if (gssRefused || line.tlsVersion !== undefined) throw unexpected('GSSENCRequest')
        gssRefused = true
        line.socket.write('N')
        continue
      case 'ssl_request':
        if (line.tlsVersion !== undefined) throw unexpected('SSLRequest')
        line = await afterSslRequest(line, options)
        continue
      case 'cancel_request':
        return { kind: 'cancel', key: packet.key, line }
      case 'unsupported_version':
        throw new GatewayError(
          'feature_not_supported',
          `unsupported frontend protocol ${packet.major}.${packet.minor}: server supports 3.0 to 3.0`,
        )
      case 'startup':
        return { kind: 'startup', message: packet, line, refusal: refusalOf(line, options) }
    }
  }
}

async function nextPacket(incoming: IncomingBytes): Promise<StartupPacket | undefined> {
  for (;;) {
    const packet = incoming.takeStartupPacket(STARTUP_PACKET_BYTES_MAX)
    if (packet) return decodeStartupPacket(packet.body)
    if (incoming.finished) return undefined
    await incoming.more()
  }
}

async function afterSslRequest(line: Line, options: NegotiateOptions): Promise<Line> {
  // Somebody in the middle may have put plain text behind the request, to be read as if it were
  // encrypted.
  if (line.incoming.bytesHeld > 0) {
    throw new GatewayError('protocol_violation', 'received unencrypted data after SSL request', {
      detail:
        'This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.',
    })
  }
  line.incoming.detach()
  line.socket.write('S')
  return await secured(line.socket, options, 'optional')
}

async function secured(
  plain: Socket,
  options: NegotiateOptions,
  alpn: 'optional' | 'required',
): Promise<Line> {
  const socket = await upgradeToTls(plain, options.secureContext(), alpn)
  const incoming = new IncomingBytes(options.readAheadBytesMax)
  incoming.attach(socket)
  const line = { socket, incoming, tlsVersion: socket.getProtocol() ?? 'TLS' }
  options.onLine(line)
  return line
}

function refusalOf(line: Line, options: NegotiateOptions): GatewayError | undefined {
  return line.tlsVersion === undefined && !mayBePlain(line.socket, options)
    ? tlsRequired()
    : undefined
}

function mayBePlain(socket: Socket, options: NegotiateOptions): boolean {
  return (
    options.allowPlaintextOnLoopback &&
    isLoopback(socket.remoteAddress) &&
    isLoopback(socket.localAddress)
  )
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false
  const plain = peerAddress(address)
  return plain === '::1' || (!isIPv6(plain) && plain.startsWith('127.'))
}

function tlsRequired(): GatewayError {
  return new GatewayError('invalid_authorization', 'TLS is required, set sslmode=require', {
    hint: 'JDBC: sslmode=require. ODBC: SSLmode=require. node-postgres: ssl. Better still: verify-full, with the CA file of this gateway.',
    cause: 'plaintext',
  })
}

function unexpected(request: string): GatewayError {
  return new GatewayError('protocol_violation', `unexpected ${request}`)
}
