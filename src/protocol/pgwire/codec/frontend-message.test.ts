import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GatewayError } from '../../../base/gateway-error.ts'
import { encodeLine } from '../../../../test/fixtures/pgwire-client.ts'
import { decodePasswordMessage } from './authentication.ts'
import { decodeFrontendMessage, kindOfType } from './frontend-message.ts'
import type { FrontendMessage } from './frontend-message.ts'
import { decodeStartupPacket } from './startup-packet.ts'

function decode(line: string): FrontendMessage {
  const bytes = encodeLine(line)
  const kind = kindOfType(bytes[0] ?? 0)
  if (!kind) throw new Error('no such type')
  expect(bytes.readInt32BE(1)).toBe(bytes.length - 1)
  return decodeFrontendMessage(kind, bytes.subarray(5))
}

test.each<[string, FrontendMessage]>([
  ['Query SELECT 1', { kind: 'query', text: 'SELECT 1' }],
  ['Query ', { kind: 'query', text: '' }],
  [
    'Parse {"name":"é","text":"SELECT $1","oids":[23,0]}',
    { kind: 'parse', name: 'é', text: 'SELECT $1', parameterOids: [23, 0] },
  ],
  [
    'Bind {"portal":"p","statement":"s","formats":[0,1],"values":["a",null],"results":[1]}',
    {
      kind: 'bind',
      portal: 'p',
      statement: 's',
      parameterFormats: ['text', 'binary'],
      values: [Buffer.from('a'), null],
      resultFormats: ['binary'],
    },
  ],
  ['Describe {"portal":"p"}', { kind: 'describe', target: { kind: 'portal', name: 'p' } }],
  ['Close {"statement":""}', { kind: 'close', target: { kind: 'statement', name: '' } }],
  ['Execute {"portal":"p","rows":5}', { kind: 'execute', portal: 'p', rowsMax: 5 }],
  ['Execute {"portal":"p","rows":-5}', { kind: 'execute', portal: 'p', rowsMax: 0 }],
  ['Sync', { kind: 'sync' }],
  ['Flush', { kind: 'flush' }],
  ['Terminate', { kind: 'terminate' }],
  ['FunctionCall', { kind: 'function_call' }],
])('%s', (line, message) => {
  expect(decode(line)).toEqual(message)
})

test('an OID above 2^31 is not negative', () => {
  expect(decode('Parse {"text":"","oids":[-1]}')).toMatchObject({ parameterOids: [0xffff_ffff] })
})

test.each([
  ['a text without an end', 'query', '61'],
  ['bytes after the text', 'query', '610061'],
  ['more parameters than bytes', 'bind', '0000' + '0000' + 'ffff' + '00000000'],
  ['a parameter longer than the message', 'bind', '0000' + '0000' + '0001' + '7fffffff' + '0000'],
  ['a parameter of negative length', 'bind', '0000' + '0000' + '0001' + 'fffffffe' + '0000'],
  ['a format code that nobody knows', 'bind', '0000' + '0001' + '0007' + '0000' + '0000'],
  ['two formats for one parameter', 'bind', '00000002000000000001ffffffff0000'],
  ['a target that is neither S nor P', 'describe', '5800'],
  ['a row limit that is cut short', 'execute', '00000000'],
  ['a body where there is none', 'sync', '00'],
] as const)('%s is refused', (_, kind, hex) => {
  expect(() => decodeFrontendMessage(kind, Buffer.from(hex, 'hex'))).toThrow(GatewayError)
})

test('text that is not UTF-8 is refused as such', () => {
  expect(() => decodeFrontendMessage('query', Buffer.from('c32800', 'hex'))).toThrow(
    expect.objectContaining({ kind: 'character_not_in_repertoire' }),
  )
})

test('a password message is one text, and its error does not repeat it', () => {
  expect(decodePasswordMessage(Buffer.from('secret\0'))).toBe('secret')
  expect(() => decodePasswordMessage(Buffer.from('secret'))).toThrow(/^(?!.*secret)/)
  expect(() => decodePasswordMessage(Buffer.from('secret\0more'))).toThrow(/^(?!.*secret)/)
})

/** Whatever the bytes, the outcome is a message or a GatewayError, never anything else. */
function isBounded(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch (error) {
    return error instanceof GatewayError
  }
}

const KINDS = ['query', 'parse', 'bind', 'describe', 'execute', 'close', 'sync'] as const

test('random bytes never crash a decoder', () => {
  const frontend = fc.property(fc.constantFrom(...KINDS), bytes(), (kind, body) => {
    expect(isBounded(() => decodeFrontendMessage(kind, body))).toBe(true)
  })
  const startup = fc.property(bytes(), (body) => {
    expect(isBounded(() => decodeStartupPacket(body))).toBe(true)
  })
  fc.assert(frontend, { numRuns: 3000 })
  fc.assert(startup, { numRuns: 2000 })
})

test('messages that are cut or bent anywhere never crash a decoder', () => {
  const line = 'Bind {"portal":"p","formats":[0,1],"values":["abc",null],"results":[1,0]}'
  const whole = encodeLine(line).subarray(5)
  const bending = fc.property(
    fc.nat(whole.length),
    fc.nat(whole.length - 1),
    fc.nat(255),
    (end, at, byte) => {
      const bent = Buffer.from(whole)
      bent[at] = byte
      const body = bent.subarray(0, end)
      expect(isBounded(() => decodeFrontendMessage('bind', body))).toBe(true)
    },
  )
  fc.assert(bending, { numRuns: 3000 })
})

function bytes(): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ maxLength: 64 })
}
