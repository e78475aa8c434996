import { expect, test } from 'vitest'
import { ByteWriter } from '../../base/byte-writer.ts'
import type { CopyOptions } from '../../sql/complete-copy-options.ts'
import { createCopyWriter } from './copy-writer.ts'

const TEXT: CopyOptions = {
  format: 'text',
  header: false,
  delimiter: '\t',
  nullText: '\\N',
  quote: '"',
  escape: '"',
  forceQuote: [],
  forceNotNull: [],
  forceNull: [],
}
const CSV: CopyOptions = { ...TEXT, format: 'csv', delimiter: ',', nullText: '' }

function dataRow(fields: readonly (string | null)[]): Buffer {
  const parts = fields.map((field) => {
    const value = Buffer.from(field ?? '')
    const head = Buffer.alloc(4)
    head.writeInt32BE(field === null ? -1 : value.length)
    return Buffer.concat([head, value])
  })
  const body = Buffer.concat([Buffer.of(0, fields.length), ...parts])
  const head = Buffer.alloc(5)
  head.write('D')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/** The CopyData messages' contents. */
function copied(
  options: CopyOptions,
  names: readonly string[],
  ...rows: readonly (readonly (string | null)[])[]
): Buffer[] {
  const writer = createCopyWriter(options, names)
  const out = new ByteWriter()
  writer.begin(out)
  writer.rows(out, Buffer.concat(rows.map(dataRow)))
  writer.end(out)
  const bytes = Buffer.from(out.take())
  const contents: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    expect(String.fromCharCode(bytes[at] ?? 0)).toBe('d')
    const length = bytes.readInt32BE(at + 1)
    contents.push(bytes.subarray(at + 5, at + 1 + length))
    at += 1 + length
  }
  return contents
}

const lines = (...args: Parameters<typeof copied>): string[] => copied(...args).map(String)

test('text: tabs between, backslashes before what would be read as something else', () => {
  expect(lines(TEXT, ['a', 'b'], ['1', 'x'], [null, ''], ['a\tb', 'c\\d\ne\rf\bg\fh\vi'])).toEqual([
    '1\tx\n',
    '\\N\t\n',
    'a\\tb\tc\\\\d\\ne\\rf\\bg\\fh\\vi\n',
  ])
})

test('text: the delimiter of the client, and a value like the text of NULL', () => {
  const options = { ...TEXT, delimiter: '|' }
  expect(lines(options, ['a', 'b'], ['a|b', '\\N'])).toEqual(['a\\|b|\\\\N\n'])
})

test('csv: quoted where it must be, so that NULL and an empty text differ', () => {
  expect(
    lines(CSV, ['a', 'b'], ['1', 'x y'], [null, ''], ['a,b', 'say "hi"'], ['l\nm', 'n\ro']),
  ).toEqual(['1,x y\n', ',""\n', '"a,b","say ""hi"""\n', '"l\nm","n\ro"\n'])
})

test('csv: header, quote, escape, NULL and forced quotes of the client', () => {
  const options: CopyOptions = {
    ...CSV,
    header: true,
    delimiter: ';',
    nullText: 'NULL',
    quote: "'",
    escape: '\\',
    forceQuote: ['b'],
  }
  expect(lines(options, ['a;1', 'b'], ["it's", 'x\\y'], [null, null], ['NULL', 'z'])).toEqual([
    "'a;1';'b'\n",
    "'it\\'s';'x\\\\y'\n",
    'NULL;NULL\n',
    "'NULL';'z'\n",
  ])
})

test('csv: a line that would be read as the end of the data is quoted', () => {
  expect(lines(CSV, ['a'], ['\\.'], ['\\.x'])).toEqual(['"\\."\n', '\\.x\n'])
})

test('binary: signature, rows as they are, trailer', () => {
  const [head, row, end] = copied({ ...TEXT, format: 'binary' }, ['a'], ['xy'])
  expect(head?.toString('latin1')).toBe('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0')
  expect(row).toEqual(Buffer.from([0, 1, 0, 0, 0, 2, 0x78, 0x79]))
  expect(end).toEqual(Buffer.from([0xff, 0xff]))
})
