/**
 * Made-up statements by roles with made-up rights, through the gate on the real engine: a short version
 * of `npm run fuzz`. The judges themselves are tried on gates that are wrong.
 */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { present } from '../../src/base/assert.ts'
import { GatewayError } from '../../src/base/gateway-error.ts'
import type { Gate } from '../../src/gate/gate.ts'
import type { Permit } from '../../src/identity/permit.ts'
import { fuzzGate } from '../fuzz/gate/fuzz-gate.ts'
import type { FuzzTotals } from '../fuzz/gate/fuzz-gate.ts'
import { Rights } from '../fuzz/gate/fuzz-rights.ts'
import { WORLD } from '../fuzz/gate/fuzz-world.ts'
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
    const { findings, totals } = await fuzzed(10_000)
    expect(findings).toEqual([])
    expect(totals.statements).toBe(10_000)
    // most of what is made is SQL, much of it granted, and nearly all of that is answered: what is not
    // are mostly writes that read foreign tables
    expect(totals.bound).toBeGreaterThan(0.6 * totals.statements)
    expect(totals.owed).toBeGreaterThan(0.3 * totals.statements)
    expect(totals.owedAndPermitted).toBeGreaterThan(0.97 * totals.owed)
    expect(totals.compared).toBeGreaterThan(0.8 * totals.owedAndPermitted)
  },
)

/** By `npm run fuzz`: a process for each core, and one that dies does not take the others along. */
async function fuzzed(statements: number): Promise<{ findings: string[]; totals: FuzzTotals }> {
  const script = fileURLToPath(new URL('../../scripts/fuzz-gate.ts', import.meta.url))
  const fuzzer = spawn(
    process.execPath,
    [script, '--statements', String(statements), '--seed', String(SEED)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const lines = (await text(fuzzer.stdout)).trimEnd().split('\n')
  return { totals: JSON.parse(lines.pop() ?? '') as FuzzTotals, findings: lines }
}

/** What the judges find, by sort, when this gate decides. */
async function sortsFound(authorize: Gate['authorize']): Promise<Record<string, number>> {
  const sorts: Record<string, number> = {}
  await fuzzGate({
    seed: SEED,
    statements: 500,
    onFinding: ({ what }) => (sorts[what] = (sorts[what] ?? 0) + 1),
    gate: { authorize } as Gate,
  })
  return sorts
}

test('a gate that permits everything is found out, in many ways', SLOW, async () => {
  const sorts = await sortsFound(
    async ({ statement, principal }) =>
      await Promise.resolve({
        principal,
        text: statement.text,
        action: { kind: statement.form === 'select' ? 'read' : 'write' },
        files: [],
      } as unknown as Permit),
  )
  expect(sorts['a hidden column is read']).toBeGreaterThan(20)
  expect(sorts['a hidden column is read in a clause']).toBeGreaterThan(0)
  expect(sorts['read without the rights of an owner']).toBeGreaterThan(0)
  expect(sorts['a function is called without EXECUTE']).toBeGreaterThan(0)
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
