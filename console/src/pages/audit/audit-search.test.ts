import { describe, expect, test } from 'vitest'
import type { AuditRecord } from '../../api/audit.ts'
import { auditFilter, matchesSearch, readAuditSearch } from './audit-search.ts'

const NOW = Date.parse('2030-05-05T12:00:00Z')

test('an address holds filters; what is no filter is left out', () => {
  expect(
    readAuditSearch({ since: 'week', who: 'bi', outcome: 'refused', category: 'SESSION', x: 1 }),
  ).toEqual({ since: 'week', who: 'bi', outcome: 'refused', category: 'SESSION' })
  expect(readAuditSearch({ since: 'yesterday', outcome: 'odd', who: 7, text: '' })).toEqual({})
})

test('without a time the last day is asked for', () => {
  expect(auditFilter({}, NOW)).toEqual({ from: '2030-05-04T12:00:00.000Z' })
  expect(auditFilter({ since: 'ever' }, NOW)).toEqual({})
})

test('several names are several, and a searched text has no wildcard for more than one character', () => {
  expect(auditFilter({ since: 'ever', who: 'bi, etl ,', text: '100% sure' }, NOW)).toEqual({
    usernames: ['bi', 'etl'],
    detailsLike: '%100_ sure%',
  })
})

test('a time that is none does not restrict', () => {
  expect(auditFilter({ since: 'between', from: 'soon' }, NOW)).toEqual({})
})

describe('a record that arrives live', () => {
  const record = {
    username: 'bi',
    category: 'SELECT',
    action: 'statement',
    outcome: 'succeeded',
    details: 'SELECT * FROM Flights',
  } as AuditRecord

  test('is shown when every filter fits', () => {
    expect(matchesSearch(record, {})).toBe(true)
    expect(
      matchesSearch(record, { who: 'etl, bi', category: 'SELECT', text: 'Flights', since: 'hour' }),
    ).toBe(true)
  })

  test('is not shown when one does not', () => {
    expect(matchesSearch(record, { who: 'b' })).toBe(false)
    expect(matchesSearch(record, { outcome: 'failed' })).toBe(false)
    expect(matchesSearch(record, { text: 'flights' })).toBe(false)
  })
})
