import { afterAll, beforeAll, expect, test } from 'vitest'
import { GateHarness } from '../../../test/fixtures/gate-harness.ts'
import { testAuthority } from '../../../test/fixtures/test-authority.ts'
import type { Authority } from '../../identity/authority.ts'
import { CATALOG_RELATIONS } from '../../catalog/postgres/catalog-relations.ts'
import { postgresCatalogue } from './postgres-catalogue.ts'

let world: GateHarness
let superuser: Authority

beforeAll(async () => {
  world = await GateHarness.open({ systemRelations: postgresCatalogue() })
  superuser = testAuthority(world.catalog, [], { superuser: true, version: 2 })
})

afterAll(() => world.engine.close())

async function rowsOf(sql: string, authority?: Authority): Promise<string[]> {
  const rows = await world.run(sql, authority && { authority })
  return rows.map((row) => row.join('|'))
}

/** Names that the role of the world may not know of. */
const HIDDEN = /hidden|secret|ssn|salary|vault|\bkeys\b|canary/

const NAMES_EVERYTHING: readonly string[] = [
  'SELECT relname FROM pg_class ORDER BY 1',
  'SELECT attname FROM pg_catalog.pg_attribute',
  'SELECT nspname FROM pg_namespace',
  'SELECT schemaname, tablename FROM pg_tables',
  'SELECT table_schema, table_name, column_name FROM information_schema.columns',
  'SELECT table_name FROM master.information_schema.tables',
  'SELECT schema_name FROM information_schema.schemata',
  "SELECT attname FROM pg_attribute WHERE attrelid = 'people'::regclass",
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

test('no relation holds a name that is hidden, or one that is not the database’s', async () => {
  const wrong: string[] = []
  for (const [name, relation] of CATALOG_RELATIONS) {
    const rows = await rowsOf(`SELECT * FROM ${name}`)
    const shape = relation.columns.length
    if (
      rows.some(
        (row) => HIDDEN.test(row) || /\bmain\b|bluegate_internal|rows [0-9a-f]{32}/.test(row),
      )
    )
      wrong.push(name)
    if (rows.some((row) => row.split('|').length < shape)) wrong.push(`${name}: shape`)
  }
  expect(wrong).toEqual([])
})

test('what is hidden is counted nowhere', async () => {
  const counts = `SELECT (SELECT count(*) FROM pg_class WHERE relkind = 'r'),
    (SELECT relnatts FROM pg_class WHERE relname = 'people'),
    (SELECT max(attnum) FROM pg_attribute WHERE attrelid = 'people'::regclass),
    (SELECT reltuples FROM pg_class WHERE relname = 'people')`
  expect(await rowsOf(counts)).toEqual(['8|2|2|-1'])
  expect(await rowsOf(counts, superuser)).toEqual(['10|4|4|0'])
})

test('a hidden relation and one that is not there are refused alike', async () => {
  const ask = async (name: string) => await world.refusal(`SELECT '${name}'::regclass`)
  const hidden = await ask('hidden')
  expect(hidden.kind).toBe('undefined_table')
  expect(hidden.message).toBe((await ask('absent')).message.replace('absent', 'hidden'))
  expect(await rowsOf("SELECT 'hidden'::regclass IS NOT NULL", superuser)).toEqual(['true'])
})

test('functions answer from the same rows', async () => {
  const hidden = await rowsOf("SELECT oid FROM pg_class WHERE relname = 'hidden'", superuser)
  const ask = `SELECT ${hidden[0]}::regclass, pg_table_is_visible(${hidden[0]})`
  expect(await rowsOf(ask)).toEqual([`${hidden[0]}|false`])
  expect(await rowsOf(ask, superuser)).toEqual(['hidden|true'])
})

test('numbers of objects are the same for everybody', async () => {
  const sql = "SELECT oid FROM pg_class WHERE relname = 'flights'"
  expect(await rowsOf(sql)).toEqual(await rowsOf(sql, superuser))
})

test('types of columns are told as PostgreSQL spells them', async () => {
  const sql = `SELECT attname, pg_catalog.format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = 'flights'::regclass ORDER BY attnum`
  expect(await rowsOf(sql)).toEqual([
    'id|integer',
    'carrier|character varying',
    'delay|integer',
    'distance|numeric(18,2)',
    'departed|timestamp without time zone',
    'tags|character varying[]',
  ])
})

test('a regular expression matches a part, in statements about the catalogue alone', async () => {
  const catalogue = "SELECT count(*) FROM pg_class WHERE relname OPERATOR(pg_catalog.~) '^fl'"
  expect(await rowsOf(`${catalogue} COLLATE pg_catalog.default`)).toEqual(['2'])
  expect(await rowsOf("SELECT count(*) FROM pg_class WHERE relname !~ '^fl'")).toEqual(['14'])
  expect(await rowsOf("SELECT count(*) FROM pg_class WHERE relname ~* '^FL'")).toEqual(['2'])
  expect(await rowsOf("SELECT 'flights' ~ '^fl'")).toEqual(['false'])
})

test('result columns have the names that PostgreSQL gives them', async () => {
  const { text } =
    await world.authorize(`SELECT count(*), format_type(23, -1), 'flights'::regclass::oid,
    (SELECT relname FROM pg_class LIMIT 1), CASE WHEN true THEN 1 END, 1 + 1 FROM pg_namespace`)
  const names = (await world.engine.run(`DESCRIBE ${text}`)).map(([name]) => name)
  expect(names).toEqual(['count', 'format_type', 'regclass', 'relname', 'case', '?column?'])
})

test('a statement that names no catalogue is the same with and without one', async () => {
  const plain = await GateHarness.open()
  const sql = "SELECT carrier, 'pg_class' AS x FROM flights WHERE carrier ~ 'A.' -- pg_class"
  expect((await world.authorize(sql)).text).toBe((await plain.authorize(sql)).text)
  const refused = await plain.refusal('SELECT * FROM pg_class')
  expect(refused.kind).toBe('undefined_table')
  plain.engine.close()
})

test('a column of a table next to the catalogue is still the gate’s to refuse', async () => {
  const refused = await world.refusal('SELECT ssn FROM people, pg_class')
  expect(refused.kind).toBe('insufficient_privilege')
  const allowed = 'SELECT p.name FROM people p, pg_class c WHERE c.relname = lower(p.name)'
  expect(await rowsOf(allowed)).toEqual([])
})

test('a view over the catalogue would keep what one role may know of: there is none', async () => {
  const over = (relation: string) => `CREATE VIEW sales.known AS SELECT 1 AS one FROM ${relation}`
  expect((await world.refusal(over('pg_class'))).kind).toBe('feature_not_supported')
  expect((await world.authorize(over('flights'))).action.kind).toBe('define')
})

test('names of the catalogue are cached for the principal whose name they show', async () => {
  const sql = 'SELECT rolname FROM pg_roles ORDER BY 1'
  expect(await rowsOf(sql)).toEqual(['bluegate', 'tester'])
  const principal = { kind: 'local', roleId: 'role-tester' } as const
  expect((await world.run(sql, { principal })).flat()).toEqual(['bluegate', 'local', 'tester'])
  expect(await rowsOf(sql)).toEqual(['bluegate', 'tester'])
})

test('the gate found nothing to raise an alarm about', () => {
  expect(world.alerts).toEqual([])
})
