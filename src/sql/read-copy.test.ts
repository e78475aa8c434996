import { describe, expect, test } from 'vitest'
import { GatewayError } from '../base/gateway-error.ts'
import { readStatements } from './read-statements.ts'
import type { CopyOutStatement } from './statement.ts'

function read(text: string): CopyOutStatement {
  const [statement] = readStatements(text, 'postgres')
  if (statement?.kind !== 'engine' || statement.form !== 'copy_out') throw new Error(text)
  return statement
}

function refusal(text: string): GatewayError {
  try {
    read(text)
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error(`was read: ${text}`)
}

test('a table, some of its columns, a query', () => {
  expect(read('COPY "My T" TO STDOUT')).toMatchObject({ table: ['My T'], columns: [] })
  expect(read('copy s.T (A, "B") to stdout')).toMatchObject({
    table: ['s', 't'],
    columns: ['a', 'B'],
  })
  const text = '/* x */ copy ( select (1) ) to stdout'
  const { query } = read(text)
  expect(text.slice(query?.start, query?.end)).toBe('select (1)')
})

test('without options: tabs and \\N, or commas and nothing', () => {
  const text = { format: 'text', delimiter: '\t', nullText: '\\N', header: false }
  expect(read('copy t to stdout').options).toMatchObject(text)
  const csv = { format: 'csv', delimiter: ',', nullText: '', quote: '"', escape: '"' }
  expect(read('copy t to stdout csv').options).toMatchObject(csv)
})

test('the form with brackets and the old one say the same', () => {
  const both = [
    `copy t to stdout with (format csv, header, delimiter ';', null '-', quote '''', escape '!', force_quote (a, b))`,
    `copy t to stdout with csv header delimiter as ';' null '-' quote '''' escape as '!' force quote a, b`,
  ]
  for (const text of both) {
    expect(read(text).options).toEqual({
      format: 'csv',
      header: true,
      delimiter: ';',
      nullText: '-',
      quote: "'",
      escape: '!',
      forceQuote: ['a', 'b'],
      forceNotNull: [],
      forceNull: [],
    })
  }
  expect(read('copy t to stdout binary').options.format).toBe('binary')
  expect(read('copy t to stdout (header off)').options.header).toBe(false)
  expect(
    read("copy t to stdout (force_quote *, format csv, encoding 'utf8')").options,
  ).toMatchObject({
    forceQuote: 'all',
  })
})

describe('refuses', () => {
  test.each([
    ['copy t to stdout (format csv, format text)', 'syntax_error'],
    ['copy t to stdout (header maybe)', 'syntax_error'],
    ['copy t to stdout (delimiter x)', 'syntax_error'],
    ['copy t to stdout nonsense', 'syntax_error'],
    ['copy () to stdout', 'syntax_error'],
    ['copy (select 1 to stdout', 'syntax_error'],
    ['copy t to', 'syntax_error'],
    ["copy t to stdout (delimiter '\\')", 'invalid_parameter_value'],
    ["copy t to stdout (quote '!')", 'feature_not_supported'],
    ["copy t to stdout (format binary, delimiter ',')", 'syntax_error'],
    ["copy t to stdout (format csv, delimiter '\"')", 'invalid_parameter_value'],
    ["copy t to stdout (format csv, null 'a,b')", 'feature_not_supported'],
    ["copy t to stdout (encoding 'latin1')", 'feature_not_supported'],
    ['copy t to stdout (freeze)', 'feature_not_supported'],
    ["copy t to 'file'", 'feature_not_supported'],
  ])('%s: %s', (text, kind) => {
    expect(refusal(text).kind).toBe(kind)
  })
})

test('COPY FROM STDIN has a target and its own options', () => {
  const [statement] = readStatements(
    'copy s.t (A) from stdin (format csv, header match, force_null (a))',
    'postgres',
  )
  expect(statement).toMatchObject({
    kind: 'engine',
    form: 'copy_in',
    table: ['s', 't'],
    columns: ['a'],
    options: { format: 'csv', header: 'match', forceNull: ['a'], forceNotNull: [] },
  })
})
