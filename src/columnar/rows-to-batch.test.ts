import { expect, test } from 'vitest'
import { isNull } from './column-batch.ts'
import type { ColumnField, ScalarKind } from './column-type.ts'
import { rowsToBatch, type Cell } from './rows-to-batch.ts'

const field = (kind: ScalarKind): ColumnField => ({ name: 'c', type: { kind } })
const column = (kind: ScalarKind, ...cells: Cell[]) =>
  rowsToBatch(
    [field(kind)],
    cells.map((cell) => [cell]),
  ).columns[0]

test('texts lie end to end as UTF-8, NULL and the empty text both with length 0', () => {
  const texts = column('varchar', 'é', null, '', 'ab')
  expect(texts?.offsets).toEqual(Int32Array.of(0, 2, 2, 2, 4))
  expect(Buffer.from(texts?.bytes ?? []).toString()).toBe('éab')
  expect(texts && [0, 1, 2, 3].map((row) => isNull(texts, row))).toEqual([
    false,
    true,
    false,
    false,
  ])
})

test('each kind has the array that column batches promise', () => {
  expect(column('integer', 1, null, -5)?.values).toEqual(Int32Array.of(1, 0, -5))
  expect(column('double', 1.5)?.values).toEqual(Float64Array.of(1.5))
  expect(column('boolean', true, false)?.values).toEqual(Uint8Array.of(1, 0))
  expect(column('bigint', 2n ** 62n)?.values).toEqual(BigInt64Array.of(2n ** 62n))
  expect(column('timestamp_tz', -1n)?.values).toEqual(BigInt64Array.of(-1n))
})

test('a column without NULL has no bitmap, and no rows are a batch too', () => {
  expect(column('integer', 1)?.validity).toBeUndefined()
  expect(rowsToBatch([field('varchar')], [])).toMatchObject({ rowCount: 0 })
})

test('more than eight rows use further bytes of the bitmap', () => {
  const cells = Array.from({ length: 10 }, (_, row) => (row === 9 ? 9 : null))
  expect(column('integer', ...cells)?.validity).toEqual(Uint8Array.of(0, 2))
})

test('a cell of another type, or one too wide, is a bug and says which column', () => {
  expect(() => column('integer', 'x')).toThrow(/string is no cell of the integer column "c"/)
  expect(() => column('varchar', 1)).toThrow(/number is no cell/)
  expect(() => column('integer', 2 ** 31)).toThrow(/32 bits/)
  expect(() => column('bigint', 2n ** 63n)).toThrow(/64 bits/)
  expect(() => column('date', 1)).toThrow(/no date columns/)
  expect(() => rowsToBatch([field('integer')], [[1, 2]])).toThrow(/as many cells/)
})
