import { afterEach, expect, test } from 'vitest'
import { silentLog } from '../../base/log.ts'
import { ExpiryWarner } from './warn-of-expiry.ts'
import type { Ending } from './warn-of-expiry.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const END = Date.parse('2030-02-01T12:00:00Z')

let warner: ExpiryWarner | undefined
afterEach(() => warner?.stop())

function ending(id: string, endsAt = END): Ending {
  return { id, what: `the access token of "${id}"`, endsAt, fix: 'regenerate it' }
}

function watch(endings: () => readonly Ending[]): {
  at: (time: number) => string[]
} {
  let now = 0
  let lines: string[] = []
  const log = { ...silentLog, warn: (_: unknown, message: string) => void lines.push(message) }
  return {
    at(time) {
      now = time
      lines = []
      if (warner) warner.look()
      else warner = new ExpiryWarner(endings, log, () => now)
      return lines
    },
  }
}

test('an end is told 14, 3 and 1 days before and on the day, once each', () => {
  warner = undefined
  const log = watch(() => [ending('bi')])
  const told = new Map<number, string>()
  for (let hours = 20 * 24; hours > -48; hours -= 1) {
    for (const line of log.at(END - hours * HOUR_MS)) told.set(hours, line)
  }
  expect([...told]).toEqual([
    [14 * 24, 'the access token of "bi" expires in 14 days'],
    [3 * 24, 'the access token of "bi" expires in 3 days'],
    [24, 'the access token of "bi" expires in a day or less'],
    [0, 'the access token of "bi" has expired'],
  ])
})

test('a start tells what is due, and no more than that', () => {
  warner = undefined
  const endings = [
    ending('far', END + 20 * DAY_MS),
    ending('near'),
    ending('past', END - 9 * DAY_MS),
  ]
  const log = watch(() => endings)
  expect(log.at(END - 2 * DAY_MS)).toEqual([
    'the access token of "near" expires in 2 days',
    'the access token of "past" has expired',
  ])
  expect(log.at(END - 2 * DAY_MS + HOUR_MS)).toEqual([])
})

test('a regenerated token is another ending', () => {
  warner = undefined
  let current = ending('old')
  const log = watch(() => [current])
  expect(log.at(END - HOUR_MS)).toHaveLength(1)
  current = ending('new', END + 60 * DAY_MS)
  expect(log.at(END)).toEqual([])
  expect(log.at(END + 59.5 * DAY_MS)).toHaveLength(1)
})
