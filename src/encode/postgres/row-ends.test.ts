import { expect, test } from 'vitest'
import { int32s, texts } from '../../../test/fixtures/vectors.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import { DEFAULT_TEXT_SETTINGS, type ResultFormat } from '../../columnar/result-format.ts'
import { createRowEncoder } from '../row-encoder.ts'
import { rowEnds } from './row-ends.ts'

const columns = [
  int32s({ kind: 'integer' }, [1, undefined, 0x0a0a]),
  texts({ kind: 'varchar' }, ['a\nb', '', undefined]),
]
const schema = columns.map(({ type }, index) => ({ name: `c${index}`, type }))

const formats: ResultFormat[] = [
  { kind: 'postgres', columnFormats: ['binary'], text: DEFAULT_TEXT_SETTINGS },
  { kind: 'json_lines' },
]

test.each(formats)('the end of every row is found again: $kind', (format) => {
  const out = new ByteWriter()
  const { encode } = createRowEncoder(schema, format)
  const ends = [0, 1, 2].map((row) => {
    encode({ rowCount: 3, columns }, row, row + 1, out, Infinity)
    return out.position
  })
  const bytes = out.take()
  expect(rowEnds(bytes, format)).toEqual(ends)
  expect(rowEnds(bytes.subarray(0, (ends[2] ?? 0) - 1), format)).toEqual(ends.slice(0, 2))
  expect(rowEnds(bytes.subarray(0, 3), format)).toEqual([])
})

test('bytes that are no rows are a bug', () => {
  expect(() => rowEnds(Buffer.from('Z\0\0\0\x05I'), { kind: 'postgres' })).toThrow(/DataRow begins/)
})
