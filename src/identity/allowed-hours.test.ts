import { expect, test } from 'vitest'
import { parseAllowedHours } from './allowed-hours.ts'

const at = (text: string): number => Date.parse(text)

test.each([
  ['mon-fri 08:00-18:00 UTC', 'mon-fri 08:00-18:00 UTC'],
  ['  MON,tue,wed,thu,fri   08:00-18:00 Europe/Berlin ', 'mon-fri 08:00-18:00 Europe/Berlin'],
  ['sat,sun 00:00-24:00 UTC', 'sat,sun 00:00-24:00 UTC'],
  ['mon-sun 22:00-06:00 UTC', 'daily 22:00-06:00 UTC'],
  ['sat-mon 09:00-10:00 UTC', 'mon,sat,sun 09:00-10:00 UTC'],
])('%s is kept as %s', (text, kept) => {
  expect(parseAllowedHours(text).text).toBe(kept)
})

test.each([
  '',
  'mon-fri 08:00-18:00',
  'mon-fri 8-18 UTC',
  'mon-fri 08:00-25:00 UTC',
  'mon-fri 08:60-18:00 UTC',
  'mon-fri 24:00-18:00 UTC',
  'mo 08:00-18:00 UTC',
  'mon- 08:00-18:00 UTC',
  'mon-wed-fri 08:00-18:00 UTC',
  'daily 08:00-18:00 Europe/Nowhere',
  `daily 08:00-18:00 ${'x'.repeat(300)}`,
])('%s is refused', (text) => {
  expect(() => parseAllowedHours(text)).toThrow('are no hours')
})

test('days and times count in the time zone, summer time included', () => {
  const hours = parseAllowedHours('mon-fri 08:00-18:00 Europe/Berlin')
  expect(hours.includes(at('2026-07-06T05:59:00Z'))).toBe(false) // Monday, 07:59 in summer
  expect(hours.includes(at('2026-07-06T06:00:00Z'))).toBe(true)
  expect(hours.includes(at('2026-01-05T06:30:00Z'))).toBe(false) // 07:30 in winter
  expect(hours.includes(at('2026-01-05T07:00:00Z'))).toBe(true)
  expect(hours.includes(at('2026-07-06T16:00:00Z'))).toBe(false) // 18:00: the end is not part of it
  expect(hours.includes(at('2026-07-05T10:00:00Z'))).toBe(false) // Sunday
})

test('a span over midnight belongs to the day on which it begins', () => {
  const hours = parseAllowedHours('fri 22:00-06:00 UTC')
  expect(hours.includes(at('2026-07-03T21:59:00Z'))).toBe(false)
  expect(hours.includes(at('2026-07-03T23:00:00Z'))).toBe(true) // Friday
  expect(hours.includes(at('2026-07-04T05:59:00Z'))).toBe(true) // Saturday, still
  expect(hours.includes(at('2026-07-04T06:00:00Z'))).toBe(false)
  expect(hours.includes(at('2026-07-04T23:00:00Z'))).toBe(false)
  expect(hours.includes(at('2026-07-03T05:00:00Z'))).toBe(false) // the night to Friday
})

test('the whole day', () => {
  const hours = parseAllowedHours('mon 00:00-24:00 UTC')
  expect(hours.includes(at('2026-07-06T23:59:59Z'))).toBe(true)
  expect(hours.includes(at('2026-07-07T00:00:00Z'))).toBe(false)
})
