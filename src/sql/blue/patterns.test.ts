import { describe, expect, test } from 'vitest'
import { isWholeRegex, likeAsRegex, quoted, searchAsRegex, UnclearPattern } from './patterns.ts'

test.each([
  ['[A-Z]%', '(?s)[A-Z].*'],
  ['[^a]_', '(?s)[^a].'],
  ['a.c[*+]', '(?s)a\\.c[*+]'],
  ['\\[x]', '(?s)\\[x\\]'],
  ['\\%[a]%%', '(?s)%[a].*'],
  ['[a^]', '(?s)[a\\^]'],
  ['[💡-💪]', '(?s)[💡-💪]'],
])('LIKE %s is %s', (pattern, regex) => {
  expect(likeAsRegex(pattern)).toBe(regex)
})

test.each(['[', '[]', '[a', 'a\\', '[z-a]', '[^]', '[[:alpha:]]'])('%s is unclear', (pattern) => {
  expect(() => likeAsRegex(pattern)).toThrow(UnclearPattern)
})

test.each([
  ['%b', '(?s)^(.*?)b$'],
  ['b%', '(?s)^()b'],
  ['%%b%%', '(?s)^(.*?)b'],
  ['%b\\%', '(?s)^(.*?)b%$'],
  ['b', '(?s)^()b$'],
])('the place of %s is found by %s', (pattern, regex) => {
  expect(searchAsRegex(pattern)).toBe(regex)
})

describe('a regular expression stays whole inside of another one', () => {
  test.each(['', 'a|b', '(a)(b)', '[()]', '\\(', '[]a)]', '[^])]', '[[:alpha:])]', '(?i)a'])(
    '%s',
    (regex) => {
      expect(isWholeRegex(regex)).toBe(true)
    },
  )
  test.each(['a)(b', '(', ')', '[a', 'a\\', '\\Qa', '(?:'])('but not %s', (regex) => {
    expect(isWholeRegex(regex)).toBe(false)
  })
})

test('a string of SQL has its quotes doubled', () => {
  expect(quoted("it's")).toBe("'it''s'")
})
