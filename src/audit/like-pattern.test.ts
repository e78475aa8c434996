import { expect, test } from 'vitest'
import { likePattern } from './like-pattern.ts'

test.each([
  ['', '', true],
  ['', 'a', false],
  ['%', '', true],
  ['%', 'a\nb', true],
  ['a%', 'abc', true],
  ['%c', 'abc', true],
  ['%b%', 'abc', true],
  ['%b', 'abc', false],
  ['a_c', 'abc', true],
  ['a_c', 'ac', false],
  ['_', '😀', true],
  ['%a%b%c%', 'xxaxxbxxcxx', true],
  ['%a%b%c%', 'xxaxxcxxbxx', false],
  ['%aab', 'aaaab', true],
  ['.*', 'abc', false],
  ['ABC', 'abc', false],
  ['a\\%', 'a\\x', true],
])('%j matches %j: %s', (pattern, text, expected) => {
  expect(likePattern(pattern)(text)).toBe(expected)
})

test('a pattern made to take for ever does not', () => {
  const started = performance.now()
  expect(likePattern('%a'.repeat(50) + 'b')('a'.repeat(20_000))).toBe(false)
  expect(performance.now() - started).toBeLessThan(2000)
})
