import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ALLOWED } from '../../test/fixtures/gate-allowed.ts'
import { contextOf } from '../../test/fixtures/gate-context.ts'
import { GateHarness, TESTER } from '../../test/fixtures/gate-harness.ts'
import { CATALOGUE, HOSTILE } from '../../test/fixtures/gate-hostile.ts'
import { testAuthority } from '../../test/fixtures/test-authority.ts'
import type { GrantText } from '../../test/fixtures/test-authority.ts'
import { CANARY, WORLD_GRANTS } from '../../test/fixtures/gate-world.ts'
import type { GatewayError } from '../base/gateway-error.ts'
import { buildSnapshot } from '../catalog/build-snapshot.ts'
import { createGate } from './authorize.ts'
import { checkQuery } from './check-query.ts'
import { ParameterTypes } from './parameter-types.ts'
import type { Introspection } from '../engine/engine.ts'

let world: GateHarness

beforeAll(async () => {
  world = await GateHarness.open()
})

afterAll(() => world.engine.close())

/** All that a client is told of an error. */
function told({ kind, message, hint, detail, position }: GatewayError): string {
  return JSON.stringify({ kind, message, hint, detail, position })
}

test('what the role may do is permitted, and runs', async () => {
  const fresh = await GateHarness.open()
  const failed: string[] = []
  for (const sql of ALLOWED) {
    await fresh.run(sql).catch((thrown: unknown) => failed.push(`${sql}: ${String(thrown)}`))
  }
  expect(failed).toEqual([])
  expect(fresh.alerts).toEqual([])
  fresh.engine.close()
})

