/** psql's own commands over the catalogue, as a person sees them: layout, types, keys, and who sees what. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from './harness/stock-clients.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import { connectOptions } from './harness/test-server.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import type { TestServer } from './harness/test-server.ts'

let server: TestServer
/** May see `ledger`, two columns of `people`, and `sales.orders`. */
let visitor: ClientConnection
/** May see all that the visitor may not. */
let auditor: ClientConnection

beforeAll(async () => {
  const notes = mkdtempSync(path.join(os.tmpdir(), 'bluegate-notes-'))
  writeFileSync(path.join(notes, 'a.csv'), '1,x\n')
  server = await startBluegate({ env: { BLUEGATE_LOCATIONS: `notes=${notes}` } })
  for (const sql of [
    'create schema sales',
    'create schema canary_vault',
    `create table sales.orders (id bigint primary key, price numeric(10,2) default 0,
       note varchar default 'none', tags varchar[])`,
    'create table ledger (id integer not null, "Day" date, primary key (id, "Day"))',
    'create table people (id integer, name varchar, canary_ssn varchar)',
    'create table canary_pay (id integer)',
    'create table canary_vault.canary_keys (id integer)',
    `create foreign table sales.notes (id integer, note text) wrapper csv_fdw
       options (location = 'notes/*.csv')`,
    `create foreign table sales.canary_notes (id integer, note text) wrapper csv_fdw
       options (location = 'notes/*.csv')`,
  ]) {
    await server.admin(sql)
  }
  const sees = await server.createClient('visitor', [
    'SELECT ON TABLE ledger',
    'SELECT (id, name) ON TABLE people',
    'USAGE ON SCHEMA sales',
    'SELECT ON TABLE sales.orders',
    'SELECT ON FOREIGN TABLE sales.notes',
  ])
  const seesTheRest = await server.createClient('canary-auditor', [
    'SELECT ON TABLE people',
    'SELECT ON TABLE canary_pay',
    'USAGE ON SCHEMA canary_vault',
    'SELECT ON TABLE canary_vault.canary_keys',
  ])
  visitor = await connect('psql', connectOptions(server, sees))
  auditor = await connect('psql', connectOptions(server, seesTheRest))
})

afterAll(async () => {
  await visitor?.close()
  await auditor?.close()
  await server?.stop()
})

