/** The dialect `blue` through the gate and the real engine: every form of its tables, by value. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BLUE_FUNCTIONS } from '../../src/sql/blue/calls.ts'
import { EXPRESSIONS, UNCHANGED } from '../../src/sql/blue/examples.ts'
import type { Example } from '../../src/sql/blue/blue-function.ts'
import { GateHarness } from '../fixtures/gate-harness.ts'

let harness: GateHarness

beforeAll(async () => {
  harness = await GateHarness.open()
})
afterAll(() => harness?.engine.close())

async function rowsOf(sql: string) {
  return await harness.run(sql, { dialect: 'blue' })
}

/** Its text, and its type. */
async function check({ expression, gives, type }: Example): Promise<void> {
  const sql = `SELECT CAST(${expression} AS TEXT) AS t, TYPEOF(${expression}) AS k`
  expect(await rowsOf(sql), expression).toEqual([[String(gives), type]])
}

describe.each(BLUE_FUNCTIONS)('$written', ({ examples }) => {
  test.each(examples)('$expression', check)
})

describe.each(EXPRESSIONS)('$written', ({ examples }) => {
  test.each(examples)('$expression', check)
})

describe('as in the engine', () => {
  test.each(UNCHANGED)('$expression', check)
})
