/** Databases of others: whoever may read them reads, and whoever may write is refused all the same. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'
import { testAuthority } from '../../test/fixtures/test-authority.ts'
import type { GrantText } from '../../test/fixtures/test-authority.ts'
import { createGate } from './authorize.ts'

let world: GateHarness

beforeEach(async () => {
  world = await GateHarness.open()
})

afterEach(() => world.engine.close())

function attached(...grants: readonly GrantText[]) {
  const { catalog } = world
  const databases = catalog.databases.map((one) => ({ ...one, readOnly: one.name === 'shop' }))
  const held: readonly GrantText[] = [
    'CONNECT ON master',
    'CONNECT ON shop',
    'USAGE ON shop.public',
  ]
  const authority = testAuthority(catalog, [...held, ...grants])
  return {
    here: { authority, gate: createGate() }, // what one has permitted is known to it alone
    there: { authority, gate: createGate(), catalog: { ...catalog, databases } },
  }
}

test.each<[string, ...GrantText[]]>([
  ['INSERT INTO shop.public.items (id) VALUES (1)', 'INSERT ON shop.public.items'],
  ['UPDATE shop.public.items SET label = NULL', 'UPDATE ON shop.public.items'],
  ['DELETE FROM shop.public.items', 'DELETE ON shop.public.items'],
  ['TRUNCATE shop.public.items', 'DELETE ON shop.public.items'],
  ['ALTER TABLE shop.public.items ADD COLUMN more INTEGER', 'DDL ON shop.public.items'],
  ['DROP TABLE shop.public.items', 'DDL ON shop.public.items'],
  ['CREATE TABLE shop.public.more (a INTEGER)', 'CREATE ON shop.public'],
  ['CREATE TABLE shop.public.more AS SELECT 1 AS a', 'CREATE ON shop.public'],
  ['CREATE VIEW shop.public.more AS SELECT 1 AS a', 'CREATE ON shop.public'],
  ['CREATE SEQUENCE shop.public.more', 'CREATE ON shop.public'],
  ['CREATE SCHEMA shop.more', 'CREATE ON shop'],
])('%s', async (sql, ...grants) => {
  const { here, there } = attached(...grants)
  await expect(world.authorize(sql, here)).resolves.toBeDefined()
  const refused = await world.refusal(sql, there)
  expect([refused.kind, refused.message]).toEqual([
    'read_only_transaction',
    'database "shop" is attached to be read',
  ])
  // who lacks the permission is told that, and no more than before
  const { here: poor, there: poorThere } = attached()
  const [one, other] = [await world.refusal(sql, poor), await world.refusal(sql, poorThere)]
  expect([one.kind, one.message]).toEqual([other.kind, other.message])
  expect(one.kind).not.toBe('read_only_transaction')
})

test('it is read, and what is read is written elsewhere', async () => {
  const { there } = attached(
    'SELECT ON shop.public.items (id)',
    'CREATE ON master.sales',
    'USAGE ON master.sales',
  )
  for (const sql of [
    'SELECT id FROM shop.public.items',
    'CREATE TABLE sales.copied AS SELECT id FROM shop.public.items',
  ]) {
    await expect(world.authorize(sql, there)).resolves.toBeDefined()
  }
})
