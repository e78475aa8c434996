import { expect, test } from 'vitest'
import type { Session } from '../session/session.ts'
import { SessionHistory } from './session-history.ts'
import type { StatementRecord } from './statement-record.ts'

function session(id: string): Session {
  const settings = { applicationName: 'psql' }
  return { id, settings, origin: { tool: '' }, startedAt: new Date(0) } as unknown as Session
}

const statement = (queryId: number, text = 'SELECT 1') =>
  ({ queryId, text, locks: [] }) as unknown as StatementRecord

const numbers = (history: SessionHistory, id: string) =>
  history.find(id)?.statements.map(({ queryId }) => queryId)

test('of a session its last statements are kept, also when it has ended', () => {
  const history = new SessionHistory()
  history.opened(session('a'), 'role')
  for (let n = 1; n <= 60; n += 1) history.ended('a', statement(n))
  expect(numbers(history, 'a')).toEqual(Array.from({ length: 50 }, (_, index) => index + 11))
  history.closed(session('a'))
  expect(history.find('a')).toMatchObject({ status: 'Closed' })
  expect(numbers(history, 'a')).toHaveLength(50)
})

test('of all sessions together so many are kept: the oldest go first', () => {
  const history = new SessionHistory()
  for (let s = 0; s < 120; s += 1) {
    history.opened(session(`s${s}`), 'role')
    for (let n = 1; n <= 50; n += 1) history.ended(`s${s}`, statement(n))
    if (s < 5) history.closed(session(`s${s}`))
  }
  const kept = history.sessions.map(({ statements }) => statements.length)
  expect(kept.reduce((sum, one) => sum + one, 0)).toBe(5_000)
  expect([numbers(history, 's0'), numbers(history, 's19')]).toEqual([[], []])
  expect(numbers(history, 's20')).toHaveLength(50)
})

test('sessions that ended long ago are forgotten, with what they did', () => {
  const history = new SessionHistory()
  for (let s = 0; s < 400; s += 1) {
    history.opened(session(`s${s}`), 'role')
    history.ended(`s${s}`, statement(1))
    history.closed(session(`s${s}`))
  }
  expect(history.find('s99')).toBeUndefined()
  expect(history.sessions).toHaveLength(300)
  expect(numbers(history, 's100')).toEqual([1])
})

test('a long text is cut', () => {
  const history = new SessionHistory()
  history.opened(session('a'), 'role')
  history.ended('a', statement(1, 'x'.repeat(5_000)))
  expect(history.find('a')?.statements[0]?.text).toBe(`${'x'.repeat(1_000)}…`)
})
