import { expect, test } from 'vitest'
import { assignNumbers } from './object-ids.ts'

const many = Array.from({ length: 100_000 }, (_, index) => `table ${index}`)

test('numbers are those of users, fit into 31 bits and never meet', () => {
  const numbers = [...assignNumbers(many).values()]
  expect(new Set(numbers).size).toBe(many.length) // about two of so many would meet by chance
  expect(Math.min(...numbers.slice(0, 50_000))).toBeGreaterThanOrEqual(16_384)
  expect(Math.max(...numbers.slice(0, 50_000))).toBeLessThan(2 ** 31)
})

test('a number depends on the id alone, in whatever order objects come', () => {
  const ids = many.slice(0, 100)
  expect(assignNumbers(ids.toReversed())).toEqual(assignNumbers(ids))
  const alone = assignNumbers(ids.slice(7, 8))
  expect(alone.get('table 7')).toBe(assignNumbers(ids).get('table 7'))
})
