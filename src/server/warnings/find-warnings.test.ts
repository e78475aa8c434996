import { expect, test } from 'vitest'
import type { ClientInfo } from '../../identity/identity.ts'
import { findWarnings } from './find-warnings.ts'
import type { WarningSources } from './find-warnings.ts'

const DAY_MS = 86_400_000
const NOW = Date.parse('2030-01-01T00:00:00Z')
const WELL: WarningSources = {
  now: NOW,
  startedAt: '2029-12-31T00:00:00.000Z',
  clients: [],
  certificates: [{ what: "The server's certificate", endsAt: NOW + 60 * DAY_MS }],
  disk: { freeBytes: 10_000, keepFreeBytes: 100 },
  auditProblem: undefined,
  users: 1,
  lastBackupAt: '2029-12-31T12:00:00.000Z',
}

function client(name: string, days: number | undefined, enabled = true): ClientInfo {
  const expiresAt = days === undefined ? undefined : new Date(NOW + days * DAY_MS).toISOString()
  return { name, enabled, token: { id: name, expiresAt } } as ClientInfo
}

test('where all is well there is no warning', () => {
  const clients = [client('a', undefined), client('b', 15), client('off', 1, false)]
  expect(findWarnings({ ...WELL, clients })).toEqual([])
  expect(findWarnings({ ...WELL, users: undefined })).toEqual([])
})

test('each kind says what is so and what to do, worst first', () => {
  const warnings = findWarnings({
    ...WELL,
    clients: [client('soon', 10), client('gone', -1), client('tomorrow', 1)],
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
