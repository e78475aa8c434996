/**
 * Two gateways whose worlds differ in hidden data alone, asked the same by a stock driver: every reply is
 * the same, notices included; and no hidden value is found in anything that they told or printed: rows,
 * errors, notices, plans, the log of all processes at its most talkative, the page of metrics.
 */
import { readFileSync } from 'node:fs'
import https from 'node:https'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ALLOWED } from '../fixtures/gate-allowed.ts'
import { CATALOGUE, HOSTILE } from '../fixtures/gate-hostile.ts'
import { PREPARED } from '../fixtures/gate-hostile-execute.ts'
import {
  CANARY,
  HIDDEN_CHANGES,
  WORLD_FUNCTIONS,
  WORLD_GRANTS,
  WORLD_SET_UP,
} from '../fixtures/gate-world.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { spelledOut } from './harness/spelled-out.ts'
import type { ClientCredentials } from './harness/test-server.ts'

const STATEMENTS: readonly string[] = [
  ...PREPARED,
  ...HOSTILE.flatMap(({ statements }) => statements.flatMap(({ sql, twin }) => [sql, twin])),
  ...ALLOWED,
  ...CATALOGUE,
].filter((sql) => !/ANALYZE|SAMPLE/.test(sql)) // they tell of times taken, and of chance

/** Statements that hold such a word themselves may be told it again. */
const ASKED = STATEMENTS.filter((sql) => !CANARY.test(sql))

let worlds: readonly World[] = []

beforeAll(async () => {
  worlds = await Promise.all([World.open([]), World.open(HIDDEN_CHANGES)])
})

afterAll(() => Promise.all(worlds.map((world) => world.close())))

class World {
  readonly server: BluegateServer
  readonly #client: pg.Client
  readonly #notices: string[] = []

  private constructor(server: BluegateServer, client: pg.Client) {
    this.server = server
    this.#client = client
    client.on('notice', ({ code, message, detail, hint }) =>
      this.#notices.push(JSON.stringify({ code, message, detail, hint })),
    )
  }

  static async open(changes: readonly string[]): Promise<World> {
    const server = await startBluegate({ env: { BLUEGATE_LOG_LEVEL: 'debug' } })
    for (const sql of [...WORLD_SET_UP, ...WORLD_FUNCTIONS, ...changes]) await server.admin(sql)
    const { name, token } = await server.createClient('tester', WORLD_GRANTS.map(spelledOut))
    const client = new pg.Client({
      host: server.host,
      port: server.port,
      database: 'master',
      user: name,
      password: token,
      ssl: { ca: readFileSync(server.caFile, 'utf8') },
      types: { getTypeParser: () => (value: string) => value },
    })
    await client.connect()
    return new World(server, client)
  }

  /** Rows or error, and the notices before them; in one protocol or the other. */
  async reply(sql: string, queryMode: 'simple' | 'extended'): Promise<string> {
    const query = { text: sql, rowMode: 'array', queryMode } as const // unknown to the types
    const told = await this.#client.query(query).then(
      (answer: unknown) => {
        const results = (Array.isArray(answer) ? answer : [answer]) as pg.QueryArrayResult[]
        // rows without ORDER BY come in any order
        return results.map(({ rows, fields, command }) => ({
          rows: rows.map((row) => JSON.stringify(row)).toSorted(),
          fields,
          command,
        }))
      },
      async ({ code, message, detail, hint, position }: pg.DatabaseError) => {
        await this.#client.query('ROLLBACK')
        return { code, message, detail, hint, position }
      },
    )
    return JSON.stringify([this.#notices.splice(0), told])
  }

  async close(): Promise<void> {
    await this.#client.end()
    await this.server.stop()
  }
}

/** Some thousands of statements, most of them checked cold, in both worlds. */
const MS_MAX = 15 * 60_000

test(
  'changing hidden data changes no reply, and no reply holds any of it',
  { timeout: MS_MAX },
  async () => {
    const [world, other] = worlds
    const different: string[] = []
    const telling: string[] = []
    for (const [index, sql] of ASKED.entries()) {
      // node-postgres waits for ever for a Sync that it sends too early, when it may copy in
      const mode = index % 2 === 0 || sql.startsWith('COPY') ? 'simple' : 'extended'
      const [one, another] = await Promise.all([world?.reply(sql, mode), other?.reply(sql, mode)])
      const sameObjects = !CATALOGUE.includes(sql) // their numbers are made anew in each gateway
      if (one !== another && sameObjects)
        different.push(`${sql.slice(0, 200)}\n  ${one}\n  ${another}`)
      if (CANARY.test(`${one}${another}`)) telling.push(sql)
    }
    expect(different).toEqual([])
    expect(telling).toEqual([])
  },
)

test('what the role may read does change replies: the comparison sees them', async () => {
  const [world, other] = worlds
  await other?.server.admin("UPDATE master.public.people SET name = 'Cid' WHERE id = 1")
  const sql = 'SELECT name FROM people ORDER BY id'
  expect(await world?.reply(sql, 'simple')).not.toBe(await other?.reply(sql, 'simple'))
})

test('no hidden value is in the log of any process, nor on the page of metrics', async () => {
  for (const { server } of worlds) {
    const printed = server.printed()
    expect(printed).toContain('"level"')
    expect(printed).not.toMatch(CANARY)
    const monitor = await server.createClient('monitor')
    await server.admin('GRANT CLUSTERADMIN TO monitor_role')
    const metrics = await page(server, monitor, '/metrics')
    expect(metrics).toContain('bluegate_engine_restarts_total')
    expect(metrics).not.toMatch(CANARY)
  }
})

function page(server: BluegateServer, { token }: ClientCredentials, url: string): Promise<string> {
  const { port } = server.https
  const headers = { authorization: `Bearer ${token}` }
  const ca = readFileSync(server.caFile, 'utf8')
  return new Promise((resolve, reject) => {
    const request = https.get({ host: 'localhost', port, path: url, ca, headers }, (response) => {
      let body = ''
      response.on('data', (bytes) => (body += String(bytes)))
      response.on('end', () => resolve(body))
    })
    request.on('error', reject)
  })
}
