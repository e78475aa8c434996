import { expect, test } from 'vitest'
import { AttemptCounter } from './attempt-counter.ts'

test('counts in windows that begin with the first attempt', () => {
  let now = 0
  const counter = new AttemptCounter(1_000, () => now)
  expect([counter.count('a'), counter.remainingMs('a')]).toEqual([0, 0])
  counter.add('a')
  now = 400
  counter.add('a')
  counter.add('b')
  expect([counter.count('a'), counter.remainingMs('a')]).toEqual([2, 600])
  counter.takeBack('a')
  expect(counter.count('a')).toBe(1)
  now = 1_000
  expect([counter.count('a'), counter.count('b')]).toEqual([0, 1])
  counter.forget('b')
  counter.takeBack('b')
  expect(counter.count('b')).toBe(0)
})

test('of more sources than it keeps the oldest ones are forgotten', () => {
  const counter = new AttemptCounter(1_000, () => 0)
  for (let source = 0; source <= 50_000; source += 1) counter.add(`${source}`)
  expect([counter.count('0'), counter.count('1'), counter.count('50000')]).toEqual([0, 1, 1])
})
