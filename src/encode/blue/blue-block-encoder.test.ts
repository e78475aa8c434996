/** Golden bytes: the worked examples of the protocol, and what they leave open. */
import { expect, test } from 'vitest'
import {
  int128s,
  int32s,
  int64s,
  lists,
  nested,
  numbers,
  texts,
} from '../../../test/fixtures/vectors.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import { readBlueBlocks } from '../../columnar/blue-block.ts'
import type { ColumnVector } from '../../columnar/column-batch.ts'
import type { ColumnType } from '../../columnar/column-type.ts'
import { createBlueEncoder } from './blue-block-encoder.ts'

const INTEGER: ColumnType = { kind: 'integer' }
const VARCHAR: ColumnType = { kind: 'varchar' }
const DATE: ColumnType = { kind: 'date' }
const TIMESTAMP: ColumnType = { kind: 'timestamp' }

const NONE = undefined

/** The chunks of one column, in hex. */
function chunksOf(vector: ColumnVector, rowCount: number): string[] {
  const out = new ByteWriter(16)
  const encode = createBlueEncoder([{ name: 'c', type: vector.type }])
  encode({ rowCount, columns: [vector] }, 0, rowCount, out, Infinity)
  const [block, ...others] = readBlueBlocks(out.take())
  expect([block?.rows, others]).toEqual([rowCount, []])
  return (block?.chunks ?? []).map(hex)
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** `01 02` as it is written in a specification. */
function spelled(text: string): string {
  return text.replaceAll(/\s/g, '')
}

test('texts are filled up to eight bytes, and NULL and the empty text have none', () => {
  const vector = texts(VARCHAR, ['abc', NONE, '12345678', '', 'אב'])
  expect(chunksOf(vector, 5)).toEqual([
    '0001000000',
    spelled('03000000 00000000 08000000 00000000 04000000'),
    spelled('6162630000000000 3132333435363738 d790d79100000000'),
  ])
})

test('a column of one length has zeros for NULL, whatever the engine’s memory holds there', () => {
  const vector = { ...int32s(INTEGER, [1, 77, -3]), validity: Uint8Array.of(0b101) }
  expect(chunksOf(vector, 3)).toEqual(['000100', spelled('01000000 00000000 fdffffff')])
})

test('without a NULL there are flags all the same', () => {
  expect(chunksOf(int32s(INTEGER, [1]), 1)).toEqual(['00', '01000000'])
})

const DAY_MS = 86_400_000
function daysTo(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS
}

test.each([
  ['0001-01-01', '32010000'],
  ['1900-01-01', '8d960a00'],
  ['1970-01-01', '6cfa0a00'],
  ['2000-02-29', '74250b00'],
  ['2024-02-01', '96470b00'],
  ['2024-02-29', 'b2470b00'],
  ['9999-12-31', '0cbb3700'],
])('the date %s is %s', (date, bytes) => {
  expect(chunksOf(int32s(DATE, [daysTo(date)]), 1)[1]).toBe(bytes)
})

test.each([
  ['2024-02-01T01:01:01.000Z', 'c8dc370096470b00'],
  ['1001-01-01T10:10:10.000Z', 'd09f2e02ec930500'],
  ['9999-12-31T23:59:59.999Z', 'ff5b26050cbb3700'],
])('the time %s is %s', (time, bytes) => {
  const micros = BigInt(Date.parse(time)) * 1000n
  expect(chunksOf(int64s(TIMESTAMP, [micros]), 1)[1]).toBe(bytes)
})

test('what is finer than a millisecond is cut off, before 1970 too', () => {
  const [, after] = chunksOf(int64s(TIMESTAMP, [1_999n]), 1)
  const [, before] = chunksOf(int64s(TIMESTAMP, [-1n]), 1)
  expect([after, before]).toEqual(['010000006cfa0a00', 'ff5b26056bfa0a00'])
})

test('every unit of the engine’s timestamps gives the same instant', () => {
  const units = {
    timestamp_s: 60n,
    timestamp_ms: 60_000n,
    timestamp: 60_000_000n,
    timestamp_tz: 60_000_000n,
    timestamp_ns: 60_000_000_000n,
  } as const
  for (const [kind, value] of Object.entries(units)) {
    const type = { kind: kind as keyof typeof units }
    expect(chunksOf(int64s(type, [value]), 1)[1]).toBe('60ea00006cfa0a00')
  }
})

test.each([
  ['a year before the first', int32s(DATE, [daysTo('0001-01-01') - 1])],
  ['a year of five digits', int32s(DATE, [daysTo('9999-12-31') + 1])],
  ['infinity', int32s(DATE, [0x7fff_ffff])],
  ['a timestamp’s infinity', int64s(TIMESTAMP, [0x7fff_ffff_ffff_ffffn])],
])('%s is an error that names the column, and nothing is written', (_, vector) => {
  const out = new ByteWriter(16)
  const encode = createBlueEncoder([{ name: 'born', type: vector.type }])
  expect(() => encode({ rowCount: 1, columns: [vector] }, 0, 1, out, Infinity)).toThrow(
    expect.objectContaining({
      kind: 'datetime_field_overflow',
      message: expect.stringContaining('column "born"') as string,
    }),
  )
  expect(out.position).toBe(0)
})

const DECIMALS: readonly [number, (values: bigint[]) => ColumnVector][] = [
  [4, (values) => numbers(decimal(4), Int16Array.from(values, Number), values)],
  [9, (values) => numbers(decimal(9), Int32Array.from(values, Number), values)],
  [18, (values) => int64s(decimal(18), values)],
  [38, (values) => int128s(decimal(38), values)],
]

function decimal(precision: number): ColumnType {
  return { kind: 'decimal', precision, scale: 2 }
}

test.each(DECIMALS)('a decimal of precision %i is 128 bits wide', (_, vectorOf) => {
  expect(chunksOf(vectorOf([110n, -110n]), 2)[1]).toBe(
    `6e${'00'.repeat(15)}${'92'}${'ff'.repeat(15)}`,
  )
})

test('the widest decimals and integers', () => {
  const widest = 10n ** 38n - 1n
  const bytes = 'ffffffff3f228a097ac4865aa84c3b4b' + '01000000c0dd75f6853b79a557b3c4b4'
  expect(chunksOf(int128s(decimal(38), [widest, -widest]), 2)[1]).toBe(bytes)
  expect(chunksOf(int128s({ kind: 'hugeint' }, [widest, -widest]), 2)[1]).toBe(bytes)
})

test('an array of values of one length', () => {
  const child = { ...int32s(INTEGER, [1, 1, 2, 3, 9, 7]), validity: Uint8Array.of(0b101111) }
  const type: ColumnType = { kind: 'list', element: INTEGER }
  const vector = lists(type, child, [[0, 1], [1, 3], NONE, [0, 0], [4, 2]])
  expect(chunksOf(vector, 5)).toEqual([
    '0000010000',
    spelled('0c000000 14000000 00000000 00000000 10000000'),
    spelled(`0000000000000000 01000000 00000000
             0000000000000000 010000000200000003000000 00000000
             0100000000000000 00000000 07000000`),
  ])
})

test('an array of Booleans, whose values are not filled up', () => {
  const child = numbers({ kind: 'boolean' }, Uint8Array.of(1, 0, 0), [true, NONE, false])
  const type: ColumnType = { kind: 'array', element: { kind: 'boolean' }, length: 3 }
  const [, lengths, data] = chunksOf(nested(type, [child], [true]), 1)
  expect([lengths, data]).toEqual(['0b000000', spelled('0001000000000000 010000 0000000000')])
})

test('an array of texts', () => {
  const child = texts(VARCHAR, ['ABC', 'ABCDEF', NONE])
  const type: ColumnType = { kind: 'list', element: VARCHAR }
  const [, lengths, data] = chunksOf(
    lists(type, child, [
      [0, 3],
      [0, 0],
    ]),
    2,
  )
  expect(lengths).toBe('30000000' + '08000000')
  expect(data).toBe(
    spelled(`0300000000000000 0000010000000000 03000000 0e000000 10000000 00000000
             4142430000000000 4142434445460000 0000000000000000`),
  )
})

test('what the protocol has no type for goes as PostgreSQL’s text', () => {
  const uuid = int128s({ kind: 'uuid' }, [1n])
  const [, lengths, data] = chunksOf(uuid, 1)
  expect(lengths).toBe('24000000')
  expect(Buffer.from(data ?? '', 'hex').toString()).toBe(
    '80000000-0000-0000-0000-000000000001\0\0\0\0',
  )
})

test('a block ends after the row that reaches the target; the next call goes on there', () => {
  const out = new ByteWriter(16)
  const vector = texts(VARCHAR, ['a'.repeat(100), 'b'.repeat(100), 'c'.repeat(100)])
  const encode = createBlueEncoder([{ name: 'c', type: VARCHAR }])
  const batch = { rowCount: 3, columns: [vector] }
  expect(encode(batch, 0, 3, out, 150)).toBe(2)
  expect(encode(batch, 2, 3, out, Infinity)).toBe(3)
  expect(readBlueBlocks(out.take()).map(({ rows }) => rows)).toEqual([2, 1])
})

test('arrays are written some rows at a time, until the target is reached', () => {
  const rows = 200
  const type: ColumnType = { kind: 'list', element: INTEGER }
  const ranges = Array.from({ length: rows }, () => [0, 1] as const)
  const vector = lists(type, int32s(INTEGER, [1]), ranges)
  const out = new ByteWriter(16)
  const encode = createBlueEncoder([{ name: 'c', type }])
  expect(encode({ rowCount: rows, columns: [vector] }, 0, rows, out, 100_000)).toBe(rows)
  expect(readBlueBlocks(out.take()).map((block) => block.rows)).toEqual([64, 64, 64, 8])
})
