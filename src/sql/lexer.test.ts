import { expect, test } from 'vitest'
import type { GatewayError } from '../base/gateway-error.ts'
import { tokenize } from './lexer.ts'
import {
  commentNestingMax,
  identifierCharactersMax,
  nestingMax,
  operatorRunMax,
} from './lexical-limits.ts'

function values(text: string): string[] {
  return tokenize(text).map(({ kind, value }) => `${kind} ${value}`)
}

function refusal(text: string): Pick<GatewayError, 'kind' | 'position'> {
  try {
    tokenize(text)
  } catch (thrown) {
    return thrown as GatewayError
  }
  throw new Error('it was taken')
}

test('words are folded, quoted names are not', () => {
  expect(values('SELECT Foo, "Foo", "a ""b"""')).toEqual([
    'word select',
    'word foo',
    'symbol ,',
    'quoted Foo',
    'symbol ,',
    'quoted a "b"',
  ])
})

test('strings of every form are read to their content', () => {
  expect(values("'it''s'")).toEqual(["string it's"])
  expect(values("'a\\' ")).toEqual(['string a\\'])
  expect(values("E'a\\'b\\n\\x41\\u00e9\\101'")).toEqual(["string a'b\nAéA"])
  expect(values('$$a;b$$ $t$c$$d$t$')).toEqual(['string a;b', 'string c$$d'])
  expect(values("x'41' b'1' n'n'")).toEqual(['string 41', 'string 1', 'string n'])
})

test('a dollar inside a word begins no string', () => {
  expect(values('a$b$c')).toEqual(['word a$b$c'])
})

test('parameters and numbers are one token each', () => {
  expect(values('$1 $name ? ?2')).toEqual([
    'parameter $1',
    'parameter $name',
    'parameter ?',
    'parameter ?2',
  ])
  expect(values('1 1.5 .5 1e-5 0xff 1_000 12.')).toEqual(
    ['1', '1.5', '.5', '1e-5', '0xff', '1_000', '12.'].map((number) => `number ${number}`),
  )
})

test('comments are left out, also those inside one another and at the end', () => {
  expect(values('1 -- two\n 3 /* four /* five */ six */ 7 -- eight')).toEqual([
    'number 1',
    'number 3',
    'number 7',
  ])
})

test('the blanks that the engine takes for blanks are blanks, other letters are letters', () => {
  expect(values('a\u00a0b\u2003c\u3000d\ufeffe')).toEqual(
    ['a', 'b', 'c', 'd', 'e'].map((w) => `word ${w}`),
  )
  expect(values('naïve ＡＢ')).toEqual(['word naïve', 'word ａｂ'])
})

test('NUL, control characters and half characters are refused where they stand', () => {
  expect(refusal("select 'a\0b'")).toMatchObject({
    kind: 'character_not_in_repertoire',
    position: 10,
  })
  expect(refusal('select \u0001')).toMatchObject({
    kind: 'character_not_in_repertoire',
    position: 8,
  })
  expect(refusal("select '\ud800'")).toMatchObject({ kind: 'character_not_in_repertoire' })
  expect(values("select '\u0001\u007f🙂'")).toHaveLength(2)
})

test('what has no end is a syntax error at its beginning, counted in characters', () => {
  for (const text of ["🙂 'a", '🙂 "a', '🙂 /* a', '🙂 $$a', "🙂 E'a\\'"]) {
    expect(refusal(text)).toMatchObject({ kind: 'syntax_error', position: 3 })
  }
  expect(refusal('select ""')).toMatchObject({ kind: 'syntax_error', position: 8 })
  expect(refusal("select E'\\u12'")).toMatchObject({ kind: 'syntax_error', position: 8 })
})

test.each([
  ['nesting', (n: number) => '('.repeat(n) + ')'.repeat(n), nestingMax],
  ['CASE', (n: number) => 'case '.repeat(n), nestingMax],
  ['operators', (n: number) => `1${'+1'.repeat(n)}`, operatorRunMax],
  ['NOT', (n: number) => 'not '.repeat(n), operatorRunMax],
  ['comments', (n: number) => '/*'.repeat(n) + '*/'.repeat(n), commentNestingMax],
  ['parts of a name', (n: number) => `a${'.a'.repeat(n - 1)}`, 8],
  ['tables', (n: number) => `select 1 from a${', a'.repeat(n - 1)}`, 64],
  ['joins', (n: number) => `select 1 from a${' join a'.repeat(n - 1)}`, 64],
  ['set operations', (n: number) => `select 1${' union select 1'.repeat(n)}`, 100],
  ['subscripts', (n: number) => `a${'[1]'.repeat(n)}`, 64],
  ['casts', (n: number) => `a${'::b'.repeat(n)}`, 64],
])('%s: up to the limit, and no further', (_name, text, max) => {
  expect(() => tokenize(text(max))).not.toThrow()
  expect(refusal(text(max + 1)).kind).toBe('statement_too_complex')
})

test('an identifier may be so long and no longer', () => {
  expect(() => tokenize(`"${'a'.repeat(identifierCharactersMax)}"`)).not.toThrow()
  expect(refusal(`"${'a'.repeat(identifierCharactersMax + 1)}"`).kind).toBe('program_limit')
})

test('limits of one expression do not add up over a list, nor over statements', () => {
  const sum = `1${'+1'.repeat(200)}`
  expect(() => tokenize(`select ${[sum, sum, sum].join(', ')}; select ${sum}`)).not.toThrow()
  expect(() =>
    tokenize(`select 1 from ${'a, '.repeat(50)}a; select 1 from ${'a, '.repeat(50)}a`),
  ).not.toThrow()
  expect(() => tokenize(`select 1 where ${'a = 1 or '.repeat(1_000)}true`)).not.toThrow()
})

test('a million characters are read in linear time', () => {
  const started = performance.now()
  tokenize(`select '${'a'.repeat(1_000_000)}'`)
  tokenize(`select /*${' '.repeat(1_000_000)}*/ 1`)
  expect(refusal(`select ${'"a'.repeat(340_001)}`).kind).toBe('statement_too_complex')
  expect(refusal(`select ${'$a '.repeat(300_000)}`).kind).toBe('statement_too_complex')
  expect(performance.now() - started).toBeLessThan(5_000)
})
