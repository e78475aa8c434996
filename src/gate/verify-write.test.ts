import { afterAll, beforeAll, expect, test } from 'vitest'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'
import type { Introspection } from '../engine/engine.ts'
import { createGate } from './authorize.ts'

let world: GateHarness
beforeAll(async () => {
  world = await GateHarness.open()
})
afterAll(() => world.engine.close())

const SCAN_OF_IDS = {
  type: 'LOGICAL_GET',
  name: 'seq_scan',
  names: ['id', 'name', 'ssn', 'salary'],
  function_data: { catalog: 'master', schema: 'public', table: 'people' },
  column_indexes: [{ index: 0 }],
}

/** Shows one harmless read for the queries of clauses: the plan of the write is the only judge. */
function blind(): Introspection {
  const { introspection } = world.engine
  return {
    parse: (text) => introspection.parse(text),
    deparse: (trees) => introspection.deparse(trees),
    plan: (text) => introspection.plan(text),
    inspect: (source) => introspection.inspect(source),
    regenerate: async (run, check) => ({
      ...(await introspection.regenerate(run, check)),
      plan: JSON.stringify({ error: false, plans: [SCAN_OF_IDS] }),
    }),
  }
}

test('a hidden column of another table is seen in the plan of the write itself', async () => {
  const found: string[] = []
  const gate = createGate({ alert: ({ what }) => found.push(what) })
  const sql = 'UPDATE sales.stock SET item = p.ssn FROM people p WHERE p.id = stock.id'
  const refusal = await world.refusal(sql, { gate, introspection: blind() })
  expect(refusal.kind).toBe('insufficient_privilege')
  expect(found).toHaveLength(1)
})

test('the same with a column that the role may read is permitted', async () => {
  const sql = 'UPDATE sales.stock SET item = p.name FROM people p WHERE p.id = stock.id'
  expect((await world.authorize(sql)).action).toMatchObject({ kind: 'write', tag: 'UPDATE' })
})
