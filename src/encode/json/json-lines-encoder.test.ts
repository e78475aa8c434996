import fc from 'fast-check'
import { expect, test } from 'vitest'
import { int32s, texts } from '../../../test/fixtures/vectors.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import type { ColumnType } from '../../columnar/column-type.ts'
import { createJsonLinesEncoder } from './json-lines-encoder.ts'

const integer: ColumnType = { kind: 'integer' }
const varchar: ColumnType = { kind: 'varchar' }

function lines(columns: Parameters<typeof texts>[1][], lineBytesMax?: number): string {
  const out = new ByteWriter(16)
  const batch = {
    rowCount: columns[0]?.length ?? 0,
    columns: columns.map((values) => texts(varchar, values)),
  }
  const schema = batch.columns.map(({ type }) => ({ name: 'c', type }))
  createJsonLinesEncoder(schema, lineBytesMax)(batch, 0, batch.rowCount, out, Infinity)
  return Buffer.from(out.take()).toString()
}

test('a row is one array on one line', () => {
  expect(
    lines([
      ['a', undefined],
      ['', 'b'],
    ]),
  ).toBe('["a",""]\n[null,"b"]\n')
})

test('it stops after the row that reaches the target', () => {
  const out = new ByteWriter()
  const batch = { rowCount: 3, columns: [int32s(integer, [1, 2, 3])] }
  const encode = createJsonLinesEncoder([{ name: 'c', type: integer }])
  expect(encode(batch, 0, 3, out, 5)).toBe(2)
  expect(Buffer.from(out.take()).toString()).toBe('[1]\n[2]\n')
})

test('a row that is too long is taken back whole, rows before it stay', () => {
  const out = new ByteWriter()
  const batch = { rowCount: 2, columns: [texts(varchar, ['a', 'b'.repeat(20)])] }
  const encode = createJsonLinesEncoder([{ name: 'c', type: varchar }], 10)
  expect(() => encode(batch, 0, 2, out, Infinity)).toThrow(
    expect.objectContaining({ kind: 'program_limit' }),
  )
  expect(Buffer.from(out.take()).toString()).toBe('["a"]\n')
})

test('any text comes back from JSON as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(JSON.parse(lines([[text]]))).toEqual([text])
    }),
    { numRuns: 1000 },
  )
})
