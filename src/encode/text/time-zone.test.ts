import fc from 'fast-check'
import { expect, test } from 'vitest'
import { timeZone } from './time-zone.ts'

const at = (text: string) => Date.parse(text) / 1000
const offset = (zone: string, text: string) => timeZone(zone).offsetAt(at(text))

test('summer and winter time, to the second of the change', () => {
  expect(offset('Europe/Berlin', '2024-03-31T00:59:59Z')).toBe(3600)
  expect(offset('Europe/Berlin', '2024-03-31T01:00:00Z')).toBe(7200)
  expect(offset('Europe/Berlin', '2024-10-27T00:59:59Z')).toBe(7200)
  expect(offset('Europe/Berlin', '2024-10-27T01:00:00Z')).toBe(3600)
})

test('history: local mean time with its seconds, and half-hour changes', () => {
  expect(offset('America/New_York', '1850-01-01T00:00:00Z')).toBe(-(4 * 3600 + 56 * 60 + 2))
  expect(offset('Asia/Kolkata', '2024-01-01T00:00:00Z')).toBe(5.5 * 3600)
  expect(offset('Australia/Lord_Howe', '2024-01-01T00:00:00Z')).toBe(11 * 3600)
  expect(offset('Australia/Lord_Howe', '2024-07-01T00:00:00Z')).toBe(10.5 * 3600)
})

test('a day that was left out', () => {
  expect(offset('Pacific/Apia', '2011-12-30T09:59:59Z')).toBe(-10 * 3600)
  expect(offset('Pacific/Apia', '2011-12-30T10:00:00Z')).toBe(14 * 3600)
})

test('names in any case, hours to the east, and POSIX offsets to the west', () => {
  expect(offset('europe/berlin', '2024-01-01T00:00:00Z')).toBe(3600)
  for (const [name, seconds] of [
    ['UTC', 0],
    ['+02', 7200],
    ['-3.5', -12600],
    ['UTC+3', -10800],
    ['<+05>-5:30', 19800],
    ['+02:00', -7200],
  ] as const) {
    expect(timeZone(name).offsetAt(0)).toBe(seconds)
  }
})

test('an unknown zone is refused', () => {
  for (const name of ['Mars/Olympus', '', '999', 'UTC+999']) {
    expect(() => timeZone(name)).toThrow(
      expect.objectContaining({ kind: 'invalid_parameter_value' }),
    )
  }
})

test('years of six digits follow the rules of the last year that is known', () => {
  // 284257 is, of its 400 years, in the place of 2257
  expect(timeZone('Europe/Berlin').offsetAt(8_908_122_501_180)).toBe(3600)
  expect(timeZone('Europe/Berlin').offsetAt(8_908_122_501_180 + 120 * 86400)).toBe(7200)
})

test('offsets equal those of Intl at any instant', () => {
  const zones = ['Europe/Berlin', 'America/St_Johns', 'Asia/Gaza', 'Antarctica/Troll']
  const seconds = fc.integer({ min: at('1900-01-01T00:00:00Z'), max: at('2100-01-01T00:00:00Z') })
  fc.assert(
    fc.property(fc.constantFrom(...zones), seconds, (zone, instant) => {
      const local = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        dateStyle: 'short',
        timeStyle: 'medium',
      }).format(instant * 1000)
      expect(timeZone(zone).offsetAt(instant)).toBe(at(`${local.replace(' ', 'T')}Z`) - instant)
    }),
    { numRuns: 1000 },
  )
})
