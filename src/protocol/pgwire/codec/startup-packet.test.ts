import { expect, test } from 'vitest'
import { decodeStartupPacket } from './startup-packet.ts'

const decode = (hex: string, text = '') =>
  decodeStartupPacket(Buffer.concat([Buffer.from(hex, 'hex'), Buffer.from(text)]))

test('the three requests are told from a start-up by their codes', () => {
  expect(decode('04d2162f')).toEqual({ kind: 'ssl_request' })
  expect(decode('04d21630')).toEqual({ kind: 'gssenc_request' })
  expect(decode('04d2162e00000001ffffffff')).toEqual({
    kind: 'cancel_request',
    key: { processId: 1, secret: -1 },
  })
})

test('a start-up has parameters, and options of the protocol beside them', () => {
  expect(decode('00030002', 'user\0tableau\0_pq_.x\0on\0user\0talend\0\0')).toEqual({
    kind: 'startup',
    minorVersion: 2,
    parameters: new Map([['user', 'talend']]),
    protocolOptions: ['_pq_.x'],
  })
})

test('another major version is named', () => {
  expect(decode('00040001')).toEqual({ kind: 'unsupported_version', major: 4, minor: 1 })
})

test.each([
  ['no terminator', '00030000', 'user\0tableau\0'],
  ['bytes after the terminator', '00030000', '\0x'],
  ['a name without a value', '00030000', 'user\0'],
  ['a request with a body', '04d2162f', 'x'],
  ['a cancel without a secret', '04d2162e', '1234'],
  ['no code', '0003', ''],
])('%s is refused', (_, hex, text) => {
  expect(() => decode(hex, text)).toThrow(expect.objectContaining({ kind: 'protocol_violation' }))
})
