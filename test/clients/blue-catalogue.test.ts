/**
 * BLUE's catalogue and the functions that its clients and scripts ask for metadata with, by the stock
 * connector: what one role is told, and what is not there for it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BlueConnector } from './harness/blue-connector.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'

let server: BluegateServer
let blue: BlueConnector

beforeAll(async () => {
  server = await startBluegate()
  for (const sql of [
    'CREATE SCHEMA shop',
    'CREATE SCHEMA cellar',
    'CREATE TABLE shop.items (id INTEGER NOT NULL, name VARCHAR, secret VARCHAR)',
    `INSERT INTO shop.items VALUES (1, 'a', 's')`,
    `CREATE TABLE "it's $$ "" x" (id INTEGER)`,
    'CREATE TABLE hidden (id INTEGER)',
    'CREATE TABLE cellar.wine (id INTEGER)',
    'CREATE VIEW public.cheap AS SELECT id FROM shop.items',
    'CREATE FUNCTION twice (x INTEGER) RETURNS INTEGER AS $$ SELECT x * 2 $$ LANGUAGE SQL',
    'CREATE FUNCTION unseen (x INTEGER) RETURNS INTEGER AS $$ SELECT x $$ LANGUAGE SQL',
    'CREATE ROLE stranger',
  ]) {
    await server.admin(sql)
  }
  const { token } = await server.createClient('reader', [
    'USAGE ON SCHEMA shop',
    'SELECT ON COLUMN id, name IN TABLE shop.items',
    `SELECT ON TABLE "it's $$ "" x"`,
    'SELECT ON VIEW cheap',
    'SELECT ON TABLE cellar.wine', // in a schema that is closed to it
    'EXECUTE ON FUNCTION twice',
    'CREATE ON SCHEMA public',
  ])
  blue = await BlueConnector.connect(server, { access_token: token })
})
afterAll(async () => {
  await blue?.close()
  await server?.stop()
})

/** One column of the rows, sorted. */
async function namesIn(sql: string, at: number): Promise<string[]> {
  const names = (await blue.rowsOf(sql)).map((row) => String(row[at]))
  return names.toSorted((a, b) => (a < b ? -1 : 1))
}

describe('relations', () => {
  test('tables and external tables, as the older dialect of SQLAlchemy reads them', async () => {
    expect(await namesIn('select * from sqream_catalog.tables', 3)).toEqual([
      `it's $$ " x`,
      'items',
    ])
    expect(await blue.rowsOf('select * from sqream_catalog.external_tables')).toEqual([])
  })

  test('with WHERE, JOIN and ORDER BY, like tables', async () => {
    const sql = `SELECT t.schema_name, c.column_name, c.type_name FROM sqream_catalog.tables AS t
      JOIN sqream_catalog.columns AS c ON c.table_id = t.table_id WHERE t.table_name = 'items' ORDER BY c.column_id`
    expect(await blue.rowsOf(sql)).toEqual([
      ['shop', 'id', 'INT'],
      ['shop', 'name', 'TEXT'],
    ])
  })

  test.each([
    ['views', 'view_name', ['cheap']],
    ['schemas', 'schema_name', ['public', 'shop']],
    ['databases', 'database_name', ['master']],
    ['user_defined_functions', 'function_name', ['twice']],
    ['delete_predicates', 'delete_predicate', []],
  ])('%s', async (relation, column, names) => {
    expect(await namesIn(`select ${column} from sqream_catalog.${relation}`, 0)).toEqual(names)
  })

  test('roles are those that it acts with', async () => {
    const names = await namesIn('select name from sqream_catalog.roles', 0)
    expect(names).toContain('public')
    expect(names).not.toContain('stranger')
    const all = await server.admin('SELECT name FROM sqream_catalog.roles')
    expect(all.flat()).toContain('stranger')
  })

  test('what was granted and revoked meanwhile is told at once', async () => {
    const ask = `select table_name from sqream_catalog.tables where table_name = 'hidden'`
    const [[role = ''] = []] = await blue.rowsOf('select current_user as u')
    expect(await blue.rowsOf(ask)).toEqual([])
    const roles = await server.admin(
      `SELECT name FROM sqream_catalog.roles WHERE name LIKE '%reader%'`,
    )
    const holder = roles[0]?.[0] ?? role
    await server.admin(`GRANT SELECT ON TABLE hidden TO "${holder}"`)
    expect(await blue.rowsOf(ask)).toEqual([['hidden']])
    await server.admin(`REVOKE SELECT ON TABLE hidden FROM "${holder}"`)
    expect(await blue.rowsOf(ask)).toEqual([])
  })

  test('in a view they are refused by name', async () => {
    const sql = 'create view public.kept as select table_name from sqream_catalog.tables'
    await expect(blue.rowsOf(sql)).rejects.toThrow(/catalogue/)
  })

  test('a relation that is not there is like any other that is not there', async () => {
    await expect(blue.rowsOf('select * from sqream_catalog.nothing')).rejects.toThrow(
      /sqream_catalog.nothing\\" does not exist/,
    )
  })
})

