import { expect, test } from 'vitest'
import { DAY, duration, minutesUntil, relativeTime } from './relative-time.ts'

const NOW = Date.parse('2030-05-05T12:00:00Z')
const at = (ms: number) => new Date(NOW + ms).toISOString()

test('a time is told in the largest unit that fits, never rounded up', () => {
  expect(relativeTime(at(-30_000), NOW)).toBe('just now')
  expect(relativeTime(at(-119_000), NOW)).toBe('1 minute ago')
  expect(relativeTime(at(-26 * 3_600_000), NOW)).toBe('yesterday')
  expect(relativeTime(at(3 * DAY), NOW)).toBe('in 3 days')
  expect(relativeTime(at(400 * DAY), NOW)).toBe('next year')
  expect(relativeTime(at(40_000), NOW)).toBe('in less than a minute')
  expect(relativeTime(at(4_000), NOW)).toBe('just now')
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
