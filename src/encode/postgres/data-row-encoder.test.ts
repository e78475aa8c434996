import { expect, test } from 'vitest'
import {
  doubles,
  int32s,
  int64s,
  lists,
  nested,
  numbers,
  texts,
} from '../../../test/fixtures/vectors.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import type { ColumnBatch, ColumnVector } from '../../columnar/column-batch.ts'
import type { ColumnType, ScalarKind } from '../../columnar/column-type.ts'
import { DEFAULT_TEXT_SETTINGS, type ColumnFormat } from '../../columnar/result-format.ts'
import type { TextSettings } from '../../columnar/result-format.ts'
import { createDataRowEncoder } from './data-row-encoder.ts'

const scalar = (kind: ScalarKind): ColumnType => ({ kind })
const integer = scalar('integer')
const varchar = scalar('varchar')

const batchOf = (...columns: ColumnVector[]): ColumnBatch => ({ rowCount: 3, columns })

interface Options {
  readonly formats?: readonly ColumnFormat[]
  readonly text?: Partial<TextSettings>
  readonly bodyBytesMax?: number
}

function encoderOf({ columns }: ColumnBatch, { formats = [], text, bodyBytesMax }: Options = {}) {
  const schema = columns.map(({ type }, index) => ({ name: `c${index}`, type }))
  return createDataRowEncoder(
    schema,
    formats,
    { ...DEFAULT_TEXT_SETTINGS, ...text },
    ...(bodyBytesMax === undefined ? [] : ([bodyBytesMax] as const)),
  )
}

/** All rows, each as the texts of its values. */
function rows(batch: ColumnBatch, options?: Options): (string | null)[][] {
  const out = new ByteWriter(16)
  encoderOf(batch, options)(batch, 0, batch.rowCount, out, Infinity)
  return read(Buffer.from(out.take()))
}

function read(bytes: Buffer): (string | null)[][] {
  const found: (string | null)[][] = []
  for (let at = 0; at < bytes.length; at += 1 + bytes.readInt32BE(at + 1)) {
    const values: (string | null)[] = []
    let from = at + 7
    for (let column = 0; column < bytes.readInt16BE(at + 5); column += 1) {
      const length = bytes.readInt32BE(from)
      values.push(length < 0 ? null : bytes.toString('utf8', from + 4, from + 4 + length))
      from += 4 + Math.max(length, 0)
    }
    found.push(values)
  }
  return found
}

const numbersAndTexts = batchOf(
  int32s(integer, [7, undefined, -1]),
  texts(varchar, ['', 'é', undefined]),
)

test('rows are encoded value by value; NULL and the empty text differ', () => {
  expect(rows(numbersAndTexts)).toEqual([
    ['7', ''],
    [null, 'é'],
    ['-1', null],
  ])
})

test('NULL is length -1 and carries no bytes; the empty text is length 0', () => {
  const out = new ByteWriter()
  const batch = batchOf(int32s(integer, [7]), int32s(integer, [undefined]), texts(varchar, ['']))
  encoderOf(batch)(batch, 0, 1, out, Infinity)
  expect(Buffer.from(out.take()).toString('hex')).toBe(
    ['44', '00000013', '0003', '00000001', '37', 'ffffffff', '00000000'].join(''),
  )
})

test('a result without columns has rows all the same', () => {
  expect(rows(batchOf())).toEqual([[], [], []])
})

test('it stops after the row that reaches the target, and goes on where it stopped', () => {
  const out = new ByteWriter(16)
  const encode = encoderOf(numbersAndTexts)
  expect(encode(numbersAndTexts, 0, 3, out, 1)).toBe(1)
  expect(encode(numbersAndTexts, 1, 3, out, out.position + 17)).toBe(2)
  expect(encode(numbersAndTexts, 2, 3, out, Infinity)).toBe(3)
  expect(encode(numbersAndTexts, 3, 3, out, Infinity)).toBe(3)
  expect(read(Buffer.from(out.take()))).toEqual(rows(numbersAndTexts))
})

test('a row that outgrows one message is taken back whole, rows before it stay', () => {
  const batch = batchOf(texts(varchar, ['ab', 'x'.repeat(50), 'c']))
  const long = batchOf(
    lists({ kind: 'list', element: integer }, int32s(integer, [1, 2, 3]), [
      [0, 1],
      [0, 3],
      [0, 1],
    ]),
  )
  for (const [each, bodyBytesMax, first] of [
    [batch, 40, 'ab'],
    [long, 14, '{1}'],
  ] as const) {
    const out = new ByteWriter(16)
    expect(() => encoderOf(each, { bodyBytesMax })(each, 0, 3, out, Infinity)).toThrow(
      expect.objectContaining({ kind: 'program_limit' }),
    )
    expect(read(Buffer.from(out.take()))).toEqual([[first]])
  }
  expect(rows(batch, { bodyBytesMax: 60 })).toHaveLength(3)
})

test('a value that binary cannot carry names its column, and its row is taken back whole', () => {
  const batch = batchOf(
    int32s(integer, [1, 2, 3]),
    int64s(scalar('timestamp_ns'), [1_000n, 1n, 2_000n]),
  )
  const out = new ByteWriter(16)
  const encode = encoderOf(batch, { formats: ['text', 'binary'] })
  expect(() => encode(batch, 0, 3, out, Infinity)).toThrow(/column "c1".*below the microsecond/)
  expect(read(Buffer.from(out.take()))).toHaveLength(1)
  expect(rows(batch)[1]).toEqual(['2', '1970-01-01 00:00:00.000000001'])
})

