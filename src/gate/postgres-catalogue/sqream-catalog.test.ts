import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GateHarness } from '../../../test/fixtures/gate-harness.ts'
import { testAuthority } from '../../../test/fixtures/test-authority.ts'
import type { Authority } from '../../identity/authority.ts'
import type { RoleInfo } from '../../identity/identity.ts'
import { postgresCatalogue } from './postgres-catalogue.ts'

let world: GateHarness
let superuser: Authority

const role = (number: number, name: string, ...memberOf: string[]): RoleInfo => ({
  id: `role-${name}`,
  number,
  name,
  builtIn: false,
  login: true,
  superuser: false,
  clusterAdmin: false,
  memberOf: memberOf.map((group) => ({ role: group, adminOption: false })),
})

const ROLES = [role(0, 'public'), role(4, 'tester', 'group'), role(5, 'group'), role(6, 'stranger')]

beforeAll(async () => {
  const roles = {
    listRoles: () => ROLES,
    findRole: (name: string) => ROLES.find((one) => one.name === name),
    listDefaultGrants: () =>
      [undefined, 'tester', 'stranger'].map((creator) => ({
        creator,
        objectKind: 'table' as const,
        schema: undefined,
        permission: 'SELECT' as const,
        grantee: 'group',
      })),
  }
  world = await GateHarness.open({
    systemRelations: postgresCatalogue({ version: '1.2.3', roles }),
  })
  superuser = testAuthority(world.catalog, [], { superuser: true, version: 2 })
})

afterAll(() => world.engine.close())

async function rowsOf(sql: string, authority?: Authority): Promise<string[]> {
  const rows = await world.run(sql, { dialect: 'blue', ...(authority && { authority }) })
  return rows.map((row) => row.join('|'))
}

/** Names that the role of the world may not know of. */
const HIDDEN = /hidden|secret|ssn|salary|vault|\bkeys\b|canary/

const NAMES_EVERYTHING: readonly string[] = [
  'SELECT * FROM sqream_catalog.tables',
  'SELECT * FROM sqream_catalog.columns',
  'SELECT * FROM master.sqream_catalog.columns',
  'SELECT * FROM "sqream_catalog"."tables" AS t JOIN sqream_catalog.columns AS c ON c.table_id = t.table_id',
  'SELECT schema_name FROM sqream_catalog.schemas',
  `SELECT GET_TABLES('*', '*', '*', '*')`,
  `SELECT GET_TABLES_LIKE('%', '%', '%', '')`,
  `SELECT * FROM (SELECT GET_COLUMNS('master', '*', '*', '*')) AS c`,
  `SELECT GET_COLUMNS_LIKE(NULL, NULL, NULL, NULL)`,
  'SELECT * FROM (SELECT GET_SCHEMAS()) AS s',
  `SELECT (SELECT COUNT(*) FROM sqream_catalog.columns AS c WHERE c.table_id = t.table_id) AS n, t.table_name
   FROM sqream_catalog.tables AS t`,
]

test.each(NAMES_EVERYTHING)('%s shows what the role may know of, and nothing else', async (sql) => {
  const rows = await rowsOf(sql)
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.filter((row) => HIDDEN.test(row))).toEqual([])
})

test('a superuser sees all of it', async () => {
  const shown: string[] = []
  for (const sql of NAMES_EVERYTHING) shown.push(...(await rowsOf(sql, superuser)))
  for (const name of ['hidden', 'secret', 'ssn', 'salary', 'vault', 'keys']) {
    expect(shown.join('\n')).toContain(name)
  }
})

test('the fourth column of tables is the name, which clients take by its place', async () => {
  const [row = ''] = await rowsOf(
    `SELECT * FROM sqream_catalog.tables WHERE table_name = 'flights'`,
  )
  expect(row.split('|')[3]).toBe('flights')
})

test('roles: those that one acts with; with SUPERUSER all', async () => {
  const sql = 'SELECT name FROM sqream_catalog.roles ORDER BY role_id'
  expect(await rowsOf(sql)).toEqual(['public', 'tester', 'group'])
  expect(await rowsOf(sql, superuser)).toEqual(['public', 'tester', 'group', 'stranger'])
})

test('default permissions of tables: those of the own role; with SUPERUSER all', async () => {
  const sql = `SELECT d.modifier_role_id, p.name FROM sqream_catalog.table_default_permissions AS d
    JOIN sqream_catalog.permission_types AS p ON p.permission_type_id = d.permission_type ORDER BY 1`
  expect(await rowsOf(sql)).toEqual(['4|Select'])
  expect(await rowsOf(sql, superuser)).toEqual(['null|Select', '4|Select', '6|Select'])
})

test('the text of a view is told to its owner and to SUPERUSER', async () => {
  const sql = `SELECT view_query_text FROM sqream_catalog.views`
  const rows = await rowsOf(sql)
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.filter((text) => text !== 'null')).toEqual([])
  const texts = await rowsOf(sql, superuser)
  expect(texts.filter((text) => text === 'null')).toEqual([])
})

