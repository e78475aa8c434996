/**
 * What clients try against the engine by way of files, logs, settings, and names that take others
 * over, with all the rights that there are: each ends with a clear error, nothing is left of it, and
 * the gateway bears it. Memory, depth and crashes: engine-crash.test.ts. Bluegate alone.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isEngine } from '../soak/soak.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { withLoad } from './harness/gateway-load.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'

/** Far above what it needs; a gateway that buffered what these ask for would pass it. */
const GATEWAY_MB_MAX = 768
/** A gateway that did the engine's work would pass it. */
const EVENT_LOOP_MS_MAX = 3000

const times = (count: number, part: string): string => part.repeat(count)

const MARK = '/tmp/bluegate-abuse'

/** `{data}` is the data directory. */
const ABUSES: Readonly<Record<string, readonly string[]>> = {
  files: [
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('{data}/engine/databases/master.duckdb')",
    "select * from read_blob('{data}/engine/databases/master.duckdb.wal')",
    "select * from read_text('{data}/samples/flights.csv')",
    "select * from glob('{data}/**')",
    "select * from '/etc/passwd'",
    "select * from read_csv('https://localhost/x.csv')",
    "select * from sniff_csv('/etc/passwd')",
    "select * from parquet_metadata('/etc/passwd')",
    `copy (select 1) to '${MARK}.csv'`,
    "copy (select 1) to '{data}/engine-temp/engine/x.csv'",
    "copy (select 1) to '/dev/stdout'",
    "copy kept from '/etc/passwd'",
    `attach '${MARK}.db' as other`,
    "attach ':memory:' as other",
    "attach '{data}/metadata.sqlite' as other",
    'detach master',
    `export database '${MARK}'`,
    `import database '${MARK}'`,
    'install httpfs',
    'load httpfs',
    "create table stolen as from read_text('/etc/passwd')",
    "select * from query('select 1')",
    "select * from query_table('kept')",
    'copy from database master to other',
    "create secret s (type s3, key_id 'x', secret 'y')",
    "select getenv('PATH')",
  ],
  'logs and settings': [
    `call enable_logging(storage='file', storage_path='${MARK}.log')`,
    'call enable_logging()',
    'call disable_logging()',
    'call truncate_duckdb_logs()',
    "select write_log('x')",
    'select * from duckdb_logs()',
    'select * from duckdb_settings()',
    'select * from duckdb_secrets()',
    'select * from duckdb_memory()',
    "select current_setting('temp_directory')",
    'pragma enable_profiling',
    "pragma profiling_output='/tmp/bluegate-abuse.json'",
    'pragma disable_optimizer',
    'pragma disable_checkpoint_on_shutdown',
    'pragma enable_peg_parser',
    "pragma add_parquet_key('k', '0123456789112345')",
    'pragma database_list',
    'checkpoint',
    'force checkpoint',
    'vacuum',
    "set temp_directory = '/tmp'",
    "set memory_limit = '100GB'",
    'set enable_external_access = true',
    'set lock_configuration = false',
    'set threads = 1000',
    "set variable x = 'y'",
    "select getvariable('x')",
    'use memory',
  ],
  'names of functions': [
    'create macro upper(x) as 42',
    'create or replace macro upper(x) as 42',
    'create temp macro upper(x) as 42',
    'create macro "+"(a, b) as 42',
    'create function count(x) as 42',
    "create macro t() as table select * from read_text('/etc/passwd')",
    "create type text as enum ('a')",
    'create temp view "stub 1" as select 1',
    'create temp table "stub 1" (id integer)',
  ],
  'names of schemas': [
    'create schema master',
    'create schema temp',
    'create schema system',
    'create schema main',
    'create schema information_schema',
    'create schema pg_catalog',
    'create schema memory.other',
    'create schema system.other',
    'drop schema public',
    'drop schema main',
    'create table main.t (id integer)',
    'create table system.t (id integer)',
    'create table information_schema.tables (id integer)',
  ],
  'long texts': [
    `select '${times(70_000, 'x'.repeat(20))}'`,
    `select "${times(70_000, 'x'.repeat(20))}"`,
    `select 1 as a -- ${times(70_000, 'x'.repeat(20))}`,
    "select length(repeat('x', 2000000000))",
    "select length(lpad('x', 2000000000, 'y'))",
  ],
  'depth and plans': [
    `select ${times(5000, '(')}1${times(5000, ')')}`,
    `select ${times(50_000, 'a.')}a`,
    `select 1${times(5000, ' union all select 1')}`,
    `select 1 from range(1)${times(500, ', range(1)')}`,
    `with recursive t as (select 1 as i union all select i + 1 from t) select count(*) from t, t u where false and (${times(300, 'i = 1 and ')}true`,
  ],
}

