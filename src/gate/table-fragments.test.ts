/**
 * The types and expressions of a table's definition, judged by themselves: fragments that are more than
 * they seem, such as a head that was cut wrongly would hand over.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contextOf } from '../../test/fixtures/gate-context.ts'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'
import { canonicalFragments } from './table-fragments.ts'
import type { CanonicalFragments } from './table-fragments.ts'

let world: GateHarness
beforeAll(async () => {
  world = await GateHarness.open()
})
afterAll(() => world.engine.close())

async function check(type: string, ...expressions: readonly string[]): Promise<CanonicalFragments> {
  const text = [type, ...expressions].join(' ')
  const context = contextOf(world, text)
  const columns = [{ name: 'a', type }]
  const checks = expressions.map((expression) => ({ text: expression, kind: 'check' as const }))
  return await canonicalFragments({ columns, expressions: checks }, context)
}

const REST = 'FROM (SELECT CAST(NULL AS INTEGER) AS "a") AS "columns"'

test.each<[string, string, string[]]>([
  ['an expression that is two', 'INTEGER', ['1), (2']],
  ['an expression that groups', 'INTEGER', [`true) ${REST} GROUP BY (1) --`]],
  ['an expression that brings a condition', 'INTEGER', [`true) ${REST} WHERE (true) --`]],
  ['a type that is two columns', 'INTEGER) AS "a", CAST(NULL AS INTEGER', []],
  ['a type that orders', 'INTEGER) AS "a" ORDER BY (1)) AS "columns" --', []],
  ['a type that names another column', 'INTEGER) AS "b", CAST(1 AS INTEGER', []],
])('%s is seen by its shape', async (_what, type, expressions) => {
  await expect(check(type, ...expressions)).rejects.toMatchObject({ kind: 'syntax_error' })
})

test('a type that brings a FROM does not read again as what was checked', async () => {
  const type = 'INTEGER) AS "a" FROM flights) AS "columns" --'
  await expect(check(type)).rejects.toMatchObject({ kind: 'feature_not_supported' })
})

test.each([
  ['another column', 'ssn > 0', 'undefined_column'],
  ['a query', '(SELECT true)', 'feature_not_supported'],
  ['a window', 'row_number() OVER () > 0', 'feature_not_supported'],
  ['the session', "version() = 'x'", 'feature_not_supported'],
  ['a parameter', '$1', 'feature_not_supported'],
])('an expression names %s: refused', async (_what, expression, kind) => {
  await expect(check('INTEGER', expression)).rejects.toMatchObject({ kind })
})

test('types and expressions are printed', async () => {
  expect(await check('DECIMAL(10, 2)', 'a > 0', "length('x') = 1")).toEqual({
    types: ['DECIMAL(10,2)'],
    expressions: ['(a > 0)', "(length('x') = 1)"],
  })
})
