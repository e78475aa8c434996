/** CREATE INDEX and DROP INDEX: which rights they need, and what of them is told to whom. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'
import { testAuthority } from '../../test/fixtures/test-authority.ts'
import type { GrantText } from '../../test/fixtures/test-authority.ts'

let world: GateHarness

beforeEach(async () => {
  world = await GateHarness.open()
})

afterEach(() => world.engine.close())

function holding(...grants: readonly GrantText[]) {
  const common: readonly GrantText[] = ['CONNECT ON master', 'USAGE ON master.sales']
  return { authority: testAuthority(world.catalog, [...common, ...grants]) }
}

const DDL = 'DDL ON master.sales.stock'
const CREATE = 'CREATE ON master.sales'
const SELECT = 'SELECT ON master.sales.stock (id)'

test('an index needs DDL on its table and CREATE on the schema, a unique one SELECT besides', async () => {
  const plain = 'CREATE INDEX i ON sales.stock (id)'
  const unique = 'CREATE UNIQUE INDEX i ON sales.stock (id)'
  for (const [sql, lacking, ...held] of [
    [plain, 'DDL on table', CREATE, SELECT],
    [plain, 'CREATE on schema', DDL, SELECT],
    [unique, 'SELECT on table', DDL, CREATE],
    [unique, 'CREATE on schema .*SELECT on table', DDL],
  ] as const) {
    const error = await world.refusal(sql, holding(...held))
    expect(error.kind).toBe('insufficient_privilege')
    expect(error.message).toMatch(new RegExp(lacking))
  }
  const { text } = await world.authorize(plain, holding(DDL, CREATE))
  expect(text).toBe('CREATE INDEX "i" ON "master"."sales"."stock" ("id")')
  expect((await world.authorize(unique, holding(DDL, CREATE, SELECT))).text).toContain('UNIQUE')
})

test('nothing is told of columns, names and kinds without the rights', async () => {
  const message = async (sql: string) => (await world.refusal(sql, holding(SELECT))).message
  const columns = ['cost', 'nothing'].map((one) => message(`CREATE INDEX ON sales.stock (${one})`))
  const [hidden, missing] = await Promise.all(columns)
  expect(hidden).toBe(missing)
  const kind = async (sql: string) => (await world.refusal(sql, holding(DDL, CREATE))).kind
  expect(await kind('CREATE INDEX ON sales.stock (nothing)')).toBe('undefined_column')
})

test('an index that is there is dropped with DDL on its table, and hidden with its table', async () => {
  const drop = 'DROP INDEX sales.stock_index'
  const { text } = await world.authorize(drop, holding(DDL))
  expect(text).toBe('DROP INDEX "master"."sales"."stock_index" RESTRICT')
  expect((await world.refusal(drop, holding(SELECT))).kind).toBe('insufficient_privilege')
  const hidden = await world.refusal(drop, holding('SELECT ON master.sales.orders'))
  const missing = await world.refusal('DROP INDEX sales.no_index', holding(DDL))
  expect(hidden.message.replace('stock_index', 'no_index')).toBe(missing.message)
})

test('a name is taken by tables and by indexes of the schema', async () => {
  for (const name of ['orders', 'ORDERS', 'stock_index', '"Stock_Index"']) {
    const sql = `CREATE INDEX ${name} ON sales.stock (id)`
    expect((await world.refusal(sql, holding(DDL, CREATE))).kind).toBe('duplicate_table')
  }
  const skipped = 'CREATE INDEX IF NOT EXISTS stock_index ON sales.stock (id)'
  expect((await world.authorize(skipped, holding(DDL, CREATE))).action).toMatchObject({
    notices: ['relation "stock_index" already exists, skipping'],
  })
  const { text } = await world.authorize('CREATE INDEX ON sales.stock (id)', holding(DDL, CREATE))
  expect(text).toContain('INDEX "stock_id_idx" ON')
})

test('what the engine does not do to a table with an index is refused with the name of the index', async () => {
  const select = 'SELECT ON master.sales.stock'
  for (const action of [
    'DROP COLUMN cost',
    'ALTER cost TYPE BIGINT',
    'ALTER cost SET NOT NULL',
    'ALTER cost DROP NOT NULL',
    'RENAME COLUMN cost TO price',
    'RENAME TO shelves',
    'ADD x INTEGER NOT NULL DEFAULT 1',
    'ADD x INTEGER, DROP COLUMN cost',
  ]) {
    const sql = `ALTER TABLE sales.stock ${action}`
    const error = await world.refusal(sql, holding(DDL, CREATE, select))
    expect([action, error.kind, error.message]).toEqual([
      action,
      'dependent_objects_still_exist',
      'cannot alter table "stock" because index "stock_index" depends on it',
    ])
  }
  const free = 'ADD x INTEGER DEFAULT 1 + 1, ALTER cost SET DEFAULT 3, ALTER cost DROP DEFAULT'
  await world.run(`ALTER TABLE sales.stock ${free}`, holding(DDL, CREATE, select))
  await world.run('DROP INDEX sales.stock_index', holding(DDL))
  await world.run('ALTER TABLE sales.stock DROP COLUMN cost', holding(DDL))
})
