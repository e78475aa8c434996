import { expect, test } from 'vitest'
import type { EndingToken } from '../../identity/identity.ts'
import { findWarnings } from './find-warnings.ts'
import type { WarningSources } from './find-warnings.ts'

const DAY_MS = 86_400_000
const NOW = Date.parse('2030-01-01T00:00:00Z')
const WELL: WarningSources = {
  now: NOW,
  startedAt: '2029-12-31T00:00:00.000Z',
  tokens: [],
  certificates: [{ what: "The server's certificate", endsAt: NOW + 60 * DAY_MS }],
  disk: { freeBytes: 10_000, keepFreeBytes: 100 },
  auditProblem: undefined,
  users: 1,
  lastBackupAt: '2029-12-31T12:00:00.000Z',
}

function token(clientName: string, days: number): EndingToken {
  return { id: clientName, clientName, endsAt: NOW + days * DAY_MS }
}

test('where all is well there is no warning', () => {
  expect(findWarnings({ ...WELL, tokens: [token('b', 15)] })).toEqual([])
  expect(findWarnings({ ...WELL, users: undefined })).toEqual([])
})

test('each kind says what is so and what to do, worst first', () => {
  const warnings = findWarnings({
    ...WELL,
    tokens: [token('soon', 10), token('gone', -1), token('tomorrow', 1)],
    certificates: [
      { what: "The server's certificate", endsAt: NOW + 10 * DAY_MS },
      { what: 'The certificate of the CA', endsAt: NOW - DAY_MS },
    ],
    disk: { freeBytes: 99, keepFreeBytes: 100 },
    auditProblem: { text: 'The audit cannot be proven.', since: '2029-12-30T00:00:00.000Z' },
    users: 0,
    lastBackupAt: undefined,
  })
  expect(warnings.map(({ kind, severity, client: who }) => [kind, severity, who])).toEqual([
    ['audit_unproven', 'critical', undefined],
    ['disk_low', 'critical', undefined],
    ['certificate_expiring', 'critical', undefined],
    ['certificate_expiring', 'warning', undefined],
    ['token_expired', 'warning', 'gone'],
    ['token_expiring', 'warning', 'tomorrow'],
    ['token_expiring', 'info', 'soon'],
    ['no_user', 'info', undefined],
    ['no_backup', 'info', undefined],
  ])
  expect(warnings.every(({ text, fix, since }) => text && fix && Date.parse(since))).toBe(true)
  expect(warnings[2]?.text).toBe('The certificate of the CA expired on 2029-12-31.')
})

test('a disk that gets low is a warning before it is a wall', () => {
  const low = findWarnings({ ...WELL, disk: { freeBytes: 399, keepFreeBytes: 100 } })
  expect(low).toMatchObject([{ kind: 'disk_low', severity: 'warning' }])
  expect(findWarnings({ ...WELL, disk: { freeBytes: 400, keepFreeBytes: 100 } })).toEqual([])
})

test('of many tokens that end the soonest are named, and the others counted', () => {
  const tokens = Array.from({ length: 60 }, (_, at) => token(`c${at}`, 10 - at / 60))
  const warnings = findWarnings({ ...WELL, tokens })
  expect(warnings).toHaveLength(51)
  expect(warnings[0]).toMatchObject({ client: 'c59' })
  expect(warnings.at(-1)?.text).toBe(
    'The access tokens of 10 more clients have expired, or expire within 14 days.',
  )
})
