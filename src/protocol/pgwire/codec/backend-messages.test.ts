import { expect, test } from 'vitest'
import { ByteWriter } from '../../../base/byte-writer.ts'
import { writeAuthenticationCleartextPassword, writeAuthenticationOk } from './authentication.ts'
import { writeCommandComplete, writeStep } from './completion.ts'
import { writeErrorResponse, writeNoticeResponse } from './error-response.ts'
import { writeParameterDescription, writeRowDescription } from './row-description.ts'
import {
  writeBackendKeyData,
  writeNegotiateProtocolVersion,
  writeParameterStatus,
  writeReadyForQuery,
} from './session-messages.ts'

function hexOf(write: (out: ByteWriter) => void): string {
  const out = new ByteWriter(64)
  write(out)
  return Buffer.from(out.take()).toString('hex')
}

const hex = (text: string) => Buffer.from(text).toString('hex')

test('a length counts itself and not the type byte', () => {
  expect(hexOf(writeAuthenticationOk)).toBe(`${hex('R')}0000000800000000`)
  expect(hexOf(writeAuthenticationCleartextPassword)).toBe(`${hex('R')}0000000800000003`)
  expect(hexOf((out) => writeStep(out, 'parse_complete'))).toBe(`${hex('1')}00000004`)
  expect(hexOf((out) => writeCommandComplete(out, 'SELECT 3'))).toBe(
    `${hex('C')}0000000d${hex('SELECT 3\0')}`,
  )
})

test('the session’s messages', () => {
  expect(hexOf((out) => writeReadyForQuery(out, 'failed_transaction'))).toBe(
    `${hex('Z')}00000005${hex('E')}`,
  )
  expect(hexOf((out) => writeParameterStatus(out, 'a', 'b'))).toBe(
    `${hex('S')}00000008${hex('a\0b\0')}`,
  )
  expect(hexOf((out) => writeBackendKeyData(out, { processId: 1, secret: -1 }))).toBe(
    `${hex('K')}0000000c00000001ffffffff`,
  )
  expect(hexOf((out) => writeNegotiateProtocolVersion(out, 0, ['_pq_.x']))).toBe(
    `${hex('v')}000000130000000000000001${hex('_pq_.x\0')}`,
  )
})

test('a column is told by name, type, length, modifier and format; its table is unknown', () => {
  const field = { name: 'n', typeOid: 1700, typeLength: -1, typeModifier: 655_366 } as const
  expect(hexOf((out) => writeRowDescription(out, [{ ...field, format: 'binary' }]))).toBe(
    [hex('T'), '0000001a', '0001', hex('n\0'), '00000000', '0000']
      .concat(['000006a4', 'ffff', '000a0006', '0001'])
      .join(''),
  )
})

test('parameters are told by type alone', () => {
  expect(hexOf((out) => writeParameterDescription(out, [23, 25]))).toBe(
    `${hex('t')}0000000e00020000001700000019`,
  )
})

test('more columns than the message can count are refused, and nothing is written', () => {
  const out = new ByteWriter(64)
  const field = { name: 'n', typeOid: 23, typeLength: 4, typeModifier: -1, format: 'text' } as const
  const fields = Array.from({ length: 40_000 }, () => field)
  expect(() => writeRowDescription(out, fields)).toThrow(/40000 columns/)
  expect(out.position).toBe(0)
})

test('an error has its severity twice, its code and text, and what else is known', () => {
  const fields = {
    severity: 'ERROR',
    code: '42601',
    message: 'no',
    hint: 'h',
    position: 7,
  } as const
  expect(hexOf((out) => writeErrorResponse(out, fields))).toBe(
    `${hex('E')}00000024${hex('SERROR\0VERROR\0C42601\0Mno\0Hh\0P7\0\0')}`,
  )
})

test('a zero byte in a text shifts nothing, and a very long text is cut', () => {
  const message = `a\0b${'x'.repeat(100_000)}`
  const fields = { severity: 'NOTICE', code: '00000', message } as const
  const written = Buffer.from(
    hexOf((out) => writeNoticeResponse(out, fields)),
    'hex',
  )
  expect(written.length).toBeLessThan(9000)
  expect(written.readInt32BE(1)).toBe(written.length - 1)
  expect(written.toString()).toContain('Mabx')
})
