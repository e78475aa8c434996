import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteWriter } from '../../../base/byte-writer.ts'
import { GatewayError } from '../../../base/gateway-error.ts'
import { readStatements } from '../../../sql/read-statements.ts'
import type { CopyOptions } from '../../../sql/complete-copy-options.ts'
import { createCopyWriter } from '../copy-writer.ts'
import { createCopyRows } from './copy-rows.ts'

const COLUMNS = ['a', 'b', 'c'].map((name) => ({
  name,
  type: { kind: 'varchar' as const },
  nullable: true,
}))

function optionsOf(text: string, direction: 'to stdout' | 'from stdin'): CopyOptions {
  const [statement] = readStatements(`copy t ${direction} ${text}`, 'postgres')
  if (statement?.kind !== 'engine' || !('options' in statement)) throw new Error(text)
  return statement.options
}

type Row = (string | null)[]

/** All rows, or the error that ends them; `bytesMax` of one row. */
function read(
  text: string,
  chunks: readonly Buffer[],
  bytesMax = 1_000_000,
): { rows: Row[]; error: string | undefined } {
  const source = createCopyRows(optionsOf(text, 'from stdin'), COLUMNS, bytesMax)
  const rows: Row[] = []
  const take = (): void => {
    for (let row = source.next(); row; row = source.next()) {
      rows.push(row.values.map((value) => (value === null ? null : value.toString())))
    }
  }
  try {
    for (const chunk of chunks) {
      source.push(chunk)
      take()
    }
    source.complete()
    take()
    return { rows, error: undefined }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { rows, error: `${error.kind} in line ${source.lineNumber}: ${error.message}` }
  }
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted(
    (one, other) => one - other,
  )
  return sorted.map((end, index) => bytes.subarray(sorted[index - 1] ?? 0, end))
}

const FORMATS = ['', 'csv', "csv quote '''' escape '!'", "(delimiter '|')", 'binary']

const PIECE_TEXTS = [
  'a',
  '1',
  '\t',
  ',',
  '"',
  "'",
  '!',
  '\\',
  '\\.',
  '\\N',
  '\n',
  '\r\n',
  '\r',
  '|',
]
const PIECES = fc.constantFrom(...PIECE_TEXTS, 'é', '\0', '\\x41', '\\101', '""', 'PGCOPY\n')
const places = fc.array(fc.nat(), { maxLength: 6 })

describe.each(FORMATS)('%s', (format) => {
  test('where the bytes are cut decides nothing', () => {
    fc.assert(
      fc.property(fc.array(PIECES, { maxLength: 30 }), places, (pieces, where) => {
        const bytes = Buffer.from(pieces.join(''))
        const whole = read(format, [bytes])
        expect(read(format, cut(bytes, where))).toEqual(whole)
        const single = [...bytes].map((byte) => Buffer.of(byte))
        expect(read(format, single)).toEqual(whole)
      }),
      { numRuns: 300 },
    )
  })

  test('no bytes make it throw anything but an error for the client', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(read(format, [Buffer.from(bytes)]).rows).toBeInstanceOf(Array)
      }),
      { numRuns: 300 },
    )
  })

  test('what COPY TO writes is what was there', () => {
    const value = fc.option(
      fc.array(
        fc.constantFrom('a', '\t', ',', '"', "'", '!', '\\', '\n', '\r', '|', 'x', 'é', '\b'),
        {
          maxLength: 5,
        },
      ),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { maxLength: 5 }), (table) => {
        const rows = table.map((row) => row.map((one) => (one === null ? null : one.join(''))))
        expect(read(format, [written(format, rows)])).toEqual({ rows, error: undefined })
      }),
      { numRuns: 300 },
    )
  })
})

/** The data of the CopyData messages that COPY TO makes of these rows. */
function written(format: string, rows: readonly Row[]): Buffer {
  const writer = createCopyWriter(
    optionsOf(format, 'to stdout'),
    COLUMNS.map(({ name }) => name),
  )
  const out = new ByteWriter()
  writer.begin(out)
  for (const row of rows) writer.rows(out, dataRow(row))
  writer.end(out)
  const messages = Buffer.from(out.take())
  const parts: Buffer[] = []
  for (let at = 0; at < messages.length; at += 1 + messages.readInt32BE(at + 1)) {
    parts.push(messages.subarray(at + 5, at + 1 + messages.readInt32BE(at + 1)))
  }
  return Buffer.concat(parts)
}

function dataRow(row: Row): Buffer {
  const out = new ByteWriter()
  out.uint8('D'.charCodeAt(0))
  const at = out.position
  out.int32(0)
  out.int16(row.length)
  for (const value of row) {
    const bytes = value === null ? undefined : Buffer.from(value)
    out.int32(bytes ? bytes.length : -1)
    if (bytes) out.raw(bytes)
  }
  out.int32At(at, out.position - at)
  return Buffer.from(out.take())
}

describe('bounds', () => {
  test.each(['', 'csv'])(
    'a line that does not end is refused when it is too long: %s',
    (format) => {
      const long = read(
        format,
        Array.from({ length: 20 }, () => Buffer.alloc(100, 'x')),
        1000,
      )
      expect(long.error).toMatch(/program_limit in line 1/)
    },
  )

  test('a binary value that claims to be too long is refused before its bytes are there', () => {
    const head = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
    const row = Buffer.from('00037fffffff', 'hex')
    expect(read('binary', [head, row], 1000).error).toMatch(/program_limit in line 1/)
  })

  test('of a million fields no more are kept than there are columns', () => {
    for (const format of ['', 'csv']) {
      const fields = Buffer.from((format === 'csv' ? ',' : '\t').repeat(1_000_000) + '\n')
      expect(read(format, [fields], 2_000_000).error).toMatch(/extra data/)
    }
  })

  test('one long line in a thousand pieces takes no long time', () => {
    const started = performance.now()
    const piece = Buffer.alloc(8192, 'x')
    const { error } = read(
      'csv',
      Array.from({ length: 4000 }, () => piece),
      64 * 1024 * 1024,
    )
    expect(error).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(3000)
  })
})
