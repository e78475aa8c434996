import { expect, test } from 'vitest'
import { errorText } from './error-text.ts'
import { printResult } from './print-result.ts'
import { csvLine, delimiterOf } from './result-form.ts'
import type { ResultForm } from './result-form.ts'
import type { SqlEvent } from './sql-connection.ts'

const CSV: ResultForm = {
  table: false,
  delimiter: ',',
  resultsOnly: false,
  rows: true,
  forTerminal: false,
}

async function print(events: readonly SqlEvent[], form: Partial<ResultForm> = {}) {
  const run = { out: '', err: '' }
  const ports = {
    write: (text: string | Uint8Array) => {
      run.out += String(text)
      return Promise.resolve()
    },
    writeError: (text: string) => void (run.err += text),
  }
  const pieces = (async function* () {
    await Promise.resolve()
    yield events
  })()
  const isGood = await printResult(ports, pieces, 'select nope', { ...CSV, ...form })
  return { ...run, isGood }
}

const rows = (count: number): SqlEvent[] => [
  { kind: 'columns', names: ['a', 'b'] },
  ...Array.from({ length: count }, (): SqlEvent => ({ kind: 'row', values: ['1', null] })),
  { kind: 'tag', tag: `SELECT ${count}` },
]

test('CSV holds rows alone; counts and times go to the other stream', async () => {
  const { out, err } = await print(rows(2))
  expect(out).toBe('a,b\n1,\\N\n1,\\N\n')
  expect(err).toMatch(/^2 rows\ntime: \d+\.\d{3} s\n$/)
})

test('results only: not even the names of the columns', async () => {
  expect(await print(rows(1), { resultsOnly: true })).toEqual({
    out: '1,\\N\n',
    err: '',
    isGood: true,
  })
})

test('without results, rows are counted', async () => {
  const { out, err } = await print(rows(3), { rows: false })
  expect(out).toBe('')
  expect(err).toContain('3 rows')
})

test('a table says that it does not show all', async () => {
  const whole = await print(rows(1_000), { table: true })
  expect(whole.out).not.toContain('shown')
  const cut = await print(rows(1_001), { table: true })
  expect(cut.out).toContain(
    '(the first 1,000 rows of 1,001 are shown; --table-view false gives all)',
  )
  expect(cut.out).toContain('\n1,001 rows\n')
})

test('a table keeps few rows when they are long', async () => {
  const long: SqlEvent = { kind: 'row', values: ['x'.repeat(3 * 1024 * 1024)] }
  const short: SqlEvent = { kind: 'row', values: ['y'] }
  const events: SqlEvent[] = [{ kind: 'columns', names: ['a'] }, long, long, short]
  const { out } = await print([...events, { kind: 'tag', tag: 'SELECT 3' }], { table: true })
  expect(out).toContain('(the first 1 row of 3 are shown')
  expect(out).not.toContain('y')
})

test('a text that looks like NULL, a delimiter, a quote or nothing is quoted', () => {
  expect(csvLine(['\\N', 'a,b', 'say "x"', '', 'two\nlines', null], CSV)).toBe(
    '"\\N","a,b","say ""x""","","two\nlines",\\N\n',
  )
  expect(csvLine(['a,b', 'a|b'], { ...CSV, delimiter: '|' })).toBe('a,b|"a|b"\n')
})

test('a terminal is shown what it would obey', () => {
  expect(csvLine(['\u001b[2J'], { ...CSV, forTerminal: true })).toBe('\\u001b[2J\n')
  expect(csvLine(['\u001b[2J'], CSV)).toBe('\u001b[2J\n')
})

test.each(['\\', 'N', '-', ':', '"', '\n', '\r', '.', 'a', '7', '', '||'])(
  'delimiter %j',
  (one) => {
    expect(() => delimiterOf(one)).toThrow('cannot be used')
  },
)

test.each([',', '|', ';', '\t', 'A'])('delimiter %j can be used', (one) => {
  expect(delimiterOf(one)).toBe(one)
})

test('an error shows its place under the line, counted in characters', () => {
  const error = {
    severity: 'ERROR',
    code: '42703',
    message: 'column "nope" does not exist',
    detail: undefined,
    hint: 'Look.',
    position: 15,
  }
  expect(errorText(error, "select '😀',\n  nope\nfrom t")).toBe(
    'error: column "nope" does not exist (42703)\nLINE 2:   nope\n          ^\nhint: Look.\n',
  )
})

test('a statement that fails is no success', async () => {
  const fields = { severity: 'ERROR', code: '42703', message: 'no', detail: undefined }
  const message = { ...fields, hint: undefined, position: undefined }
  const { isGood, err } = await print([{ kind: 'error', message }])
  expect(isGood).toBe(false)
  expect(err).toBe('error: no (42703)\n')
})
