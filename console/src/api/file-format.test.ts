import { expect, test } from 'vitest'
import { ApiError } from './api-error.ts'
import { formatOf } from './file-format.ts'

test.each([
  ['airports.csv', 'iata,name\n', 'csv'],
  ['data', 'a;b\n', 'csv'],
  ['flights.parquet', 'PAR1....PAR1', 'parquet'],
  ['flights', 'PAR1....PAR1', 'parquet'],
  // The gateway says what is wrong with it.
  ['broken.parquet', 'a,b\n', 'parquet'],
])('%s that begins with %j is %s', async (name, text, format) => {
  expect(await formatOf(fileOf(name, text))).toBe(format)
})

test.each([
  ['book.csv', 'PK\u0003\u0004', /workbook or a ZIP/],
  ['data.csv.gz', new Uint8Array([0x1f, 0x8b, 8, 0]), /compressed/],
  ['empty.csv', '', /empty/],
])('%s is refused with what to do instead', async (name, content, title) => {
  const refused: unknown = await formatOf(fileOf(name, content)).catch((error: unknown) => error)
  if (!(refused instanceof ApiError)) throw new Error('it was not refused')
  expect(refused.problem.title).toMatch(title)
  expect(refused.problem.hint).toMatch(/Save|Unpack|Choose/)
})

function fileOf(name: string, content: string | Uint8Array<ArrayBuffer>) {
  return Object.assign(new Blob([content]), { name })
}
