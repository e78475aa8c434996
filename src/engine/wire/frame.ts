/**
 * What travels between the gateway and the engine host, byte for byte.
 *
 * A frame is a length (32 bits, of what follows it), a type (8 bits), an id (32 bits) and a body,
 * all little-endian. Control bodies are JSON, because they are small and must be easy to read in a
 * trace; rows travel raw, as the door's own format, and are never looked at in between.
 *
 * Both ends are this program at one version, and no other process can open the socket pairs. So
 * lengths and types are checked (a host that a crash has confused must not confuse the gateway),
 * while the shape of a JSON body is believed.
 *
 * The id is that of a request. A `run` request's id is its portal's from then on.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import type { ErrorRecord } from '../../base/gateway-error.ts'
import type { Reply, Request } from './request.ts'

/** From the gateway to the host. */
export type GatewayFrame =
  | { readonly kind: 'request'; readonly id: number; readonly request: Request }
  /** So many more bytes of rows may be on their way. */
  | { readonly kind: 'credit'; readonly id: number; readonly bytes: number }
  /** After `suspended`: rows until the next suspension, 0 = all. */
  | { readonly kind: 'resume'; readonly id: number; readonly rowsMax: number }
  /** Stop whatever runs under this id; it fails with `cancelled`. */
  | { readonly kind: 'interrupt'; readonly id: number }
  | { readonly kind: 'ping'; readonly id: number }

/** From the host to the gateway. */
export type HostFrame =
  | { readonly kind: 'reply'; readonly id: number; readonly reply: Reply }
  /** Of a request, or of a portal after its reply: nothing more comes under this id. */
  | { readonly kind: 'failure'; readonly id: number; readonly error: ErrorRecord }
  /** Whole rows, encoded. */
  | {
      readonly kind: 'rows'
      readonly id: number
      readonly rows: number
      readonly bytes: Uint8Array
      /** The memory behind `bytes` serves nothing else: it may be freed when they are sent. */
      readonly owned: boolean
    }
  | { readonly kind: 'suspended'; readonly id: number }
  /** The end of a result. `count`: rows changed by a write. */
  | { readonly kind: 'complete'; readonly id: number; readonly count: number | undefined }
  /** The version of the committed definitions, after each change. */
  | { readonly kind: 'version'; readonly id: 0; readonly version: number }
  | { readonly kind: 'pong'; readonly id: number }

/** Bytes before the body: length, type, id. */
export const HEADER_BYTES = 9

/** Definitions of tens of thousands of tables fit; a row must fit too (`program_limit` otherwise). */
export const BODY_BYTES_MAX = 256 * 1024 * 1024

/** Of rows of one portal on their way to a gateway that does not ask for more. */
export const PORTAL_CREDIT_BYTES = 1024 * 1024

const GATEWAY_TYPE = {
  request: 1,
  credit: 2,
  resume: 3,
  interrupt: 4,
  ping: 5,
} as const satisfies Record<GatewayFrame['kind'], number>

const HOST_TYPE = {
  reply: 16,
  failure: 17,
  rows: 18,
  suspended: 19,
  complete: 20,
  version: 21,
  pong: 22,
} as const satisfies Record<HostFrame['kind'], number>

/** `complete` without a count: no write. */
const NO_COUNT = -1

/** A frame as it came: the type and body are not understood yet. */
export interface RawFrame {
  readonly type: number
  readonly id: number
  readonly body: Uint8Array
  /** The body was gathered in memory of its own. */
  readonly owned: boolean
}

/** A frame that is not one. The connection cannot go on: where the next begins is unknown. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
}

/** The bytes of a frame, to be written one after the other. */
export function encodeGatewayFrame(frame: GatewayFrame): Uint8Array[] {
  const type = GATEWAY_TYPE[frame.kind]
  switch (frame.kind) {
    case 'request':
      return [withJson(type, frame.id, frame.request)]
    case 'credit':
      return [withUint32(type, frame.id, frame.bytes)]
    case 'resume':
      return [withUint32(type, frame.id, frame.rowsMax)]
    case 'interrupt':
    case 'ping':
      return [header(type, frame.id, 0, 0)]
  }
}

/** As `encodeGatewayFrame`; the bytes of rows are handed on as they are, not copied. */
export function encodeHostFrame(frame: HostFrame): Uint8Array[] {
  const type = HOST_TYPE[frame.kind]
  switch (frame.kind) {
    case 'reply':
      return [withJson(type, frame.id, frame.reply)]
    case 'failure':
      return [withJson(type, frame.id, frame.error)]
    case 'rows': {
      const head = header(type, frame.id, 4 + frame.bytes.length, 4)
      head.writeUInt32LE(frame.rows, HEADER_BYTES)
      return [head, frame.bytes]
    }
    case 'complete': {
      const whole = header(type, frame.id, 8, 8)
      whole.writeDoubleLE(frame.count ?? NO_COUNT, HEADER_BYTES)
      return [whole]
    }
    case 'version': {
      const whole = header(type, frame.id, 8, 8)
      whole.writeDoubleLE(frame.version, HEADER_BYTES)
      return [whole]
    }
    case 'suspended':
    case 'pong':
      return [header(type, frame.id, 0, 0)]
  }
}

