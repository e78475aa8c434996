/** A view is read with its owner's rights, and shows what it showed when it was made. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'
import { WORLD_GRANTS } from '../../test/fixtures/gate-world.ts'
import { testAuthority } from '../../test/fixtures/test-authority.ts'
import type { GrantText } from '../../test/fixtures/test-authority.ts'
import type { Authority } from '../identity/authority.ts'

let world: GateHarness

beforeEach(async () => {
  world = await GateHarness.open()
})

afterEach(() => world.engine.close())

/** Of another role, which holds nothing but this. */
function reader(grant: GrantText, version = 1): Authority {
  const grants: readonly GrantText[] = ['CONNECT ON master', 'USAGE ON master.sales', grant]
  return testAuthority(world.catalog, grants, { roleId: 'role-reader', version })
}

function administrator(): Authority {
  return testAuthority(world.catalog, [], { superuser: true, roleId: 'role-administrator' })
}

/** Of the role that makes the views, some rights poorer. */
function ownerWithout(grant: GrantText): Authority {
  const kept = WORLD_GRANTS.filter((one) => one !== grant)
  return testAuthority(world.catalog, kept, { version: 2 })
}

const UNUSABLE = 'object_not_in_prerequisite_state'

test('whoever may read the view alone reads it, and nothing beneath it', async () => {
  await world.run('CREATE VIEW sales.late AS SELECT carrier FROM flights WHERE delay > 5')
  const authority = reader('SELECT ON master.sales.late')
  expect(await world.run('SELECT carrier FROM sales.late', { authority })).toEqual([['AA']])
  const beneath = await world.refusal('SELECT carrier FROM flights', { authority })
  expect(beneath.kind).toBe('undefined_table')
})

test('a permit names what the owner must hold as well', async () => {
  await world.run('CREATE VIEW sales.names AS SELECT name FROM people')
  const { requires } = await world.authorize('SELECT name FROM sales.names')
  const lines = requires.map(({ permission, name, holder }) => [permission, name, holder])
  expect(lines).toContainEqual(['SELECT', 'master.sales.names', undefined])
  expect(lines).toContainEqual(['SELECT', 'master.public.people', 'role-tester'])
})

test('when the owner loses a right that the query needs, nobody reads it', async () => {
  await world.run('CREATE VIEW sales.names AS SELECT name FROM people')
  const authority = reader('SELECT ON master.sales.names')
  expect(await world.run('SELECT count(*) FROM sales.names', { authority })).toEqual([['2']])
  const error = await world.refusal('SELECT count(*) FROM sales.names', {
    authority: reader('SELECT ON master.sales.names', 2),
    owner: ownerWithout('SELECT ON master.public.people (id, name)'),
  })
  expect([error.kind, error.message]).toEqual([UNUSABLE, 'view "names" cannot be read now'])
  expect(error.hint).not.toContain('people')
})

test('when the role of the owner is gone, nobody reads it', async () => {
  await world.run('CREATE VIEW sales.one AS SELECT 1 AS one')
  const owner = reader('SELECT ON master.sales.one')
  const error = await world.refusal('SELECT one FROM sales.one', { owner })
  expect(error.kind).toBe(UNUSABLE)
})

test('rights on columns of a view are kept apart', async () => {
  await world.run('CREATE VIEW sales.f AS SELECT id, carrier, delay FROM flights')
  const authority = reader('SELECT ON master.sales.f (id, delay)')
  expect(await world.run('SELECT max(delay) FROM sales.f', { authority })).toEqual([['10']])
  const error = await world.refusal('SELECT carrier FROM sales.f', { authority })
  expect(error.message).toContain("SELECT on column 'master.sales.f.carrier'")
})

test('SELECT * is settled when the view is made', async () => {
  await world.run('CREATE TABLE sales.base AS SELECT 1 AS a')
  await world.run('CREATE VIEW sales.all_of_it AS FROM sales.base', { authority: administrator() })
  await world.engine.run('ALTER TABLE master.sales.base ADD COLUMN secret VARCHAR DEFAULT 1')
  await world.readDefinitions()
  expect(await world.run('FROM sales.all_of_it')).toEqual([['1']])
})

