import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { auditFilter } from '../../audit/audit-filter.ts'
import { auditEvent } from '../../audit/audit-log-contract.ts'
import type { AuditFilter } from '../../audit/audit-log.ts'
import { neededBytes } from './needed-bytes.ts'

const RECORD = {
  sequence: 7,
  time: '2026-03-01T10:00:00.000Z',
  ...auditEvent({
    username: 'bi',
    queryId: 12,
    outcome: 'failed',
    details: 'SELECT "a\n" FROM t',
    error: 'undefined_object: no table',
  }),
}
const LINE = lineOf(RECORD)

describe('a line that cannot be asked for is passed over', () => {
  test.each<AuditFilter>([
    { usernames: ['ib'] },
    { usernames: ['b'] },
    { usernames: [] },
    { outcomes: ['succeeded'] },
    { queryIds: [2] },
    { usernames: ['bi'], actions: ['login'] },
    { detailsLike: '%FROM u%' },
    { errorLike: 'no_such' },
  ])('%j', (filter) => {
    expect(neededBytes(filter)(LINE)).toBe(false)
    expect(auditFilter(filter)(RECORD)).toBe(false)
  })
})

describe('a line that is asked for is not', () => {
  test.each<AuditFilter>([
    {},
    { usernames: ['ib', 'bi'] },
    { queryIds: [12], outcomes: ['failed'] },
    { usernames: Array.from({ length: 100 }, (_, n) => (n === 99 ? 'bi' : `b${n}`)) },
    { detailsLike: '%"a\n"%' },
    { detailsLike: '%' },
    { detailsLike: 'SELECT ____ FROM%' },
    { errorLike: 'undefined_object: no%' },
    { statuses: ['execution_failed'] },
  ])('%j', (filter) => {
    expect(auditFilter(filter)(RECORD)).toBe(true)
    expect(neededBytes(filter)(LINE)).toBe(true)
  })
})

test('whatever is in a name or a text, what is asked for is let through', () => {
  const text = fc.string({ unit: 'binary' })
  const letThrough = fc.property(text, text, text, (username, before, after) => {
    const record = { ...RECORD, username, details: `${before}${username}${after}` }
    const filter = { usernames: [username], detailsLike: `%${username}%` }
    return !auditFilter(filter)(record) || neededBytes(filter)(lineOf(record))
  })
  expect(fc.check(letThrough)).toMatchObject({ failed: false })
})

function lineOf(record: typeof RECORD): Buffer {
  return Buffer.from(JSON.stringify(record))
}
