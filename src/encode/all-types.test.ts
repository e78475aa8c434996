/** Every type of the table through every format. */
import { describe, expect, test } from 'vitest'
import { ALL_TYPES, type TypeCase } from '../../test/fixtures/all-types.ts'
import { ByteWriter } from '../base/byte-writer.ts'
import { DEFAULT_TEXT_SETTINGS, type ResultFormat } from '../columnar/result-format.ts'
import { pgTypeOf } from '../columnar/pg-type.ts'
import { createRowEncoder } from './row-encoder.ts'

const postgres = (format: 'text' | 'binary'): ResultFormat => ({
  kind: 'postgres',
  columnFormats: [format],
  text: DEFAULT_TEXT_SETTINGS,
})

/** The bytes of one row of the case's column. */
function encodeRow({ vector }: TypeCase, row: number, format: ResultFormat): Buffer {
  const out = new ByteWriter(16)
  const encoder = createRowEncoder([{ name: 'c', type: vector.type }], format)
  const batch = { rowCount: row + 1, columns: [vector] }
  expect(encoder.encode(batch, row, row + 1, out, 1)).toBe(row + 1)
  return Buffer.from(out.take())
}

/** The value in a DataRow of one column; null for NULL. */
function valueOf(message: Buffer): Buffer | null {
  expect(message.readUInt8(0)).toBe(0x44)
  expect(message.readInt32BE(1)).toBe(message.length - 1)
  expect(message.readInt16BE(5)).toBe(1)
  const length = message.readInt32BE(7)
  expect(message.length).toBe(11 + Math.max(length, 0))
  return length === -1 ? null : message.subarray(11)
}

const REFUSED = /^[a-z_]+_overflow$/

describe.each(ALL_TYPES.map((each) => [each.name, each] as const))('%s', (_, typeCase) => {
  const { values, vector } = typeCase

  test('as PostgreSQL text', () => {
    const texts = values.map((_value, row) =>
      valueOf(encodeRow(typeCase, row, postgres('text')))?.toString(),
    )
    expect(texts).toEqual(values.map(({ text }) => text))
  })

  test('as PostgreSQL binary', () => {
    const encoded = values.map(({ binary }, row) => {
      if (!REFUSED.test(binary)) {
        return valueOf(encodeRow(typeCase, row, postgres('binary')))?.toString('hex')
      }
      expect(() => encodeRow(typeCase, row, postgres('binary'))).toThrow(
        expect.objectContaining({ kind: binary, message: expect.stringContaining('column "c"') }),
      )
      return binary
    })
    expect(encoded).toEqual(values.map(({ binary }) => binary))
  })

  test('as a JSON line', () => {
    const lines = values.map((_value, row) =>
      encodeRow(typeCase, row, { kind: 'json_lines' }).toString(),
    )
    expect(lines).toEqual(values.map(({ json }) => `[${json}]\n`))
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  })

  test('as NULL', () => {
    for (const format of ['text', 'binary'] as const) {
      expect(valueOf(encodeRow(typeCase, values.length, postgres(format)))).toBeNull()
    }
    expect(encodeRow(typeCase, values.length, { kind: 'json_lines' }).toString()).toBe('[null]\n')
  })

  test('has a PostgreSQL type', () => {
    const { oid, length, modifier } = pgTypeOf(vector.type)
    expect(oid).toBeGreaterThan(0)
    expect(length).toBeGreaterThanOrEqual(-1)
    expect(modifier).toBeGreaterThanOrEqual(-1)
  })
})
