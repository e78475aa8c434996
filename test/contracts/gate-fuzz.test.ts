/**
 * Made-up statements by roles with made-up rights, through the gate on the real engine: a short version
 * of `npm run fuzz`. The judges themselves are tried on gates that are wrong.
 */
import { expect, test } from 'vitest'
import { present } from '../../src/base/assert.ts'
import { GatewayError } from '../../src/base/gateway-error.ts'
import type { Gate } from '../../src/gate/gate.ts'
import type { Permit } from '../../src/identity/permit.ts'
import { describeFinding, fuzzGate } from '../fuzz/gate/fuzz-gate.ts'
import { Rights, WORLD } from '../fuzz/gate/fuzz-world.ts'
import { GateUnderTest } from '../fuzz/gate/gate-under-test.ts'
import { judge } from '../fuzz/gate/judge-statement.ts'
import { Random } from '../fuzz/random.ts'

const SEED = 20_261

/** On a busy machine. */
const SLOW = { timeout: 600_000 }

test(
  '10,000 statements read and write what is granted, and what is granted is answered',
  SLOW,
  async () => {
    const findings: string[] = []
    const totals = await fuzzGate({
      seed: SEED,
      statements: 10_000,
      onFinding: (found) => findings.push(describeFinding(found)),
    })
    expect(findings).toEqual([])
    // most of what is made is SQL, much of it granted, and nearly all of that is answered
    expect(totals.bound).toBeGreaterThan(0.6 * totals.statements)
    expect(totals.owed).toBeGreaterThan(0.3 * totals.statements)
    expect(totals.owedAndPermitted).toBeGreaterThan(0.99 * totals.owed)
    expect(totals.compared).toBeGreaterThan(0.8 * totals.owedAndPermitted)
  },
)

/** What the judges find, by sort, when this gate decides. */
async function sortsFound(authorize: Gate['authorize']): Promise<Record<string, number>> {
  const sorts: Record<string, number> = {}
  await fuzzGate({
    seed: SEED,
    statements: 300,
    onFinding: ({ what }) => (sorts[what] = (sorts[what] ?? 0) + 1),
    gate: { authorize } as Gate,
  })
  return sorts
}

test('a gate that permits everything is found out, in many ways', SLOW, async () => {
  const sorts = await sortsFound(
    async ({ statement, principal }) =>
      await Promise.resolve({ principal, text: statement.text } as Permit),
  )
  expect(sorts['a hidden column is read']).toBeGreaterThan(20)
  expect(sorts['a hidden column is read in a clause']).toBeGreaterThan(3)
  const without = ['INSERT', 'UPDATE', 'DELETE'].map((right) => sorts[`a write without ${right}`])
  expect(without.every((count) => (count ?? 0) > 0)).toBe(true)
})

test('a gate that refuses everything is found out', SLOW, async () => {
  const sorts = await sortsFound(() =>
    Promise.reject(new GatewayError('insufficient_privilege', 'no')),
  )
  expect(sorts['refused, and all of it is granted']).toBeGreaterThan(100)
})

test('a gate that tells what is hidden is found out', SLOW, async () => {
  const sorts = await sortsFound(() =>
    Promise.reject(
      new GatewayError('undefined_table', 'not kq15v1 but kq19v1, kq20v1, kq21v2, kq22v1'),
    ),
  )
  expect(sorts['a refusal tells a hidden value']).toBeGreaterThan(100)
})

test('a target is owed to who may write to it, unless the statement reads it where no plan shows it', async () => {
  const target = present(
    WORLD.find(({ name }) => name === 'elm'),
    'elm',
  )
  const writer = (number: number) => new Rights(new Random(SEED, number))
  const rights = Array.from({ length: 1000 }, (_, number) => writer(number)).find(
    (one) => one.writes(target, 'INSERT') && one.readable(target).length === 0,
  )
  const gate = await GateUnderTest.open()
  try {
    gate.become(present(rights, 'one who writes and does not read'))
    const owed = async (sql: string): Promise<boolean> => {
      const write = { sql, target, needs: ['INSERT'], reads: [] } as const
      const made = { sql, write, spliced: false, parameterTypes: [] }
      return (await judge(gate, made, present(rights, 'rights'))).owed
    }
    expect(await owed('INSERT INTO grove.elm (elm_flag) VALUES (true)')).toBe(true)
    const unused = 'WITH c AS (SELECT e.elm_text FROM grove.elm AS e)'
    expect(await owed(`${unused} INSERT INTO grove.elm (elm_flag) VALUES (true)`)).toBe(false)
  } finally {
    gate.close()
  }
})