const MODES = ['simple', 'extended'] as const

/** The same words for what is allowed. */
const TWINS = [
  "select upper('x'), 1 + 1, count(*) from kept",
  'select * from public.kept',
  'create schema harmless',
  'create table harmless.t (id integer)',
  'drop table harmless.t',
  'drop schema harmless',
  'copy (select 1) to stdout',
  "select length(repeat('x', 2000))",
  `select ${times(50, '(')}1${times(50, ')')}`,
  'set statement_timeout = 0',
]

describe.skipIf(AGAINST_POSTGRESQL)('with all rights and with few', () => {
  let server: BluegateServer
  const clients = new Map<string, pg.Client>()

  beforeAll(async () => {
    server = await startBluegate({ env: { BLUEGATE_ENGINE_MEMORY: '256MiB' } })
    await server.admin('create table kept (id integer)')
    await server.admin('insert into kept values (1)')
    const grants = ['SELECT ON TABLE kept', 'CREATE ON SCHEMA public', 'CREATE ON DATABASE master']
    for (const name of ['few', 'all']) {
      const { role, token } = await server.createClient(name, grants)
      if (name === 'all') await server.admin(`GRANT SUPERUSER TO ${role}`)
      const client = new pg.Client({
        host: server.host,
        port: server.port,
        database: 'master',
        user: name,
        password: token,
        ssl: { ca: readFileSync(server.caFile, 'utf8') },
      })
      await client.connect()
      clients.set(name, client)
    }
    writeFileSync(`${server.dataDirectory}/samples/flights.csv`, 'a\n1\n')
  })

  afterAll(async () => {
    for (const client of clients.values()) await client.end()
    await server?.stop()
  })

  async function codeOf(client: pg.Client, sql: string, queryMode: 'simple' | 'extended') {
    try {
      await client.query({ text: sql, queryMode } as pg.QueryConfig)
      return undefined
    } catch (error) {
      return (error as { code?: string }).code ?? String(error)
    }
  }

  test.each(Object.entries(ABUSES))('%s: each is refused', async (kind, statements) => {
    const accepted: string[] = []
    const engine = server.pids().find(isEngine)
    const load = await withLoad(server, isEngine, async () => {
      for (const [name, client] of clients) {
        for (const statement of statements) {
          const sql = statement.replaceAll('{data}', server.dataDirectory)
          for (const mode of MODES) {
            const code = await codeOf(client, sql, mode)
            if (code === undefined || !/^(0A|22|25|2B|28|3D|3F|42|53|54|55)/.test(code)) {
              accepted.push(`${name}, ${mode}: ${code}: ${sql.slice(0, 80)}`)
            }
          }
        }
      }
    })
    expect(accepted).toEqual([])
    // one call that fills a text of gigabytes hears nothing, and may cost the engine
    const isTheSame = server.pids().find(isEngine) === engine
    expect(isTheSame || kind === 'long texts').toBe(true)
    expect(load.gatewayPeakMb).toBeLessThan(GATEWAY_MB_MAX)
    expect(load.eventLoopDelayMs).toBeLessThan(EVENT_LOOP_MS_MAX)
  })

  test('nothing is left of it, and what is allowed still is', async () => {
    for (const ending of ['', '.csv', '.db', '.log', '.json']) {
      expect(existsSync(`${MARK}${ending}`)).toBe(false)
    }
    for (const client of clients.values()) {
      const { rows } = await client.query(
        "select upper('x') as u, 1 + 1 as two, count(*) as n from kept",
      )
      expect(rows).toEqual([{ u: 'X', two: 2, n: '1' }])
      for (const sql of TWINS)
        expect([sql, await codeOf(client, sql, 'simple')]).toEqual([sql, undefined])
    }
  })
})
