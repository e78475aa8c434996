import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fieldText, readRecord } from './csv-record.ts'
import type { CsvDialect } from './csv-record.ts'
import { scanCsv } from './scan-csv.ts'

const PLAIN: CsvDialect = { delimiter: ',', quote: '"', escape: 'double', encoding: 'utf-8' }

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bluegate-scan-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

interface Scanned {
  readonly line: number
  readonly texts: readonly (string | undefined)[]
  readonly problem: string | undefined
}

async function scan(content: string | Uint8Array, dialect = PLAIN): Promise<Scanned[]> {
  const file = join(directory, 'file.csv')
  writeFileSync(file, content)
  const found: Scanned[] = []
  await scanCsv(file, dialect, (record) => {
    const { line, problem, fields, bytes } = record
    found.push({ line, problem, texts: fields.map((field) => fieldText(bytes, field, dialect)) })
    return undefined
  })
  return found
}

test('records have the numbers of their lines, also behind line ends in quotes', async () => {
  expect(await scan('a,b\r\n1,"x\r\ny\n"\r\n"he said ""no""",\r\n')).toEqual([
    { line: 1, texts: ['a', 'b'], problem: undefined },
    { line: 2, texts: ['1', 'x\r\ny\n'], problem: undefined },
    { line: 5, texts: ['he said "no"', undefined], problem: undefined },
  ])
})

test('a byte order mark is no text, and the last line needs no end', async () => {
  expect(await scan('\ufeffa\nb')).toMatchObject([
    { line: 1, texts: ['a'] },
    { line: 2, texts: ['b'] },
  ])
})

test('quotes behind a backslash, single quotes, no quotes', async () => {
  const backslash = { ...PLAIN, escape: 'backslash' } as const
  expect(await scan('"a\\"b","c\\\\"\n', backslash)).toMatchObject([{ texts: ['a"b', 'c\\'] }])
  expect(await scan("'a,b',\"c\n", { ...PLAIN, quote: "'" })).toMatchObject([
    { texts: ['a,b', '"c'] },
  ])
  expect(await scan('"a,b"\n', { ...PLAIN, quote: '' })).toMatchObject([{ texts: ['"a', 'b"'] }])
})

describe('what is broken is told', () => {
  test.each([
    ['a\n"b\nc\n', 2, 'a quote is opened and never closed'],
    ['a\n"b"c\n', 2, 'text follows a closing quote'],
    ['a\nb\r\n', 2, 'its line end is another than that of the lines before'],
    [Buffer.from([0x61, 10, 0xff, 10]), 2, 'it is not UTF-8'],
  ])('%j', async (content, line, problem) => {
    const found = await scan(content)
    expect(found.filter((one) => one.problem !== undefined)).toMatchObject([{ line, problem }])
  })
})

test('a record is the same wherever the parts of a file are cut', () => {
  const bytes = Buffer.from('1,"a ""b"" c",x\r\n2,y\r\n')
  const whole = readRecord(bytes, 0, PLAIN, true)
  expect(whole).toMatchObject({ lineEnd: '\r\n', end: 17, problem: undefined })
  for (let cut = 1; cut < bytes.length; cut += 1) {
    const part = readRecord(bytes.subarray(0, cut), 0, PLAIN, false)
    expect(part).toEqual(cut < 17 ? undefined : whole)
  }
})

test('a large file is read in parts', async () => {
  const row = `1,"${'x'.repeat(1_000)}\n"\n`
  const found = await scan(row.repeat(2_000))
  expect(found).toHaveLength(2_000)
  expect(found.at(-1)).toMatchObject({ line: 3_999, problem: undefined })
})

test('a record that never ends is given up', async () => {
  const found = await scan(`a\n"${'x'.repeat(17 * 1024 * 1024)}`)
  expect(found).toHaveLength(2)
  expect(found[1]).toMatchObject({
    line: 2,
    problem: expect.stringContaining('longer than 16 MiB'),
  })
})
