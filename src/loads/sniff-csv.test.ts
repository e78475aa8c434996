import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { columnNames } from './column-names.ts'
import { sniffCsv } from './sniff-csv.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bluegate-sniff-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

async function sniff(content: string, chosen = {}) {
  const file = join(directory, 'file.csv')
  writeFileSync(file, content)
  return await sniffCsv(file, chosen)
}

test.each([
  ['a,b\n1,2\n', ',', true],
  ['a;b;c\n1,5;2,5;3\n', ';', true],
  ['a\tb\n1\t2\n', '\t', true],
  ['a|b\n1|2\n', '|', true],
  ['name\nAnn\n', ',', true],
  ['1,2\n3,4\n', ',', false],
  ['2024-01-01,x\n', ',', false],
  ['id,id\n1,2\n', ',', false],
  [',b\n1,2\n', ',', true],
  ['"a;b",c\n"d;e",f\n', ',', true],
  ['', ',', true],
])('%j: delimiter %j, header %j', async (content, delimiter, header) => {
  expect(await sniff(content)).toMatchObject({ delimiter, header })
})

test('what is chosen is not guessed', async () => {
  const chosen = { delimiter: '|', header: false, decimal: ',' } as const
  expect(await sniff('a,b\n1,2\n', chosen)).toMatchObject(chosen)
})

test('names are there, printable and once', () => {
  expect(columnNames(['a', 'A', 'a', undefined, ' ', 'x\ny', 'a_2', '\u202e'])).toEqual([
    'a',
    'A_2',
    'a_3',
    'column_4',
    'column_5',
    'x y',
    'a_2_2',
    'column_8',
  ])
})