describe.each(HOSTILE)('$attack', ({ statements }) => {
  test('is refused, and tells nothing', async () => {
    const wrong: string[] = []
    for (const { sql } of statements) {
      const refusal = await world.refusal(sql)
      const text = told(refusal)
      const leaks = !CANARY.test(sql) && CANARY.test(text)
      const echoes = /Did you mean|[Cc]andidate|LINE 1/.test(text)
      if (leaks || echoes || refusal.kind === 'internal') wrong.push(`${sql}: ${text}`)
    }
    expect(wrong).toEqual([])
  })

  test('has twins that are permitted and run', async () => {
    const wrong: string[] = []
    for (const { twin } of statements) {
      const rows = await world.run(twin).catch((thrown: unknown) => [[String(thrown)], ['failed']])
      if (rows.at(-1)?.[0] === 'failed' || CANARY.test(JSON.stringify(rows))) {
        wrong.push(`${twin}: ${JSON.stringify(rows)}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

test.each(CATALOGUE)('a gate without a catalogue refuses %s', async (sql) => {
  expect(['undefined_table', 'insufficient_privilege']).toContain((await world.refusal(sql)).kind)
})

test('a plan that shows no reads would let hidden columns through: the plan is what catches them', async () => {
  const blind: Introspection = {
    ...bound(world.engine.introspection),
    regenerate: async (run, check) => ({
      ...(await world.engine.introspection.regenerate(run, check)),
      plan: '{"error":false,"plans":[{"type":"LOGICAL_DUMMY_SCAN","children":[]}]}',
    }),
  }
  const gate = createGate()
  const passed = new Map<string, number>()
  for (const { caughtBy, statements } of HOSTILE) {
    for (const { sql } of statements) {
      const refused = await world.refusal(sql, { gate, introspection: blind }).then(
        () => true,
        () => false,
      )
      if (!refused) passed.set(caughtBy, (passed.get(caughtBy) ?? 0) + 1)
    }
  }
  expect(passed.get('plan')).toBeGreaterThan(60)
  // Tables, functions and forms are refused before there is a plan.
  expect(['names', 'functions', 'reader'].filter((other) => passed.has(other))).toEqual([])
})

test('a table without any right looks, to the byte, like one that is not there', async () => {
  const { names } = Object.groupBy(HOSTILE, ({ caughtBy }) => caughtBy)
  const definitions = await world.engine.readDefinitions(1_000)
  const hidden = new Set(['hidden', 'keys', 'file_keys'])
  const hiddenSequences = new Set(['numbers', 'turns'])
  const without = buildSnapshot({
    ...definitions,
    tables: definitions.tables.filter(({ name }) => !hidden.has(name)),
    schemas: definitions.schemas.filter(({ name }) => name !== 'vault'),
    sequences: definitions.sequences?.filter(({ name }) => !hiddenSequences.has(name)) ?? [],
  })
  const different: string[] = []
  for (const { sql } of (names ?? []).flatMap(({ statements }) => statements)) {
    const there = await world.refusal(sql)
    const gone = await world.refusal(sql, { catalog: without, authority: world.authority })
    if (told(there) !== told(gone) || there.kind !== 'undefined_table') different.push(sql)
  }
  expect(different).toEqual([])
})

test('a table in a schema without USAGE, or a database without CONNECT, is as if it were not there', async () => {
  const refusal = await world.refusal('SELECT * FROM vault.keys')
  expect(refusal.message).toBe('relation "vault.keys" does not exist')
  expect(refusal.position).toBe(15)
})

test('what is missing is listed all at once, columns only when the client wrote them', async () => {
  const both = await world.refusal(
    'SELECT ssn, salary FROM people WHERE id IN (SELECT id FROM inbox)',
  )
  expect(both.kind).toBe('insufficient_privilege')
  expect(both.message).toBe(
    "Missing the following permissions: SELECT on column 'master.public.people.ssn', " +
      "SELECT on column 'master.public.people.salary', SELECT on table 'master.public.inbox'",
  )
  const star = await world.refusal('SELECT * FROM people')
  expect(star.message).toBe(
    "Missing the following permissions: SELECT on table 'master.public.people'",
  )
  expect(star.hint).toBe("Granted columns of 'master.public.people': id, name.")
})

test('the permit names all that was used, and the version it was checked against', async () => {
  const permit = await world.authorize(
    'SELECT p.name, f.delay FROM people p JOIN flights f USING (id)',
  )
  expect(permit.catalogVersion).toBe(world.catalog.version)
  expect(permit.action).toEqual({ kind: 'read' })
  expect(
    permit.requires.map(({ permission, name, columns }) => [permission, name, columns]),
  ).toEqual([
    ['CONNECT', 'master', undefined],
    ['USAGE', 'master.public', undefined],
    ['SELECT', 'master.public.people', ['id', 'name']],
    ['SELECT', 'master.public.flights', ['id', 'delay']],
  ])
})

test('even a query without a table needs CONNECT on the database of the session', async () => {
  const refusal = await world.refusal('SELECT 1', {
    authority: testAuthority(world.catalog, [], { version: 3 }),
  })
  expect(refusal.message).toBe("Missing the following permissions: CONNECT on database 'master'")
})

test('new objects get an id of their own each time, dropped ones give theirs back', async () => {
  const first = await world.authorize('CREATE TABLE sales.fresh (a INTEGER)')
  const second = await world.authorize('CREATE TABLE sales.fresh (a INTEGER)')
  const ids = [first, second].map(({ action }) =>
    action.kind === 'define' ? action.registers[0]?.id : undefined,
  )
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/)
  expect(ids[0]).not.toBe(ids[1])
  const drop = await world.authorize('DROP TABLE sales.orders')
  expect(drop.action).toMatchObject({ unregisters: ['table master.sales.orders'], registers: [] })
})

test('dropping what exists but may not be known drops a name that nobody has', async () => {
  const permit = await world.authorize('DROP TABLE IF EXISTS public.hidden')
  expect(permit.text).not.toContain('hidden')
  expect(permit.action).toMatchObject({
    unregisters: [],
    notices: ['table "public.hidden" does not exist, skipping'],
  })
})

test('a query costs two round trips, and none when it was asked before', async () => {
  const { calls } = world.engine
  const before = { ...calls }
  await world.authorize('SELECT id + 12345 FROM flights')
  const first = { ...calls }
  expect([first.parse - before.parse, first.regenerate - before.regenerate]).toEqual([1, 1])
  await world.authorize('SELECT id + 12345 FROM flights')
  expect(calls).toEqual(first)
})

test('what was checked for one role, version or type is not used for another', async () => {
  const { calls } = world.engine
  const sql = 'SELECT id + $1 FROM flights'
  await world.authorize(sql, { parameterTypes: ['INTEGER'] })
  const count = calls.parse
  await world.authorize(sql, { parameterTypes: ['BIGINT'] })
  expect(calls.parse).toBe(count + 1)
  await world.authorize(sql, { parameterTypes: ['BIGINT'], searchPath: ['sales', 'public'] })
  expect(calls.parse).toBe(count + 2)
  const none = testAuthority(world.catalog, ['CONNECT ON master'], { version: 2 })
  const refusal = await world.refusal(sql, { parameterTypes: ['BIGINT'], authority: none })
  expect(refusal.kind).toBe('undefined_table')
})

test.each([
  ["SELECT COLUMNS('^s'), count(*) FROM people", "SELECT COLUMNS('^name$'), name FROM people"],
  ["SELECT * LIKE 's%', count(*) FROM people", "SELECT * LIKE 'nam%' FROM people"],
  [
    'SELECT salary AS name, count(*) FROM people',
    'SELECT name, count(*) FROM people GROUP BY name',
  ],
])('an error names no column that a star stood for: %s', async (sql, twin) => {
  const text = told(await world.refusal(sql))
  expect(text.replace(/salary/.test(sql) ? 'salary' : '', '')).not.toMatch(/ssn|salary/)
  await expect(world.run(twin)).resolves.toBeDefined()
})

test('an error names the column that the client wrote, or that it may read', async () => {
  const named = await world.refusal('SELECT name, count(*) FROM people')
  expect(named.message).toContain('column "name"')
  const starred = await world.refusal('SELECT *, count(*) FROM flights')
  expect(starred.message).toContain('column "id"')
})

test.each([
  ['select', 'DELETE FROM sales.drop_box', 'SELECT 1'],
  ['truncate', 'DELETE FROM sales.drop_box', 'TRUNCATE sales.drop_box'],
  ['truncate', 'TRUNCATE sales.drop_box; TRUNCATE sales.stock', 'TRUNCATE sales.drop_box'],
  ['select', 'BEGIN', 'SELECT 2'],
  ['select', '', 'SELECT 3'],
] as const)('what is called %s and is not is refused: %s', async (form, text, twin) => {
  const gate = createGate() // which knows no answer yet
  const ask = async (sql: string) =>
    await gate.authorize({
      statement: { kind: 'engine', form, text: sql, start: 0, source: sql },
      parameterTypes: [],
      principal: TESTER,
      authority: world.authority,
      roleAuthority: () => undefined,
      catalog: world.catalog,
      introspection: world.engine.introspection,
      database: 'master',
      searchPath: ['public'],
    })
  await expect(ask(text)).rejects.toMatchObject({ kind: 'syntax_error' })
  expect((await ask(twin)).principal).toBe(TESTER)
})

test('a text that reads differently from what was checked does not run, and raises an alarm', async () => {
  const { introspection } = world.engine
  const printsOther = (text: string): Introspection => ({
    ...bound(introspection),
    regenerate: async (run, check) => ({
      ...(await introspection.regenerate(run, check)),
      text,
      tree: await introspection.parse(text),
    }),
  })
  const found: string[] = []
  const gate = createGate({ alert: ({ what }) => found.push(what) })
  const sql = 'SELECT name FROM people'
  const twice = 'SELECT name FROM master.public.people; SELECT 2'
  for (const other of ['SELECT ssn FROM master.public.people', twice]) {
    const refusal = await world.refusal(sql, { gate, introspection: printsOther(other) })
    expect(refusal.kind).toBe('insufficient_privilege')
  }
  expect(found).toHaveLength(2)
  const same = printsOther('SELECT name FROM master.public.people')
  expect((await world.authorize(sql, { gate, introspection: same })).text).toContain('name')
})

test.each([
  ['SELECT lower(salary) FROM people', 'SELECT lower(name) FROM people'],
  ["SELECT ssn + DATE '2020-01-01' FROM people", 'SELECT id + 1 FROM people'],
  ['SELECT abs(name), salary FROM people', 'SELECT abs(id), name FROM people'],
])('what the binder says of a hidden column is not told: %s', async (sql, twin) => {
  const refusal = await world.refusal(sql)
  expect(refusal.kind).toBe('insufficient_privilege')
  expect(refusal.message).toMatch(/SELECT on column 'master.public.people.(?:ssn|salary)'/)
  await expect(world.run(twin)).resolves.toHaveLength(2)
})

test('the words of the binder are for those to whom all columns may be known', async () => {
  const forms = [
    (column: string, table: string) =>
      `SELECT 1 WHERE DATE '2020-01-01' IN (SELECT COLUMNS('${column}') FROM ${table})`,
    (column: string, table: string) => `SELECT unnest(COLUMNS('${column}')) FROM ${table}`,
  ]
  for (const form of forms) {
    const hidden = await world.refusal(form('^salary$', 'people'))
    expect(hidden.message).toBe('the types of an expression do not fit together')
    const open = await world.refusal(form('^delay$', 'flights'))
    expect(open.kind).toBe(hidden.kind)
    expect(open.message).toContain('INTEGER')
  }
})

test('schemas are made and dropped with the right to, and not without', async () => {
  const fresh = await GateHarness.open()
  await fresh.engine.run('CREATE SCHEMA master.spare')
  fresh.catalog = buildSnapshot(await fresh.engine.readDefinitions(2))
  const ask = async (sql: string, grants: readonly GrantText[]) =>
    await fresh.authorize(sql, { authority: testAuthority(fresh.catalog, grants) })
  const base: GrantText[] = ['CONNECT ON master', 'USAGE ON master.spare']
  const refused = { kind: 'insufficient_privilege' }
  await expect(ask('DROP SCHEMA spare', base)).rejects.toMatchObject(refused)
  await expect(ask('CREATE SCHEMA another', base)).rejects.toMatchObject(refused)
  await expect(ask('CREATE TABLE spare.t (a INTEGER)', base)).rejects.toMatchObject(refused)
  const rights: GrantText[] = ['CREATE ON master', 'DDL ON master.spare', 'CREATE ON master.spare']
  for (const sql of [
    'DROP SCHEMA spare',
    'CREATE SCHEMA another',
    'CREATE TABLE spare.t (a INTEGER)',
  ]) {
    expect((await ask(sql, [...base, ...rights])).action.kind).toBe('define')
  }
  fresh.engine.close()
})

test('what is refused is refused in words of ours, for its own reason', async () => {
  const told: Record<string, string> = {
    'SELECT * FROM (SHOW TABLES)': 'SHOW in a query is not supported',
    'SELECT \'x\' COLLATE "a b"': 'collation "a b" does not exist',
    'SELECT sum(delay) EXPORT_STATE FROM flights': 'EXPORT_STATE is not supported',
    'FROM vault.range(3)': 'function vault.range does not exist',
    'SELECT CAST(NULL AS STRUCT(a hidden))': 'type "hidden" does not exist',
    'SELECT CAST(1 AS vault.mood)': 'type "vault.mood" does not exist',
  }
  for (const [sql, message] of Object.entries(told)) {
    expect((await world.refusal(sql)).message).toBe(message)
  }
  for (const twin of [
    'SELECT * FROM (SUMMARIZE flights)',
    "SELECT 'x' COLLATE nocase",
    'SELECT sum(delay) FROM flights',
    'FROM range(3)',
    'SELECT CAST(NULL AS STRUCT(a INTEGER))',
    'SELECT CAST(1 AS pg_catalog.int8)',
  ]) {
    expect((await world.authorize(twin)).action).toEqual({ kind: 'read' })
  }
})

test('without CONNECT on its database a table is as if it were not there', async () => {
  const grants: GrantText[] = ['USAGE ON master.public', 'SELECT ON master.public.flights']
  const ask = (held: readonly GrantText[]) => ({ authority: testAuthority(world.catalog, held) })
  expect((await world.refusal('FROM flights', ask(grants))).kind).toBe('undefined_table')
  const permit = await world.authorize('FROM flights', ask([...grants, 'CONNECT ON master']))
  expect(permit.action).toEqual({ kind: 'read' })
})

test('ON CONFLICT DO UPDATE needs UPDATE, also where all may be read', async () => {
  const sql = 'INSERT INTO sales.stock (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET amount = 1'
  const grants: GrantText[] = [
    'CONNECT ON master',
    'USAGE ON master.sales',
    'SELECT ON master.sales.stock',
    'INSERT ON master.sales.stock',
  ]
  const ask = (held: readonly GrantText[]) => ({ authority: testAuthority(world.catalog, held) })
  const refusal = await world.refusal(sql, ask(grants))
  expect(refusal.message).toContain("UPDATE on table 'master.sales.stock'")
  const permit = await world.authorize(sql, ask([...grants, 'UPDATE ON master.sales.stock']))
  expect(permit.action).toMatchObject({ tag: 'INSERT' })
})

test('a statement may name so many tables, and no more', async () => {
  const from = (tables: number) =>
    Array.from({ length: tables }, (_, index) => `range(1) r${index}`).join(', ')
  const refusal = await world.refusal(`SELECT 1 FROM ${from(65)}`)
  expect([refusal.kind, refusal.message]).toEqual([
    'statement_too_complex',
    'statement too complex: more than 64 tables',
  ])
  expect(await world.run(`SELECT 1 FROM ${from(64)}`)).toEqual([['1']])
  // the same where no reader of texts has counted them before
  const alone = checkQuery(contextOf(world, `SELECT 1 FROM ${from(65)}`), new ParameterTypes())
  await expect(alone).rejects.toMatchObject({ kind: 'statement_too_complex' })
})

test('a star beside several tables means another thing to PostgreSQL, and is refused', async () => {
  const fresh = await GateHarness.open() // the twins of the corpus have changed the other
  const authority = testAuthority(fresh.catalog, [
    ...WORLD_GRANTS,
    'UPDATE ON master.sales.orders',
    'DELETE ON master.sales.orders',
  ])
  const update = 'UPDATE sales.orders o SET note = p.name FROM people p WHERE p.id = o.id RETURNING'
  const del = 'DELETE FROM sales.orders o USING people p WHERE p.id = o.id + 900 RETURNING o.id,'
  for (const sql of [update, del]) {
    expect((await fresh.refusal(`${sql} *`, { authority })).kind).toBe('feature_not_supported')
    expect((await fresh.authorize(`${sql} o.*`, { authority })).action.kind).toBe('write')
  }
  const alone = 'UPDATE sales.orders SET note = note RETURNING *'
  expect((await fresh.authorize(alone, { authority })).action.kind).toBe('write')
  fresh.engine.close()
})

test('INSERT OR REPLACE changes the columns that it has values for, and leaves the others', async () => {
  const fresh = await GateHarness.open()
  await fresh.run("INSERT OR REPLACE INTO sales.stock (id, item) VALUES (1, 'screw')")
  const row = await fresh.run('SELECT item, amount FROM sales.stock WHERE id = 1')
  expect(row).toEqual([['screw', '10']])
  await fresh.run("INSERT OR REPLACE INTO sales.stock VALUES (1, 'screw', DEFAULT, 7, 'us')")
  expect(await fresh.run('SELECT amount FROM sales.stock WHERE id = 1')).toEqual([['0']])
  fresh.engine.close()
})

test.each([
  [
    'WITH a AS (SELECT 1) INSERT INTO sales.orders VALUES (2, DEFAULT, DEFAULT)',
    'INSERT INTO sales.orders WITH a AS (SELECT 2 AS i) SELECT i, 0, NULL FROM a',
  ],
  [
    'WITH a AS (SELECT 1) INSERT INTO sales.orders DEFAULT VALUES',
    'INSERT INTO sales.orders DEFAULT VALUES',
  ],
])('what is not taken is told: %s', async (sql, twin) => {
  const fresh = await GateHarness.open() // the twins of the corpus have changed the other
  expect((await fresh.refusal(sql)).kind).toBe('feature_not_supported')
  expect((await fresh.authorize(twin)).action.kind).toBe('write')
  fresh.engine.close()
})

test('the name of the user is told to that user alone', async () => {
  const other = { kind: 'local', roleId: 'role-tester' } as const
  const mine = await world.run('SELECT current_user')
  const theirs = await world.run('SELECT current_user', { principal: other })
  expect([mine, theirs]).toEqual([[['tester']], [['local']]])
})

function bound(introspection: Introspection): Introspection {
  return {
    parse: (text) => introspection.parse(text),
    regenerate: (run, check) => introspection.regenerate(run, check),
    deparse: (trees) => introspection.deparse(trees),
    plan: (text) => introspection.plan(text),
    inspect: (source) => introspection.inspect(source),
  }
}
