import { expect, test } from 'vitest'
import { DEFAULT_TEXT_SETTINGS } from '../../columnar/result-format.ts'
import { bytesOfRows } from './row-boundary.ts'

const postgres = { kind: 'postgres', columnFormats: [], text: DEFAULT_TEXT_SETTINGS } as const

function dataRow(value: string): Buffer {
  const row = Buffer.alloc(11 + value.length)
  row.write('D')
  row.writeInt32BE(10 + value.length, 1)
  row.writeInt16BE(1, 5)
  row.writeInt32BE(value.length, 7)
  row.write(value, 11)
  return row
}

test('rows end where their last message ends', () => {
  const bytes = Buffer.concat([dataRow('1'), dataRow(''), dataRow('DDD')])
  expect([0, 1, 2, 3].map((rows) => bytesOfRows(bytes, rows, postgres))).toEqual([0, 12, 23, 37])
  expect(bytesOfRows(bytes.subarray(12), 1, postgres)).toBe(11)
})

test('rows end after their line feed', () => {
  const bytes = Buffer.from('[1]\n[]\n["a"]\n')
  expect([0, 1, 3].map((rows) => bytesOfRows(bytes, rows, { kind: 'json_lines' }))).toEqual([
    0, 4, 13,
  ])
})

test('more rows than there are is a mistake of ours, not a short answer', () => {
  expect(() => bytesOfRows(Buffer.from('[1]\n'), 2, { kind: 'json_lines' })).toThrow('assertion')
  expect(() => bytesOfRows(dataRow('1'), 2, postgres)).toThrow('bounds')
})
