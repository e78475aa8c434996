import { expect, test } from 'vitest'
import { DAY, duration, minutesUntil, timeAgo, timeLeft, timeUntil } from './relative-time.ts'

const NOW = Date.parse('2030-05-05T12:00:00Z')
const at = (ms: number) => new Date(NOW + ms).toISOString()

test('a time is told in the largest unit that fits, never rounded up', () => {
  expect(timeAgo(at(-30_000), NOW)).toBe('just now')
  expect(timeAgo(at(-119_000), NOW)).toBe('1 minute ago')
  expect(timeAgo(at(-47 * 3_600_000), NOW)).toBe('1 day ago')
  expect(timeUntil(at(3 * DAY), NOW)).toBe('in 3 days')
  expect(timeUntil(at(400 * DAY), NOW)).toBe('in 1 year')
  expect(timeUntil(at(40_000), NOW)).toBe('in less than a minute')
  expect(timeUntil(at(-3 * DAY), NOW)).toBe('3 days ago')
})

test('what has happened is never in the future, even when clocks differ', () => {
  expect(timeAgo(at(5 * 60_000), NOW)).toBe('just now')
  expect(timeAgo(at(400 * DAY), NOW)).toBe('just now')
})

test.each([
  [3 * DAY - 1, 'in 2 days', '2 days left'],
  [2 * DAY - 1, 'in 1 day', '1 day left'],
  [DAY - 1, 'in 23 hours', '23 hours left'],
  [59_000, 'in less than a minute', 'less than a minute left'],
])('%i ms before its end, both say the same', (ms, until, left) => {
  expect(timeUntil(at(ms), NOW)).toBe(until)
  expect(timeLeft(at(ms), NOW)).toBe(left)
})

test('minutes left are never zero', () => {
  expect(minutesUntil(at(1_000), NOW)).toBe(1)
  expect(minutesUntil(at(-1_000), NOW)).toBe(1)
  expect(minutesUntil(at(241_000), NOW)).toBe(5)
})

test('durations have two units at most', () => {
  expect(duration(12)).toBe('12 ms')
  expect(duration(1_250)).toBe('1.3 s')
  expect(duration(184_000)).toBe('3 min 4 s')
  expect(duration(3_700_000)).toBe('1 h 1 min')
})
