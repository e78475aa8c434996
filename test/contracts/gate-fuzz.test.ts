/**
 * Made-up statements by roles with made-up rights, through the gate on the real engine: a short version
 * of `npm run fuzz`. The judges themselves are tried on gates that are wrong.
 */
import { expect, test } from 'vitest'
import { GatewayError } from '../../src/base/gateway-error.ts'
import type { Gate } from '../../src/gate/gate.ts'
import type { Permit } from '../../src/identity/permit.ts'
import { describeFinding, fuzzGate } from '../fuzz/gate/fuzz-gate.ts'

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
