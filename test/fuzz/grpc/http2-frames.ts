/** Frames of HTTP/2, RFC 9113, as a client that keeps no rule writes them. */
import type { Random } from '../random.ts'
import { bentMessage, varint } from './bent-message.ts'

const FRAME = {
  DATA: 0,
  HEADERS: 1,
  RST_STREAM: 3,
  SETTINGS: 4,
  PING: 6,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const

const END_STREAM = 1
const END_HEADERS = 4

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const SERVICE = '/com.sqream.cloud.generated.v1.'
const PATHS = [
  `${SERVICE}AuthenticationService/Auth`,
  `${SERVICE}AuthenticationService/Session`,
  `${SERVICE}AuthenticationService/RefreshToken`,
  `${SERVICE}QueryHandlerService/Compile`,
  `${SERVICE}QueryHandlerService/Execute`,
  `${SERVICE}QueryHandlerService/Status`,
  `${SERVICE}QueryHandlerService/Fetch`,
  `${SERVICE}QueryHandlerService/CloseStatement`,
  `${SERVICE}QueryHandlerService/CloseSession`,
  `${SERVICE}QueryHandlerService/Cancel`,
  `${SERVICE}Nothing/Nothing`,
  '/',
] as const

const CANCEL = new Uint8Array([0, 0, 0, 8])

export const ATTACKS = [
  'bent calls',
  'noise',
  'rapid reset',
  'open streams',
  'SETTINGS',
  'PING',
  'CONTINUATION',
  'giant headers',
  'bad HPACK',
  'WINDOW_UPDATE',
  'empty DATA',
  'no preface',
] as const
type Attack = (typeof ATTACKS)[number]

interface AttackContext {
  readonly random: Random
  /** Of the attacker: it has proven itself, and its calls are let in. Undefined: a stranger. */
  readonly bearer: string | undefined
  readonly ids: readonly [string, ...string[]]
}

/** What one connection sends: about `count` frames. */
export function attackBytes(attack: Attack, count: number, context: AttackContext): Buffer {
  const { random } = context
  const frames: Buffer[] = [PREFACE, frame(FRAME.SETTINGS, 0, 0)]
  if (attack === 'no preface') return random.bytes(count * 9)
  if (attack === 'CONTINUATION') frames.push(frame(FRAME.HEADERS, 0, 1, requestHeaders(context)))
  for (let k = 0; k < count; k += 1) frames.push(...framesOf(attack, 2 * k + 1, context))
  return Buffer.concat(frames)
}

function framesOf(attack: Attack, stream: number, context: AttackContext): Buffer[] {
  const { random, ids } = context
  const headers = (): Buffer => frame(FRAME.HEADERS, END_HEADERS, stream, requestHeaders(context))
  switch (attack) {
    case 'bent calls':
      return [headers(), frame(FRAME.DATA, END_STREAM, stream, grpcMessage(random, ids))]
    case 'noise':
      return [
        frame(random.below(12), random.below(256), random.below(9), random.bytes(random.below(64))),
      ]
    case 'rapid reset':
      return [headers(), frame(FRAME.RST_STREAM, 0, stream, CANCEL)]
    case 'open streams':
      return [headers()]
    case 'SETTINGS':
      return [frame(FRAME.SETTINGS, 0, 0, Buffer.from([0, random.below(9), ...random.bytes(4)]))]
    case 'PING':
      return [frame(FRAME.PING, 0, 0, random.bytes(8))]
    case 'CONTINUATION':
      return [frame(FRAME.CONTINUATION, 0, 1, literal('x', 'y'.repeat(900)))]
    case 'giant headers': {
      const block = Buffer.concat([requestHeaders(context), literal('x', 'y'.repeat(15_000))])
      return [frame(FRAME.HEADERS, END_HEADERS, stream, block)]
    }
    case 'bad HPACK':
      return [frame(FRAME.HEADERS, END_HEADERS, stream, random.bytes(random.between(1, 60)))]
    case 'WINDOW_UPDATE':
      return [frame(FRAME.WINDOW_UPDATE, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff]))]
    case 'empty DATA':
      return [...(stream === 1 ? [headers()] : []), frame(FRAME.DATA, 0, 1)]
    default:
      return []
  }
}

function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = new Uint8Array(),
) {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** The five bytes before a message may lie, too. */
function grpcMessage(random: Random, ids: readonly [string, ...string[]]): Buffer {
  const message = bentMessage(random, ids)
  const head = Buffer.alloc(5)
  head.writeUInt8(random.onceIn(10) ? random.below(256) : 0)
  head.writeUInt32BE(random.onceIn(10) ? random.below(2 ** 32) : message.length, 1)
  return Buffer.concat([head, message])
}

function requestHeaders({ random, bearer }: AttackContext): Buffer {
  return Buffer.concat([
    literal(':method', random.onceIn(20) ? 'GET' : 'POST'),
    literal(':scheme', 'https'),
    literal(':path', random.pick(PATHS)),
    literal(':authority', 'localhost'),
    literal('content-type', random.onceIn(20) ? 'text/html' : 'application/grpc'),
    literal('te', 'trailers'),
    ...(random.onceIn(20) ? [literal('grpc-timeout', random.pick(['1n', '99999999H', 'x']))] : []),
    ...(random.onceIn(20) ? [literal('grpc-encoding', random.pick(['gzip', 'x']))] : []),
    ...(bearer === undefined ? [] : [literal('authorization', `Bearer ${bearer}`)]),
  ])
}

/** HPACK, RFC 7541, 6.2.2: a name and a value as they are, for no table. */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), text(name), text(value)])
}

function text(value: string): Buffer {
  const length =
    value.length < 127
      ? Buffer.from([value.length])
      : Buffer.concat([Buffer.from([127]), varint(value.length - 127)])
  return Buffer.concat([length, Buffer.from(value)])
}