test('formats: none is text, one is for all, else one a column', () => {
  const batch = batchOf(int32s(integer, [1, 1, 1]), int32s(integer, [1, 1, 1]))
  expect(rows(batch, { formats: ['binary'] })[0]).toEqual(['\0\0\0\u0001', '\0\0\0\u0001'])
  expect(rows(batch, { formats: ['text', 'binary'] })[0]).toEqual(['1', '\0\0\0\u0001'])
  expect(() => rows(batch, { formats: ['text', 'text', 'text'] })).toThrow(/3 result formats/)
})

test('results of the same shape share a loop but not their scales, zones or labels', () => {
  const decimal = (scale: number): ColumnType => ({ kind: 'decimal', precision: 9, scale })
  const labels = (...each: string[]): ColumnType => ({ kind: 'enum', labels: each })
  const of = (scale: number, ...each: string[]) =>
    batchOf(
      int32s(decimal(scale), [12345, 12345, 12345]),
      numbers(labels(...each), Uint8Array.of(0, 1, 0), [0, 1, 0]),
      int64s(scalar('timestamp_tz'), [0n, 0n, 0n]),
    )
  expect(rows(of(1, 'a', 'b'))[1]).toEqual(['1234.5', 'b', '1970-01-01 00:00:00+00'])
  expect(rows(of(3, 'cc', 'dd'), { text: { timeZone: 'Asia/Kolkata' } })[1]).toEqual([
    '12.345',
    'dd',
    '1970-01-01 05:30:00+05:30',
  ])
})

test('settings of text: bytea, intervals, digits of floats', () => {
  const batch = batchOf(
    texts(scalar('blob'), [Uint8Array.of(0, 0x5c, 0xff, 0x61), 'x', 'x']),
    numbers(scalar('interval'), Int32Array.of(14, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0), [1, 1, 1]),
    doubles(scalar('double'), [0.1 + 0.2, 0, 0]),
    numbers(scalar('float'), Float32Array.of(0.1, 0, 0), [1, 1, 1]),
  )
  expect(
    rows(batch, {
      text: { byteaOutput: 'escape', intervalStyle: 'iso_8601', extraFloatDigits: 0 },
    })[0],
  ).toEqual(['\\000\\\\\\377a', 'P1Y2M3DT0.000001S', '0.3', '0.1'])
})

test('an unknown time zone is refused before any row', () => {
  const batch = batchOf(int64s(scalar('timestamp_tz'), [0n]))
  expect(() => encoderOf(batch, { text: { timeZone: 'Mars/Olympus' } })).toThrow(/Mars/)
})

test('local dates and eras follow the zone', () => {
  const newYear = BigInt(Date.UTC(2024, 0, 1)) * 1000n
  const firstDay = -719162n * 86_400_000_000n
  const batch = batchOf(int64s(scalar('timestamp_tz'), [newYear, firstDay, 0n]))
  expect(rows(batch, { text: { timeZone: '-8' } }).slice(0, 2)).toEqual([
    ['2023-12-31 16:00:00-08'],
    ['0001-12-31 16:00:00-08 BC'],
  ])
})

test('labels longer than a length byte, and memory that grows within a row', () => {
  const label = 'x'.repeat(300)
  const batch = batchOf(
    numbers({ kind: 'enum', labels: [label, 'y'] }, Uint8Array.of(0, 1, 0), [0, 1, 0]),
    lists({ kind: 'list', element: varchar }, texts(varchar, ['a'.repeat(5000)]), [
      [0, 1],
      [0, 0],
      undefined,
    ]),
    int32s(integer, [1, 2, 3]),
  )
  expect(rows(batch)).toEqual([
    [label, `{${'a'.repeat(5000)}}`, '1'],
    ['y', '{}', '2'],
    [label, null, '3'],
  ])
})

test('a NULL inner array is refused: PostgreSQL has no such value', () => {
  const pair: ColumnType = { kind: 'array', element: integer, length: 2 }
  const batch = batchOf(
    nested(
      { kind: 'array', element: pair, length: 2 },
      [nested(pair, [int32s(integer, [1, 2, 3, 4, 5, 6, 0, 0])], [true, true, true, undefined])],
      [true, true],
    ),
  )
  const out = new ByteWriter()
  expect(() => encoderOf(batch)(batch, 0, 2, out, Infinity)).toThrow(/column "c0".*NULL/)
  expect(read(Buffer.from(out.take()))).toEqual([['{{1,2},{3,4}}']])
})

test('more columns than a DataRow can count are refused', () => {
  const schema = Array.from({ length: 40_000 }, () => ({ name: 'c', type: integer }))
  expect(() => createDataRowEncoder(schema, [], DEFAULT_TEXT_SETTINGS)).toThrow(/32767 columns/)
})

test('two thousand columns are encoded', () => {
  const columns = Array.from({ length: 2000 }, (_, index) => int32s(integer, [index]))
  expect(rows({ rowCount: 1, columns })[0]?.[1999]).toBe('1999')
})
