import { expect, test } from 'vitest'
import { limitFacts } from './limit-words.ts'

test('limits are told in their order, with units; what has no limit is not told', () => {
  expect(limitFacts({})).toEqual([])
  expect(
    limitFacts({
      hours: 'daily 08:00-18:00 UTC',
      secondsPerStatement: 90,
      bytesPerHour: 2_000_000,
      rowsPerStatement: 10_000,
    }),
  ).toEqual([
    ['Rows of a statement', '10,000'],
    ['Seconds of a statement', '90 s'],
    ['Bytes an hour', '2.0 MB'],
    ['Hours', 'daily 08:00-18:00 UTC'],
  ])
})
