import { expect, test } from 'vitest'
import { readableText } from './catalogue-text.ts'

const SPELLINGS: readonly (readonly [string, string])[] = [
  ['a OPERATOR(pg_catalog.~) b', 'a ~ b'],
  ["a ~ 'x' COLLATE pg_catalog.default", "a ~ 'x'"],
  ['a COLLATE "C"', 'a'],
  ['x::pg_catalog.text', 'x::text'],
  ['CAST(x AS pg_catalog.bigint)', 'CAST(x AS bigint)'],
]

test.each(SPELLINGS)('%s is read as %s', (written, read) => {
  expect(readableText(written).text.replace(/ +/g, ' ').trim().replace(/:: /, '::')).toBe(read)
})

test('every character stays in its place', () => {
  const text = "select 'é'::pg_catalog.text || b OPERATOR(pg_catalog.||) c from t"
  const read = readableText(text).text
  expect(Buffer.byteLength(read)).toBe(Buffer.byteLength(text))
  expect(read.indexOf('from t')).toBe(text.indexOf('from t'))
})

test.each([
  "'OPERATOR(pg_catalog.~) COLLATE pg_catalog.default'",
  '"pg_catalog.text"',
  '$$ x::pg_catalog.text $$',
  'x /* COLLATE "C" */',
  'pg_catalog.pg_class',
  'a COLLATE "de_DE"',
  'OPERATOR(other.~)',
])('%s is left as it is', (text) => {
  expect(readableText(text).text).toBe(text)
})

test('names are told in lower case, without those in strings and comments', () => {
  const { names } = readableText('SELECT "Pg_Class", PG_TYPE \'pg_enum\' -- pg_proc')
  expect([...names]).toEqual(['select', 'pg_class', 'pg_type'])
})
