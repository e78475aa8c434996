/** Fifty rounds of `npm run races`. Bluegate alone. */
import { expect, test } from 'vitest'
import { runRaces } from '../races/races.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'

const ROUNDS = 50

/** Endless, or asked for once the right is gone. */
const UNANSWERED = /a computation|an open transaction|a statement that is compiled/

test.skipIf(AGAINST_POSTGRESQL)(
  'while sessions run everything, rights are taken away: nothing goes on after it',
  async () => {
    const { violations, byAct, answered } = await runRaces(ROUNDS)
    expect(violations).toEqual([])
    // what was never answered while it might have been was not put to the test
    const idle = Object.keys(answered).filter((kind) => answered[kind] === 0)
    expect(idle.filter((kind) => !UNANSWERED.test(kind))).toEqual([])
    expect(Object.values(byAct).reduce((sum, rounds) => sum + rounds, 0)).toBe(ROUNDS)
  },
)