/** All that psql prints for a command, fields joined by `|`; its error where it gives one. */
async function printed(psql: ClientConnection, command: string): Promise<string[]> {
  try {
    const { columns, rows } = await psql.query(command)
    return [columns, ...rows].map((row) => row.map((field) => field?.trim() ?? '').join('|'))
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

test('\\dt lists tables with their type and owner', async () => {
  expect(await printed(visitor, '\\dt')).toEqual([
    'List of relations',
    'Schema|Name|Type|Owner',
    'public|ledger|table|bluegate',
    'public|people|table|bluegate',
  ])
})

test('\\dt+ tells how tables are kept', async () => {
  expect(await printed(visitor, '\\dt+ sales.*')).toContain(
    'sales|orders|table|bluegate|permanent|heap||',
  )
})

test('\\d of a table tells columns, defaults and the primary key', async () => {
  const ledger = await printed(visitor, '\\d ledger')
  expect(ledger).toContain('Table "public.ledger"')
  expect(ledger).toContain('Column|Type|Collation|Nullable|Default')
  expect(ledger).toContain('id|integer||not null|')
  expect(ledger).toContain('Day|date||not null|')
  expect(ledger).toContain('"ledger_pkey" PRIMARY KEY, btree (id, "Day")')
  const orders = await printed(visitor, '\\d sales.orders')
  expect(orders).toContain('price|numeric(10,2)|||0')
  expect(orders).toContain("note|character varying|||'none'")
  expect(orders).toContain('tags|character varying[]|||')
})

test('\\dn, \\l, \\du, \\di and \\dv list what there is', async () => {
  expect(await printed(visitor, '\\dn')).toEqual(
    expect.arrayContaining(['public|bluegate', 'sales|bluegate']),
  )
  expect(await printed(visitor, '\\l')).toContain('master|bluegate|UTF8|C|C||libc|')
  expect((await printed(visitor, '\\du')).join('\n')).toContain('visitor')
  expect(await printed(visitor, '\\di')).toContain('public|ledger_pkey|index|bluegate|ledger')
  expect((await printed(visitor, '\\dv')).filter((line) => line.includes('|view|'))).toEqual([])
})

const LOOKING_AROUND: readonly string[] =
  String.raw`\d;\dt;\dt *.*;\dt+ *.*;\dv *.*;\di *.*;\dn;\dn+;\l+;\du
\d people;\d+ people;\dp;\ddp;\drds;\df;\dT;\do pay;\db
SELECT * FROM pg_class;SELECT * FROM pg_attribute;SELECT * FROM pg_roles
SELECT * FROM information_schema.columns;SELECT * FROM information_schema.schemata`.split(/[;\n]/)

test('nothing tells of what a client may not know: tables, columns, schemas, other clients', async () => {
  for (const command of LOOKING_AROUND) {
    const found = (await printed(visitor, command)).filter((line) => /canary/.test(line))
    expect({ command, found }).toEqual({ command, found: [] })
  }
  for (const name of ['canary_pay', 'canary_vault.*', 'canary_vault.canary_keys']) {
    const hidden = await printed(visitor, `\\d ${name}`)
    const absent = await printed(visitor, `\\d ${name.replaceAll('canary', 'absent')}`)
    expect(hidden.map((line) => line.replaceAll('canary', 'absent'))).toEqual(absent)
  }
})

test('who may see it is told', async () => {
  const tables = await printed(auditor, '\\dt *.*')
  expect(tables).toContain('public|canary_pay|table|bluegate')
  expect(tables).toContain('canary_vault|canary_keys|table|bluegate')
  expect(await printed(auditor, '\\dn')).toContain('canary_vault|bluegate')
  expect((await printed(auditor, '\\d people')).join('\n')).toContain('canary_ssn')
})

test('names of the gateway itself appear nowhere', async () => {
  const seen = await server.admin('SELECT nspname FROM pg_namespace')
  expect(new Set(seen.flat())).toEqual(
    new Set(['canary_vault', 'information_schema', 'pg_catalog', 'public', 'sales']),
  )
  for (const command of LOOKING_AROUND) {
    expect((await printed(auditor, command)).join('\n')).not.toMatch(/bluegate_internal|\bmain\b/)
  }
})

test('a transaction sees the tables that it made itself, also after a write', async () => {
  const look = "SELECT relname FROM pg_class WHERE relname = 'fresh'"
  const rows = await server.admin('BEGIN').then(async () => {
    await server.admin('CREATE TABLE fresh (id integer)')
    await server.admin('INSERT INTO fresh VALUES (1)')
    return await server.admin(look)
  })
  await server.admin('ROLLBACK')
  expect(rows).toEqual([['fresh']])
  expect(await server.admin(look)).toEqual([])
})

test('foreign tables are listed and described as such, and hidden ones are not there', async () => {
  expect(await printed(visitor, '\\det sales.*')).toEqual([
    'List of foreign tables',
    'Schema|Table|Server',
    'sales|notes|csv_fdw',
  ])
  expect(await printed(visitor, '\\dE sales.*')).toEqual([
    'List of relations',
    'Schema|Name|Type|Owner',
    'sales|notes|foreign table|bluegate',
  ])
  expect(await printed(visitor, '\\d sales.notes')).toEqual([
    'Foreign table "sales.notes"',
    'Column|Type|Collation|Nullable|Default|FDW options',
    'id|integer||||',
    'note|character varying||||',
    'Server: csv_fdw',
  ])
})