/** @throws FrameError for a type that gateways do not send, or a body of the wrong length. */
export function decodeGatewayFrame({ type, id, body }: RawFrame): GatewayFrame {
  switch (type) {
    case GATEWAY_TYPE.request:
      return { kind: 'request', id, request: json(body) as Request }
    case GATEWAY_TYPE.credit:
      return { kind: 'credit', id, bytes: sized(body, 4).getUint32(0, true) }
    case GATEWAY_TYPE.resume:
      return { kind: 'resume', id, rowsMax: sized(body, 4).getUint32(0, true) }
    case GATEWAY_TYPE.interrupt:
      sized(body, 0)
      return { kind: 'interrupt', id }
    case GATEWAY_TYPE.ping:
      sized(body, 0)
      return { kind: 'ping', id }
    default:
      throw new FrameError(`a gateway sends no frame of type ${type}`)
  }
}

/** @throws FrameError for a type that hosts do not send, or a body of the wrong length. */
export function decodeHostFrame({ type, id, body, owned }: RawFrame): HostFrame {
  switch (type) {
    case HOST_TYPE.reply:
      return { kind: 'reply', id, reply: json(body) as Reply }
    case HOST_TYPE.failure:
      return { kind: 'failure', id, error: json(body) as ErrorRecord }
    case HOST_TYPE.rows: {
      if (body.length < 4) throw new FrameError(`rows in a body of ${body.length} bytes`)
      const rows = viewOf(body).getUint32(0, true)
      return { kind: 'rows', id, rows, bytes: body.subarray(4), owned }
    }
    case HOST_TYPE.suspended:
      sized(body, 0)
      return { kind: 'suspended', id }
    case HOST_TYPE.complete: {
      const count = sized(body, 8).getFloat64(0, true)
      return { kind: 'complete', id, count: count === NO_COUNT ? undefined : count }
    }
    case HOST_TYPE.version:
      return { kind: 'version', id: 0, version: sized(body, 8).getFloat64(0, true) }
    case HOST_TYPE.pong:
      sized(body, 0)
      return { kind: 'pong', id }
    default:
      throw new FrameError(`a host sends no frame of type ${type}`)
  }
}

/** A header for a body of `bodyBytes`, with room after it for the first `roomBytes` of it. */
function header(type: number, id: number, bodyBytes: number, roomBytes: number): Buffer {
  if (bodyBytes > BODY_BYTES_MAX) throw new FrameError(`a body of ${bodyBytes} bytes is too long`)
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + roomBytes)
  bytes.writeUInt32LE(HEADER_BYTES - 4 + bodyBytes, 0)
  bytes.writeUInt8(type, 4)
  bytes.writeUInt32LE(id, 5)
  return bytes
}

function withUint32(type: number, id: number, value: number): Buffer {
  const whole = header(type, id, 4, 4)
  whole.writeUInt32LE(value, HEADER_BYTES)
  return whole
}

/** @throws GatewayError `program_limit` for what no frame can carry. */
function withJson(type: number, id: number, value: unknown): Buffer {
  const text = jsonText(value)
  const bodyBytes = Buffer.byteLength(text)
  if (bodyBytes > BODY_BYTES_MAX) throw tooLong()
  const whole = header(type, id, bodyBytes, bodyBytes)
  whole.write(text, HEADER_BYTES, 'utf8')
  return whole
}

function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (thrown) {
    if (thrown instanceof RangeError) throw tooLong() // longer than any string
    throw thrown
  }
}

function tooLong(): GatewayError {
  return new GatewayError('program_limit', 'the statement is too long for the engine', {
    detail: `With its parameters it may have ${BODY_BYTES_MAX} bytes as it is sent there.`,
    hint: 'Send long values in several statements, or with COPY.',
  })
}

function json(body: Uint8Array): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new FrameError(`a body of ${body.length} bytes is not JSON`, { cause })
  }
}

function sized(body: Uint8Array, byteCount: number): DataView {
  if (body.length === byteCount) return viewOf(body)
  throw new FrameError(`a body of ${body.length} bytes where ${byteCount} belong`)
}

function viewOf(body: Uint8Array): DataView {
  return new DataView(body.buffer, body.byteOffset, body.byteLength)
}
