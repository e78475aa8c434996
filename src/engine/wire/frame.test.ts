import { expect, test } from 'vitest'
import {
  decodeGatewayFrame,
  decodeHostFrame,
  encodeGatewayFrame,
  encodeHostFrame,
  FrameError,
  HEADER_BYTES,
  type GatewayFrame,
  type HostFrame,
  type RawFrame,
} from './frame.ts'
import { FrameSplitter } from './frame-splitter.ts'

const toGateway: readonly HostFrame[] = [
  { kind: 'reply', id: 7, reply: { columns: [{ name: 'ä"', type: { kind: 'integer' } }] } },
  { kind: 'failure', id: 4294967295, error: { kind: 'cancelled', message: 'stopped' } },
  { kind: 'rows', id: 1, rows: 3, bytes: Buffer.from('abc'), owned: false },
  { kind: 'rows', id: 1, rows: 0, bytes: Buffer.alloc(0), owned: false },
  { kind: 'suspended', id: 1 },
  { kind: 'complete', id: 1, count: 9007199254740991 },
  { kind: 'complete', id: 1, count: 0 },
  { kind: 'complete', id: 1, count: undefined },
  { kind: 'version', id: 0, version: 12 },
  { kind: 'pong', id: 5 },
]

const toHost: readonly GatewayFrame[] = [
  { kind: 'request', id: 1, request: { call: 'parse', text: 'select \u{1f600}' } },
  { kind: 'credit', id: 2, bytes: 262144 },
  { kind: 'resume', id: 3, rowsMax: 0 },
  { kind: 'interrupt', id: 4 },
  { kind: 'ping', id: 5 },
]

function split(bytes: Uint8Array, chunkBytes: number): RawFrame[] {
  const splitter = new FrameSplitter()
  const frames: RawFrame[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    splitter.push(bytes.subarray(at, at + chunkBytes), (frame) => frames.push(frame))
  }
  return frames
}

test.each([1, 2, 8, 9, 10, 13, 64, 100_000])(
  'frames come out as they went in, in chunks of %i bytes',
  (chunkBytes) => {
    const fromHost = Buffer.concat(toGateway.flatMap(encodeHostFrame))
    // whether a body was gathered depends on the chunks
    const arrived = split(fromHost, chunkBytes).map((frame) => ({ ...frame, owned: false }))
    expect(arrived.map(decodeHostFrame)).toEqual(toGateway)
    const fromGateway = Buffer.concat(toHost.flatMap(encodeGatewayFrame))
    expect(split(fromGateway, chunkBytes).map(decodeGatewayFrame)).toEqual(toHost)
  },
)

test('a body is owned when it was gathered from several chunks, and only then', () => {
  const bytes = encodeHostFrame({ kind: 'reply', id: 1, reply: null })[0] ?? new Uint8Array(0)
  expect(split(bytes, 5).map(({ owned }) => owned)).toEqual([true])
  expect(split(bytes, 100).map(({ owned }) => owned)).toEqual([false])
})

test('rows are handed on without a copy', () => {
  const bytes = new Uint8Array(1000)
  expect(encodeHostFrame({ kind: 'rows', id: 1, rows: 1, bytes, owned: true })[1]).toBe(bytes)
})

test('a length beyond the bound, or shorter than a header, ends the connection', () => {
  const long = Buffer.alloc(HEADER_BYTES)
  long.writeUInt32LE(101 + HEADER_BYTES - 4, 0)
  expect(() => new FrameSplitter(100).push(long, () => undefined)).toThrow(FrameError)
  expect(() => new FrameSplitter(101).push(long, () => undefined)).not.toThrow()
  expect(() => split(Buffer.alloc(HEADER_BYTES), 100)).toThrow(FrameError)
})

test('a request that no frame can carry is refused as such', () => {
  const parameters = Array<string>(5).fill('"'.repeat(27 * 2 ** 20)) // twice as long in JSON
  const format = { kind: 'json_lines' } as const
  const statement = { session: 1, text: 'SELECT $1', catalogVersion: 1, files: [], further: [] }
  const run = { call: 'run', ...statement, action: { kind: 'read' }, format, rowsMax: 0 } as const
  const encode = (sent: readonly string[]) =>
    encodeGatewayFrame({ kind: 'request', id: 1, request: { ...run, parameters: sent } })
  expect(() => encode(parameters)).toThrow(/too long for the engine/)
  expect(encode(parameters.slice(3))).toHaveLength(1)
})

test('a type or a body that does not belong is refused', () => {
  const empty = { id: 1, body: new Uint8Array(0), owned: false }
  expect(() => decodeHostFrame({ ...empty, type: 1 })).toThrow(/no frame of type 1/)
  expect(() => decodeGatewayFrame({ ...empty, type: 16 })).toThrow(/no frame of type 16/)
  expect(() => decodeHostFrame({ ...empty, type: 18 })).toThrow(FrameError)
  expect(() => decodeHostFrame({ ...empty, type: 20 })).toThrow(FrameError)
  expect(() => decodeGatewayFrame({ ...empty, type: 2 })).toThrow(FrameError)
  expect(() => decodeHostFrame({ ...empty, type: 16, body: Buffer.from('{') })).toThrow(/not JSON/)
})
