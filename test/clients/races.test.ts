/** Fifty rounds of `npm run races`. Bluegate alone. */
import { expect, test } from 'vitest'
import { runRaces } from '../races/races.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'

const ROUNDS = 50

test.skipIf(AGAINST_POSTGRESQL)(
  'while sessions run everything, rights are taken away: nothing goes on after it',
  async () => {
    const { violations, byAct } = await runRaces(ROUNDS)
    expect(violations).toEqual([])
    expect(Object.values(byAct).reduce((sum, rounds) => sum + rounds, 0)).toBe(ROUNDS)
  },
)
