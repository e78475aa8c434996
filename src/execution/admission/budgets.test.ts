import { expect, test } from 'vitest'
import type { ClientLimits } from '../../identity/client-limits.ts'
import { Budgets } from './budgets.ts'
import { LimitError } from './limit-error.ts'

const PRINCIPAL = {
  kind: 'client',
  clientId: 'c1',
  clientName: 'bi',
  tokenId: 't1',
  roleId: 'r1',
} as const
const HOUR = 3_600_000

function setup(limits: ClientLimits) {
  const world = { limits, now: Date.parse('2026-07-06T10:00:00Z') }
  const budgets = new Budgets({ limitsOf: () => world.limits }, () => world.now)
  return { world, budgets, begin: (session = 's1') => budgets.begin(PRINCIPAL, session) }
}

function refusalOf(work: () => unknown): [string, string] {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof LimitError) return [thrown.kind, thrown.limit]
    throw thrown
  }
  throw new Error('this was expected to be refused')
}

test('without limits nothing is refused, and others are not held against them', () => {
  const { budgets, begin } = setup({})
  budgets.checkNewSession(PRINCIPAL, 1_000_000)
  const budget = begin()
  expect(budget.start()).toBeUndefined()
  budget.gave(1e9, 1e12)
  const limited = setup({ sessions: 1, hours: 'sun 08:00-09:00 UTC' })
  limited.budgets.checkNewSession({ kind: 'local', roleId: 'r' }, 10)
  limited.budgets.checkHours({ kind: 'user', userId: 'u', userName: 'ada', roleId: 'r' })
})

test('sessions: as many as the limit says, and no more', () => {
  const { budgets } = setup({ sessions: 2 })
  budgets.checkNewSession(PRINCIPAL, 1)
  const refused = refusalOf(() => budgets.checkNewSession(PRINCIPAL, 2))
  expect(refused).toEqual(['too_many_connections', 'sessions'])
})

test('hours are asked for at login and at every statement', () => {
  const { world, budgets } = setup({ hours: 'mon-fri 08:00-18:00 UTC' })
  budgets.checkNewSession(PRINCIPAL, 0)
  world.now += 8 * HOUR
  expect(refusalOf(() => budgets.checkHours(PRINCIPAL))).toEqual(['configuration_limit', 'hours'])
  expect(refusalOf(() => budgets.checkNewSession(PRINCIPAL, 0))[1]).toBe('hours')
})

test('statements at once are counted by session, until they end', () => {
  const { begin } = setup({ statements: 2 })
  const first = begin('s1')
  begin('s1') // the same session takes turns
  const second = begin('s2')
  expect(refusalOf(() => begin('s3'))).toEqual(['configuration_limit', 'statements'])
  first.end()
  expect(refusalOf(() => begin('s3'))).toEqual(['configuration_limit', 'statements'])
  second.end()
  second.end() // a second time does nothing
  begin('s3')
})

test('rows and bytes of a statement: up to the limit, not one more', () => {
  const { begin } = setup({ rowsPerStatement: 10, bytesPerStatement: 100 })
  const budget = begin()
  budget.gave(6, 60)
  budget.gave(4, 40)
  expect(refusalOf(() => budget.gave(1, 0))).toEqual(['program_limit', 'rowsPerStatement'])
  const other = begin()
  expect(refusalOf(() => other.gave(1, 101))).toEqual(['program_limit', 'bytesPerStatement'])
})

test('an hour of rows and bytes is used up by all statements together, and comes back', () => {
  const { world, begin } = setup({ rowsPerHour: 10, bytesPerHour: 1_000 })
  begin('s1').gave(6, 60)
  const budget = begin('s2')
  expect(refusalOf(() => budget.gave(5, 50))).toEqual(['program_limit', 'rowsPerHour'])
  expect(refusalOf(() => begin())).toEqual(['configuration_limit', 'rowsPerHour'])
  world.now += HOUR - 60_000
  expect(refusalOf(() => begin())[1]).toBe('rowsPerHour')
  world.now += 60_000
  begin().gave(10, 1_000)
  expect(refusalOf(() => begin())[1]).toBe('rowsPerHour')
})

test('an hour of statements', () => {
  const { world, begin } = setup({ statementsPerHour: 2 })
  begin().end()
  begin().end()
  expect(refusalOf(() => begin())).toEqual(['configuration_limit', 'statementsPerHour'])
  world.now += HOUR
  begin()
})

test('seconds: of one statement, or what is left of the hour, whichever is less', () => {
  const { world, begin } = setup({ secondsPerStatement: 60, secondsPerHour: 100 })
  const first = begin()
  expect(first.start()).toMatchObject({ ms: 60_000, error: { limit: 'secondsPerStatement' } })
  world.now += 50_000
  const second = begin('s2') // while the first one still runs
  expect(second.start()).toMatchObject({ ms: 50_000, error: { limit: 'secondsPerHour' } })
  world.now += 10_000
  first.end()
  second.end()
  const third = begin()
  expect(third.start()).toMatchObject({ ms: 30_000, error: { kind: 'cancelled' } })
  world.now += 30_000
  third.end()
  expect(refusalOf(() => begin())).toEqual(['configuration_limit', 'secondsPerHour'])
})

test('a changed limit holds for the next statement, not for the one that runs', () => {
  const { world, begin } = setup({ rowsPerStatement: 10 })
  const before = begin()
  world.limits = { rowsPerStatement: 5 }
  before.gave(10, 1)
  const after = begin()
  expect(refusalOf(() => after.gave(6, 1))[1]).toBe('rowsPerStatement')
  world.limits = {}
  begin().gave(1_000, 1)
})

test('the error tells whose limit it is, its name and its value', () => {
  const { begin } = setup({ rowsPerStatement: 10 })
  const message = 'the result is too large: limit rowsPerStatement = 10 of client "bi"'
  expect(() => begin().gave(11, 1)).toThrow(message)
})

test('a clock that is set back does not keep old use for ever', () => {
  const { world, begin } = setup({ rowsPerHour: 10 })
  begin().gave(10, 1)
  expect(refusalOf(() => begin())[1]).toBe('rowsPerHour')
  world.now -= 5 * HOUR
  expect(() => begin().gave(10, 1)).not.toThrow()
})
