/** Named sequences: which rights they need, how they are named in strings, and where they may not stand. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'
import { testAuthority } from '../../test/fixtures/test-authority.ts'
import type { GrantText } from '../../test/fixtures/test-authority.ts'

let world: GateHarness

beforeEach(async () => {
  world = await GateHarness.open()
})

afterEach(() => world.engine.close())

let version = 0

function holding(...grants: readonly GrantText[]) {
  version += 1
  const common: readonly GrantText[] = ['CONNECT ON master', 'USAGE ON master.sales']
  return { authority: testAuthority(world.catalog, [...common, ...grants], { version }) }
}

const DRAW = "SELECT nextval('sales.tickets')"
const [USAGE, UPDATE, SELECT, DDL] = (['USAGE', 'UPDATE', 'SELECT', 'DDL'] as const).map(
  (permission): GrantText => `${permission} ON SEQUENCE master.sales.tickets`,
) as [GrantText, GrantText, GrantText, GrantText]

test('a value is drawn with USAGE or UPDATE, and is a write', async () => {
  for (const held of [USAGE, UPDATE]) {
    const { text, action, requires } = await world.authorize(DRAW, holding(held))
    expect(text).toBe(`SELECT nextval('"master"."sales"."tickets"') AS nextval`)
    expect(action).toEqual({ kind: 'write', tag: 'SELECT', returning: true })
    expect(requires.map(({ permission }) => permission)).toContain(held.split(' ')[0])
  }
  const { kind, message } = await world.refusal(DRAW, holding(SELECT))
  expect([kind, message]).toEqual([
    'insufficient_privilege',
    "Missing the following permissions: USAGE on sequence 'master.sales.tickets'",
  ])
})

test('a sequence that may not be known of is to the byte like one that is not there', async () => {
  const told = async (name: string, ...held: readonly GrantText[]) =>
    JSON.stringify((await world.refusal(`SELECT nextval('${name}')`, holding(...held))).message)
  expect(await told('sales.tickets')).toBe(
    (await told('sales.nothing')).replace('nothing', 'tickets'),
  )
  const vault: GrantText = 'USAGE ON SEQUENCE master.vault.turns'
  expect(await told('vault.turns', vault)).toBe(
    (await told('vault.nobody', vault)).replace('nobody', 'turns'),
  )
  expect((await world.refusal(DRAW, holding())).kind).toBe('undefined_table')
})

test.each([
  ['sales.tickets'],
  ['SALES.Tickets'],
  ['"sales"."tickets"'],
  ['master.sales.tickets'],
  [' sales . tickets '],
])('the name in the string is read as any name: %s', async (name) => {
  const { text } = await world.authorize(`SELECT pg_catalog.nextval('${name}'::regclass) AS n`)
  expect(text).toContain(`nextval('"master"."sales"."tickets"')`)
})

test('a name alone is looked for on the search path', async () => {
  const ask = { searchPath: ['public', 'sales'] }
  expect((await world.authorize("SELECT nextval('tickets')", ask)).text).toContain('"tickets"')
  expect((await world.refusal("SELECT nextval('tickets')")).kind).toBe('undefined_table')
})

test.each([
  ["SELECT nextval('flights')", 'wrong_object_type'],
  ["SELECT nextval('a-b')", 'invalid_parameter_value'],
  ["SELECT nextval('')", 'invalid_parameter_value'],
  ["SELECT nextval('sales' || '.tickets')", 'feature_not_supported'],
  ['SELECT nextval(carrier) FROM flights', 'feature_not_supported'],
  ['SELECT nextval($1)', 'feature_not_supported'],
  ["SELECT nextval(DISTINCT 'sales.tickets')", 'feature_not_supported'],
  ["SELECT nextval('sales.tickets') OVER ()", 'feature_not_supported'],
  ["SELECT * FROM nextval('sales.tickets')", 'feature_not_supported'],
  ["SELECT currval('sales.tickets')", 'feature_not_supported'],
  ['SELECT lastval()', 'feature_not_supported'],
  ["SELECT setval('sales.tickets', 5)", 'feature_not_supported'],
  ["CREATE VIEW sales.v AS SELECT nextval('sales.tickets') AS n", 'feature_not_supported'],
  [
    "CREATE FUNCTION f(x BIGINT) RETURNS BIGINT AS $$ SELECT nextval('sales.tickets') + x $$ LANGUAGE SQL",
    'feature_not_supported',
  ],
  ["CREATE TABLE sales.t (a BIGINT CHECK (a < nextval('sales.tickets')))", 'feature_not_supported'],
  [
    "ALTER TABLE sales.orders ALTER id TYPE BIGINT USING nextval('sales.tickets')",
    'feature_not_supported',
  ],
  ["EXPLAIN ANALYZE SELECT nextval('sales.tickets')", 'feature_not_supported'],
  ["EXECUTE s (nextval('sales.tickets'))", 'feature_not_supported'],
])('%s is refused as %s', async (sql, kind) => {
  expect((await world.refusal(sql)).kind).toBe(kind)
})

test.each([
  ["INSERT INTO sales.orders (id) VALUES (nextval('sales.tickets'))"],
  ["INSERT INTO sales.orders (id) SELECT nextval('sales.tickets') FROM flights"],
  ["UPDATE sales.stock SET amount = nextval('sales.tickets') WHERE id = 1"],
  ["DELETE FROM sales.stock WHERE amount = nextval('sales.tickets')"],
  ["CREATE TABLE sales.drawn AS SELECT nextval('sales.tickets') AS n"],
  ["CREATE TABLE sales.drawing (n BIGINT DEFAULT nextval('sales.tickets') + 1, m INTEGER)"],
  ["ALTER TABLE sales.orders ALTER id SET DEFAULT nextval('sales.tickets')"],
  ["ALTER TABLE sales.orders ADD COLUMN number BIGINT DEFAULT nextval('sales.tickets')"],
  ["EXPLAIN SELECT nextval('sales.tickets')"],
  ["COPY (SELECT nextval('sales.tickets')) TO STDOUT"],
])('%s draws with the rights of whoever writes it', async (sql) => {
  await world.authorize(sql)
  const missing = await world.refusal(sql.replaceAll('tickets', 'invoices'))
  expect(missing.message).toContain("USAGE on sequence 'master.sales.invoices'")
  expect((await world.refusal(sql.replaceAll('tickets', 'nothing'))).kind).toBe('undefined_table')
})

test('a default draws with the rights of whoever inserts', async () => {
  const lacking = "Missing the following permissions: USAGE on sequence 'master.sales.invoices'"
  for (const sql of [
    'INSERT INTO sales.stubs (b) VALUES (1)',
    'INSERT INTO sales.stubs DEFAULT VALUES',
    'INSERT INTO sales.stubs VALUES (DEFAULT, 1)',
    'INSERT INTO sales.stubs (b) SELECT id FROM flights',
    'UPDATE sales.stubs SET a = DEFAULT',
    'MERGE INTO sales.stubs USING flights f ON a = f.id WHEN NOT MATCHED THEN INSERT (b) VALUES (1)',
    'COPY sales.stubs (b) FROM STDIN',
  ]) {
    expect((await world.refusal(sql)).message).toBe(lacking)
  }
  await world.authorize('INSERT INTO sales.stubs (a, b) VALUES (1, 2)')
  await world.authorize('COPY sales.stubs FROM STDIN')
  await world.authorize('UPDATE sales.stubs SET b = 1')
})

test('a sequence is made with CREATE on the schema, and dropped with DDL', async () => {
  const create = 'CREATE SEQUENCE sales.made'
  expect((await world.refusal(create, holding())).message).toContain('CREATE on schema')
  const { text } = await world.authorize(create, holding('CREATE ON master.sales'))
  expect(text).toBe(
    'CREATE SEQUENCE "master"."sales"."made" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 NO CYCLE',
  )
  const drop = 'DROP SEQUENCE sales.tickets'
  expect((await world.refusal(drop, holding(USAGE))).message).toContain('DDL on sequence')
  expect((await world.authorize(drop, holding(DDL))).text).toBe(
    'DROP SEQUENCE "master"."sales"."tickets" RESTRICT',
  )
})

test('its name is a relation’s, and is taken by any other', async () => {
  for (const sql of [
    'CREATE SEQUENCE sales.orders',
    'CREATE SEQUENCE sales.stock_index',
    'CREATE TABLE sales.tickets (a INTEGER)',
    'CREATE VIEW sales.tickets AS SELECT 1 AS a',
    'CREATE INDEX tickets ON sales.orders (id)',
    'ALTER TABLE sales.orders RENAME TO tickets',
    'CREATE SEQUENCE sales.tickets',
  ]) {
    expect([sql, (await world.refusal(sql)).kind]).toEqual([sql, 'duplicate_table'])
  }
  const { action } = await world.authorize('CREATE SEQUENCE IF NOT EXISTS sales.tickets')
  expect(action).toMatchObject({
    registers: [],
    notices: ['relation "tickets" already exists, skipping'],
  })
  expect((await world.refusal('DROP SEQUENCE sales.orders')).kind).toBe('wrong_object_type')
})

test('one that a default draws from is not dropped', async () => {
  await world.run(
    "CREATE SEQUENCE sales.made; CREATE TABLE sales.t (a BIGINT DEFAULT nextval('sales.made'))",
  )
  expect((await world.refusal('DROP SEQUENCE sales.made')).kind).toBe(
    'dependent_objects_still_exist',
  )
  await world.run('DROP TABLE sales.t; DROP SEQUENCE sales.made')
  expect((await world.refusal('DROP SCHEMA sales')).message).toContain('tickets')
})

test('TRUNCATE … RESTART IDENTITY needs DDL besides, and ALWAYS takes no values', async () => {
  await world.run('CREATE TABLE sales.own (id INTEGER GENERATED ALWAYS AS IDENTITY, v INTEGER)')
  const held: readonly GrantText[] = ['DELETE ON master.sales.own', 'INSERT ON master.sales.own']
  const truncate = 'TRUNCATE sales.own RESTART IDENTITY'
  expect((await world.refusal(truncate, holding(...held))).message).toContain('DDL on table')
  await world.authorize(truncate, holding(...held, 'DDL ON master.sales.own'))
  await world.authorize('TRUNCATE sales.own', holding(...held))
  for (const rows of ['VALUES (1, 2)', 'VALUES (DEFAULT, 1), (2, 2)', 'SELECT 1, 2']) {
    const refused = await world.refusal(`INSERT INTO sales.own ${rows}`, holding(...held))
    expect(refused.kind).toBe('generated_always')
  }
  await world.authorize('INSERT INTO sales.own VALUES (DEFAULT, 1)', holding(...held))
  await world.authorize(
    'INSERT INTO sales.own OVERRIDING SYSTEM VALUE SELECT 1, 2',
    holding(...held),
  )
  expect((await world.refusal("SELECT nextval('bluegate_internal.x')")).kind).toBe(
    'undefined_table',
  )
})
