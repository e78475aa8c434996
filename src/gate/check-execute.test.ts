import { afterAll, beforeAll, expect, test } from 'vitest'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'

let world: GateHarness

beforeAll(async () => {
  world = await GateHarness.open()
})

afterAll(() => world.engine.close())

const types = (...parameterTypes: (string | undefined)[]) => ({ parameterTypes })

test('arguments are computed as one row, each converted to the type of its parameter', async () => {
  const permit = await world.authorize(
    "EXECUTE p (1 + 1, '3'::BIGINT * 2, 2.5)",
    types('INTEGER', 'DECIMAL(10,2)', 'INTEGER'),
  )
  expect(permit.action).toEqual({ kind: 'read' })
  expect(permit.requires.map(({ permission, name }) => `${permission} ${name}`)).toEqual([
    'CONNECT master',
  ])
  expect(await world.engine.run(permit.text)).toEqual([['2', '6.00', '3']])
})

test('those that are known are left out', async () => {
  const permit = await world.authorize(
    "EXECUTE p ('{1,2}', 1 + 1, NULL)",
    types(undefined, 'VARCHAR', undefined),
  )
  expect(await world.engine.run(permit.text)).toEqual([['2']])
  expect(permit.text).not.toContain('{1,2}')
})

test('a function of a user needs EXECUTE, and is as unknown as one that is not there', async () => {
  const { requires } = await world.authorize('EXECUTE p (area(2, 3))', types('DOUBLE'))
  expect(requires.map(({ permission }) => permission)).toContain('EXECUTE')
  const [hidden, missing] = [
    await world.refusal('EXECUTE p (cipher(2))'),
    await world.refusal('EXECUTE p (ciphem(2))'),
  ]
  expect([hidden.kind, hidden.message.replaceAll('cipher', 'ciphem'), hidden.position]).toEqual([
    missing.kind,
    missing.message,
    missing.position,
  ])
})

test.each([
  ['EXECUTE p ((SELECT 1))', 'feature_not_supported', 'cannot use subquery in EXECUTE parameter'],
  ['EXECUTE p (1 IN (FROM flights))', 'feature_not_supported', 'cannot use subquery in EXECUTE'],
  ['EXECUTE p (EXISTS (FROM hidden))', 'feature_not_supported', 'cannot use subquery in EXECUTE'],
  ['EXECUTE p ($1)', 'undefined_parameter', 'there is no parameter $1'],
  ['EXECUTE p (count(*))', 'feature_not_supported', 'computed over rows'],
  ['EXECUTE p (max(1))', 'feature_not_supported', 'computed over rows'],
  ['EXECUTE p (unnest([1, 2]))', 'feature_not_supported', 'computed over rows'],
  ['EXECUTE p (row_number() OVER ())', 'feature_not_supported', 'computed over rows'],
  ['EXECUTE p (*)', 'feature_not_supported', 'an argument of this form'],
  ['EXECUTE p (1 AS a)', 'syntax_error', 'are expressions'],
  ['EXECUTE p (1 FROM flights)', 'syntax_error', 'are expressions'],
  ['EXECUTE p (1 WHERE false)', 'syntax_error', 'are expressions'],
  ['EXECUTE p (1 LIMIT 0)', 'syntax_error', 'are expressions'],
  ['EXECUTE p (DISTINCT 1)', 'syntax_error', 'are expressions'],
  ['EXECUTE p (1 UNION SELECT 2)', 'syntax_error', 'are expressions'],
  ['EXECUTE p', 'feature_not_supported', 'nothing to compute'],
])('refused: %s', async (sql, kind, message) => {
  const refusal = await world.refusal(sql)
  expect([refusal.kind, refusal.message]).toEqual([kind, expect.stringContaining(message)])
})

test('a mistake has its place in the statement, whatever the name is made of', async () => {
  const refusal = await world.refusal('EXECUTE "😀é" (1, nothing_of_this)')
  expect([refusal.kind, refusal.position]).toEqual(['undefined_column', 18])
})
