/**
 * A client whose role may read two columns of a table reads those, and is refused every way to the
 * others: the gate's own corpora, sent by a stock driver through the door to the real engine.
 *
 * Hidden values begin with `canary`; none may come back, in rows or in an error.
 */
import { readFileSync, rmSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ALLOWED } from '../fixtures/gate-allowed.ts'
import { CATALOGUE, HOSTILE } from '../fixtures/gate-hostile.ts'
import { PREPARED } from '../fixtures/gate-hostile-execute.ts'
import { CANARY, WORLD_FUNCTIONS, WORLD_GRANTS, WORLD_SET_UP } from '../fixtures/gate-world.ts'
import {
  WORLD_FILE_GRANTS,
  WORLD_FOREIGN_TABLES,
  writeWorldFiles,
} from '../fixtures/gate-world-files.ts'
import type { WorldFiles } from '../fixtures/gate-world-files.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { spelledOut } from './harness/spelled-out.ts'
import type { ClientCredentials } from './harness/test-server.ts'

/** The one hidden name that the statements themselves hold, and that an error may repeat. */
const ECHO = /getvariable\(.{0,2}canary/g

let files: WorldFiles
let server: BluegateServer
let client: pg.Client

beforeAll(async () => {
  files = writeWorldFiles()
  const locations = files.locations.map(({ name, directory }) => `${name}=${directory}`).join(',')
  server = await startBluegate({ env: { BLUEGATE_LOCATIONS: locations } })
  for (const sql of [...WORLD_SET_UP, ...WORLD_FUNCTIONS, ...WORLD_FOREIGN_TABLES])
    await server.admin(sql)
  const grants = [...WORLD_GRANTS, ...WORLD_FILE_GRANTS].map(spelledOut)
  client = await connectAs(await server.createClient('tester', grants))
  for (const sql of PREPARED) await client.query(sql)
})

afterAll(async () => {
  await client?.end()
  await server?.stop()
  rmSync(files.directory, { recursive: true, force: true })
})

// before it has views of its own, whose texts it may read
test.each(CATALOGUE)('answered with what the role may know of: %s', async (sql) => {
  const { error, told } = await answerTo(sql)
  expect(error).toBeUndefined()
  expect(told).not.toMatch(/hidden|vault|keys|ssn|salary|bluegate_internal/)
})

describe.each(HOSTILE)('$attack', ({ statements }) => {
  test.each(statements)('refused: $sql', async ({ sql, twin }) => {
    for (const queryMode of ['simple', 'extended'] as const) {
      const refusal = await answerTo(sql, queryMode)
      expect(refusal.error, `the statement was answered (${queryMode})`).toBeDefined()
      expect(refusal.told.replaceAll(ECHO, '')).not.toMatch(CANARY)
    }
    const allowed = await answerTo(twin)
    expect(allowed.error, `its twin was refused: ${twin}`).toBeUndefined()
    expect(allowed.told).not.toMatch(CANARY)
  })
})

test.each(ALLOWED)('allowed: %s', async (sql) => {
  const { error, told } = await answerTo(sql)
  expect(error).toBeUndefined()
  expect(told).not.toMatch(CANARY)
})

describe('a table that may not be seen looks exactly like one that does not exist', () => {
  const forms = [
    (table: string) => `SELECT * FROM ${table}`,
    (table: string) => `SELECT 1 FROM public.${table} AS h WHERE h.id = 1`,
    (table: string) => `INSERT INTO ${table} VALUES (1)`,
    (table: string) => `DROP TABLE ${table}`,
    (table: string) => `SELECT (SELECT count(*) FROM master.public.${table})`,
    (table: string) => `CREATE TABLE sales.copy AS FROM ${table}`,
  ]
  test.each(forms.map((form) => [form('hidden'), form('hiddem')]))(
    '%s',
    async (hidden, missing) => {
      const [one, other] = [await answerTo(hidden), await answerTo(missing)]
      expect(one.error).toBeDefined()
      expect(one.told).toBe(other.told.replaceAll('hiddem', 'hidden'))
    },
  )
})

/** All that the client was told, as text. */
async function answerTo(
  sql: string,
  queryMode: 'simple' | 'extended' = 'simple',
): Promise<{ error: unknown; told: string }> {
  try {
    const query = { text: sql, rowMode: 'array', queryMode } as const // unknown to the types
    const answer = (await client.query(query)) as unknown
    const results = (Array.isArray(answer) ? answer : [answer]) as pg.QueryArrayResult[]
    return { error: undefined, told: JSON.stringify(results.map(({ rows }) => rows)) }
  } catch (error) {
    const { code, message, detail, hint, position } = error as pg.DatabaseError
    await client.query('ROLLBACK')
    // the driver has no rows to send: it was asked for them, then
    if (message.startsWith('COPY from stdin failed')) return { error: undefined, told: '[]' }
    return { error, told: JSON.stringify({ code, message, detail, hint, position }) }
  }
}

async function connectAs({ name, token }: ClientCredentials): Promise<pg.Client> {
  const connection = new pg.Client({
    host: server.host,
    port: server.port,
    database: 'master',
    user: name,
    password: token,
    ssl: { ca: readFileSync(server.caFile, 'utf8') },
    types: { getTypeParser: () => (value: string) => value },
  })
  await connection.connect()
  return connection
}