test('how many rows there are is told to those who may read one of the columns', async () => {
  const sql = `SELECT table_name FROM sqream_catalog.tables WHERE row_count IS NULL`
  expect(await rowsOf(sql)).toEqual(['inbox', 'drop_box'])
  expect(await rowsOf(sql, superuser)).toEqual([])
})

describe('functions of clients', () => {
  test('names are names, and patterns patterns', async () => {
    const count = (call: string) => rowsOf(`SELECT COUNT(*) AS n FROM (SELECT ${call}) AS t`)
    expect(await count(`GET_TABLES('master', 'public', 'FLIGHTS', 'table,view')`)).toEqual(['1'])
    expect(await count(`GET_TABLES('', '*', 'fl%', '*')`)).toEqual(['0'])
    expect(await count(`GET_TABLES('master', '*', 'flights', 'view')`)).toEqual(['0'])
    expect(await count(`GET_TABLES_LIKE('%', '%', 'flight_', '')`)).toEqual(['1'])
    expect(await count(`GET_TABLES_LIKE('%', '%', 'flight\\_', '')`)).toEqual(['0'])
    expect(await count(`GET_COLUMNS('master', 'public', 'people', 'name')`)).toEqual(['1'])
    expect(await count(`GET_COLUMNS('master', 'public', 'people', 'ssn')`)).toEqual(['0'])
    expect(await count(`GET_TABLES('elsewhere', '*', '*', '*')`)).toEqual(['0'])
  })

  test('what is in quotes stays there', async () => {
    const injected = `x'') OR 1 = 1 --`
    expect(await rowsOf(`SELECT GET_TABLES('*', '*', '${injected}', '*')`)).toEqual([])
    expect(await rowsOf(`SELECT GET_TABLES('*', '*', '*', '${injected}')`)).toEqual([])
    expect(await rowsOf(`SELECT GET_TABLES('*', '*', $$a' OR '1' = '1$$, '*')`)).toEqual([])
  })

  test('version, databases, kinds and types', async () => {
    expect(await rowsOf('SELECT * FROM (SELECT SHOW_VERSION()) AS v')).toEqual(['Bluegate 1.2.3'])
    expect(await rowsOf('SELECT GET_CATALOGS()')).toContain('master')
    expect(await rowsOf('SELECT GET_TABLE_TYPES()')).toEqual(['EXTERNAL_TABLE', 'TABLE', 'VIEW'])
    expect(await rowsOf('SELECT GET_TYPE_INFO()')).toContainEqual(
      expect.stringMatching(/^INT\|4\|/),
    )
  })

  test.each([
    [`SELECT GET_TABLES('*', '*', '*')`, 'undefined_function', 8],
    [`SELECT GET_TABLES('*', '*', '*', 'a' || 'b')`, 'feature_not_supported', 34],
    [`SELECT GET_TABLES('*', '*', '*', (SELECT 'view'))`, 'feature_not_supported', 34],
    [`SELECT 1, GET_TYPE_INFO()`, 'feature_not_supported', 11],
    [`SELECT GET_TABLE_TYPES() FROM flights`, 'feature_not_supported', 8],
    [`SELECT id FROM flights WHERE GET_CATALOGS() = 'x'`, 'feature_not_supported', 30],
  ])('%s is refused with its place', async (sql, kind, position) => {
    const refused = await world.refusal(sql, { dialect: 'blue' })
    expect([refused.kind, refused.position]).toEqual([kind, position])
  })
})

test('what is hidden in a table beside the catalogue is refused as ever', async () => {
  const ask = (column: string) =>
    `SELECT id FROM people WHERE ${column} IN (SELECT table_name FROM sqream_catalog.tables)`
  expect((await world.refusal(ask('ssn'))).kind).toBe('insufficient_privilege')
  expect(await rowsOf(ask('name'))).toEqual([])
})

test('a table may be filled with what its writer may know of', async () => {
  const sql = `INSERT INTO sales.orders (note) SELECT table_name FROM sqream_catalog.tables`
  const { text } = await world.authorize(sql)
  expect(text).not.toMatch(HIDDEN)
})

test('a relation with the name of one of the catalogue is found by its own name alone', async () => {
  expect(await rowsOf('WITH tables AS (SELECT 7 AS a) SELECT a FROM tables')).toEqual(['7'])
  const both = `WITH sqream_catalog AS (SELECT 7 AS tables)
    SELECT tables FROM sqream_catalog WHERE EXISTS (SELECT 1 AS a FROM sqream_catalog.tables)`
  expect(await rowsOf(both)).toEqual(['7'])
})

test('the gate found nothing to raise an alarm about', () => {
  expect(world.alerts).toEqual([])
})