test('another table of the same name beneath a view is no way in', async () => {
  await world.run('CREATE TABLE sales.base AS SELECT 1 AS a')
  await world.run('CREATE VIEW sales.over AS SELECT a FROM sales.base', {
    authority: administrator(),
  })
  expect(await world.run('FROM sales.over')).toEqual([['1']])
  await world.run('DROP TABLE sales.base')
  expect((await world.refusal('FROM sales.over')).kind).toBe(UNUSABLE)
})

test('OR REPLACE keeps the id, and makes who does it the owner', async () => {
  await world.run('CREATE VIEW sales.v AS SELECT 1 AS a')
  const [id] = [world.catalog.table('master', 'sales', 'v')?.id]
  const authority = testAuthority(
    world.catalog,
    [...WORLD_GRANTS, 'DDL ON master.sales.v', 'SELECT ON master.sales.v'],
    { roleId: 'role-other' },
  )
  const permit = await world.authorize('CREATE OR REPLACE VIEW sales.v AS SELECT 2 AS b', {
    authority,
  })
  expect(permit.action).toMatchObject({
    registers: [],
    unregisters: [],
    amends: [
      { kind: 'owner', id, ownerRole: 'role-other' },
      { kind: 'uses', id, uses: [] },
    ],
  })
})

test('a view that comes to read itself is refused', async () => {
  await world.run('CREATE VIEW sales.a AS SELECT 1 AS one')
  await world.run('CREATE VIEW sales.b AS SELECT one FROM sales.a')
  expect(await world.run('FROM sales.b')).toEqual([['1']]) // what it reads is known from now on
  const error = await world.refusal('CREATE OR REPLACE VIEW sales.a AS SELECT one FROM sales.b')
  expect(error.kind).toBe(UNUSABLE)
  expect(await world.run('FROM sales.b')).toEqual([['1']])
})

test('views over views, each with its own owner', async () => {
  await world.run('CREATE VIEW sales.ids AS SELECT id FROM staff')
  const { requires } = await world.authorize('SELECT id FROM sales.ids')
  const holders = requires.flatMap(({ holder, name }) => (holder ? [`${holder}: ${name}`] : []))
  expect(holders).toContain('role-tester: master.public.staff')
  expect(holders).toContain('role-administrator: master.public.people')
})

test('a chain of views has an end', async () => {
  await world.run('CREATE VIEW sales.v0 AS SELECT 1 AS one')
  for (let n = 1; n < 32; n += 1) {
    await world.run(`CREATE VIEW sales.v${n} AS SELECT one FROM sales.v${n - 1}`)
  }
  expect(await world.run('FROM sales.v31')).toEqual([['1']])
  await world.run('CREATE VIEW sales.v32 AS SELECT one FROM sales.v31')
  expect((await world.refusal('FROM sales.v32')).kind).toBe(UNUSABLE)
})

test('EXPLAIN over a view needs what its query needs', async () => {
  await world.run('CREATE VIEW sales.names AS SELECT name FROM people')
  expect((await world.authorize('EXPLAIN SELECT name FROM sales.names')).text).toContain('EXPLAIN')
  const authority = reader('SELECT ON master.sales.names')
  const error = await world.refusal('EXPLAIN SELECT name FROM sales.names', { authority })
  expect([error.kind, error.message]).toEqual([
    'insufficient_privilege',
    'the plan shows what is beneath a view',
  ])
})

test('a table is no view, and a view no table', async () => {
  await world.run('CREATE VIEW sales.v AS SELECT 1 AS a')
  expect((await world.refusal('DROP TABLE sales.v')).kind).toBe('wrong_object_type')
  expect((await world.refusal('DROP VIEW sales.orders')).kind).toBe('wrong_object_type')
  expect(await world.run('DROP VIEW sales.v')).toEqual([])
})
