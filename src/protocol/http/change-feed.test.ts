import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AuditRecord } from '../../audit/audit-event.ts'
import { auditEvent } from '../../audit/audit-log-contract.ts'
import { Emitter } from '../../base/emitter.ts'
import { ChangeFeed } from './change-feed.ts'

const INTERVAL_MS = 250

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function setup() {
  const listed = new Emitter<'clients' | 'roles' | 'users' | 'pools'>()
  const changed = new Emitter<'session' | 'statement'>()
  const appended = new Emitter<AuditRecord>()
  const feed = new ChangeFeed({ identity: { listed }, sessions: { changed }, audit: { appended } })
  const told: string[] = []
  return { listed, changed, appended, feed, told, stop: feed.on((kind) => told.push(kind)) }
}

const record = (category: AuditRecord['category']): AuditRecord => ({
  ...auditEvent({ category }),
  sequence: 1,
  time: '2030-01-01T00:00:00.000Z',
})

test('the first change is told at once, a thousand more after a rest, as one', () => {
  const { listed, told } = setup()
  listed.emit('clients')
  expect(told).toEqual(['clients'])
  for (let i = 0; i < 1_000; i += 1) listed.emit('clients')
  expect(told).toEqual(['clients'])
  vi.advanceTimersByTime(INTERVAL_MS)
  expect(told).toEqual(['clients', 'clients'])
  vi.advanceTimersByTime(10 * INTERVAL_MS)
  expect(told).toHaveLength(2)
})

test('kinds do not wait for each other; a session also changes what clients show, a statement what pools do', () => {
  const { listed, changed, appended, told } = setup()
  listed.emit('roles')
  listed.emit('users')
  changed.emit('statement')
  appended.emit(record('SELECT'))
  expect(told).toEqual(['roles', 'users', 'sessions', 'pools', 'audit'])
  changed.emit('session')
  expect(told.slice(5)).toEqual(['clients'])
})

test('looking at the audit makes nobody look again', () => {
  const { appended, told } = setup()
  appended.emit(record('AUDITLOG'))
  expect(told).toEqual([])
})

test('while nobody listens it listens to nobody, and begins again', () => {
  const { appended, feed, told, stop } = setup()
  const second = feed.on(() => undefined)
  stop()
  expect(appended.isHeard).toBe(true)
  second()
  expect(appended.isHeard).toBe(false)
  feed.on((kind) => told.push(`again ${kind}`))
  appended.emit(record('SELECT'))
  expect(told).toEqual(['again audit'])
})