describe('functions of clients', () => {
  test('the queries of the JDBC driver', async () => {
    expect(await blue.rowsOf('select get_catalogs()')).toEqual([['master']])
    expect(await blue.rowsOf('select get_table_types()')).toHaveLength(3)
    expect((await blue.rowsOf('select get_type_info()')).length).toBeGreaterThan(9)
    expect(await namesIn(`select get_tables('master','*','*','table,view')`, 2)).toEqual([
      'cheap',
      `it's $$ " x`,
      'items',
    ])
    expect(await namesIn(`select get_tables_like('%','sh%','%','')`, 2)).toEqual(['items'])
    const columns = await blue.rowsOf(`select get_columns('master','shop','items','*')`)
    expect(columns.map((row) => [row[3], row[4], row[5], row[16]])).toEqual([
      ['id', '4', 'INT', '1'],
      ['name', '12', 'TEXT', '2'],
    ])
  })

  test('in brackets, with anything around them', async () => {
    expect(await blue.rowsOf('select count(*) from (select get_schemas()) as s')).toEqual([['2']])
    const [[version = ''] = []] = await blue.rowsOf('select v.* from (select show_version()) as v')
    expect(version).toMatch(/^Bluegate \d/)
  })

  test('a wrong call is refused with its place', async () => {
    await expect(blue.rowsOf(`select get_tables('master', 1, '*', '*')`)).rejects.toThrow(
      /no string/,
    )
  })
})

describe('definitions as text', () => {
  test('GET_FUNCTION_DDL, of a function that one has a right on', async () => {
    expect(await blue.rowsOf('select get_function_ddl(twice)')).toEqual([
      [
        'create function "twice" ("x" int) returns int as $function$ SELECT x * 2 $function$ language sql;',
      ],
    ])
    expect(await refusalOf('select get_function_ddl(unseen)')).toBe(
      (await refusalOf('select get_function_ddl(absent)')).replaceAll('absent', 'unseen'),
    )
  })

  test('GET_VIEW_DDL tells its owner the text, others that it is not told', async () => {
    await blue.execute('create view public.mine as select name from shop.items')
    const [[text = ''] = []] = await blue.rowsOf(`select get_view_ddl('mine')`)
    expect(text).toMatch(/^CREATE VIEW .*items.*;$/s)
    expect(await refusalOf('select get_view_ddl(cheap)')).toMatch(/must be owner of view cheap/)
    expect(await refusalOf('select get_view_ddl(shop.items)')).toMatch(/is not a view/)
    expect(await refusalOf('select get_view_ddl(hidden)')).toBe(
      (await refusalOf('select get_view_ddl(hiddem)')).replaceAll('hiddem', 'hidden'),
    )
  })

  test('RECOMPILE_VIEW tells whether a view can be read still', async () => {
    expect(await blue.rowsOf(`select recompile_view('public.mine')`)).toHaveLength(1)
    expect(await refusalOf('select recompile_view(cheap)')).toMatch(/must be owner of view cheap/)
    await server.admin('CREATE TABLE fading (a INTEGER, b INTEGER)')
    await server.admin('CREATE VIEW faded AS SELECT b FROM fading')
    await server.admin('DROP TABLE fading')
    await expect(server.admin('SELECT RECOMPILE_VIEW(faded)')).rejects.toThrow(
      'view "faded" cannot be read now',
    )
  })

  test('DUMP_DATABASE_DDL: tables and views that one may know of', async () => {
    const [[dump = ''] = []] = await blue.rowsOf('select dump_database_ddl()')
    expect(dump).toMatch(/create table "shop"."items"/)
    expect(dump).toMatch(/-- view "public"."cheap"/)
    expect(dump).not.toMatch(/hidden|wine|secret|twice/)
  })

  test('EXPLAIN of a statement in a string needs what the statement does', async () => {
    const plan = await blue.rowsOf('select explain($$select top 1 id from shop.items$$)')
    expect(plan.flat().join('\n')).toMatch(/items/)
    expect(await refusalOf('select explain($$select secret from shop.items$$)')).toMatch(
      /SELECT on/,
    )
    expect(await refusalOf(`select explain('select * from hidden')`)).toMatch(
      /hidden.*does not exist.*at character 31/s,
    )
    expect(await refusalOf(`select explain('select 1; select 2')`)).toMatch(/exactly one statement/)
  })
})

describe('what else is described', () => {
  test('DESCRIBE CONFIGURATION, for SUPERUSER', async () => {
    expect(await refusalOf('describe configuration')).toMatch(/SUPERUSER/)
    const rows = await server.admin(`DESCRIBE CONFIGURATION LIKE 'search%'`)
    expect(rows.map(([name]) => name)).toEqual(['search_path'])
    expect(await server.admin('DESCRIBE CONFIGURATION PARAMETER dialect')).toHaveLength(1)
    await expect(server.admin('DESCRIBE CONFIGURATION PARAMETER no_such')).rejects.toThrow(
      /no_such/,
    )
  })

  test('DESCRIBE TABLES EXTENDED: what storage takes up is not told', async () => {
    expect(await blue.rowsOf('describe tables extended schema shop internal')).toEqual([
      ['master', 'shop', 'items', 'Internal', '1', null, '', null, null, null, null],
    ])
  })
})

async function refusalOf(sql: string): Promise<string> {
  try {
    await blue.rowsOf(sql)
  } catch (error) {
    return String(error).replace(/[0-9a-f-]{36}:\d+/, '')
  }
  throw new Error(`it was answered: ${sql}`)
}
