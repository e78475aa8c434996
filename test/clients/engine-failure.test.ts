/**
 * A statement that exhausts the engine, and an engine that dies: whose statements end, with which
 * error, and that everybody's next statement works. Sessions outlive the engine. Bluegate alone.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { present } from '../../src/base/assert.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { failureOf } from './harness/client-connection.ts'
import { RawConnection } from './harness/raw-connection.ts'
import { fieldsOf, query, tagOf } from './harness/raw-messages.ts'
import type { RawMessage } from './harness/raw-messages.ts'
import { connect } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions } from './harness/test-server.ts'
import type { ConnectOptions } from './harness/client-connection.ts'

/** Small, so that a greedy statement meets it soon. */
const ENGINE_MEMORY = '512MiB'

/** Hours of work. Each number gives another text, because one that was there twice is refused. */
const endless = (number: number): string =>
  `select count(*) from generate_series(1, 1000000) as a(i),
   generate_series(1, 2000000) as b(j) where (i::bigint * j) % 7 = ${10 + number}`

/** Each wants many gigabytes at once, of a kind that the engine's own limit does not count. */
const GREEDY = [
  { what: 'a list', sql: 'select len(list(i)) from generate_series(1, 1000000000) as g(i)' },
  {
    what: 'a text',
    sql: `select length(string_agg(i::text, '')) from generate_series(1, 1000000000) as g(i)`,
  },
]

let server: BluegateServer
let options: ConnectOptions

beforeAll(async () => {
  if (AGAINST_POSTGRESQL) return
  server = await startBluegate({ env: { BLUEGATE_ENGINE_MEMORY: ENGINE_MEMORY } })
  await server.admin('create table ledger (id integer)')
  options = connectOptions(
    server,
    await server.createClient('tool', ['SELECT, INSERT ON TABLE ledger']),
  )
})

afterAll(() => server?.stop())

async function ask(connection: RawConnection, sql: string): Promise<RawMessage[]> {
  connection.send(query(sql))
  return connection.until('Z')
}

const errorsIn = (messages: readonly RawMessage[]): (string | undefined)[] =>
  messages.filter(({ type }) => type === 'E').map((message) => fieldsOf(message)['C'])

const tagsIn = (messages: readonly RawMessage[]): string[] =>
  messages.filter(({ type }) => type === 'C').map(tagOf)

function killEngine(): void {
  const isEngine = (pid: number): boolean =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine/host')
  process.kill(present(server.pids().find(isEngine), 'the engine host runs'), 'SIGKILL')
}

describe.skipIf(AGAINST_POSTGRESQL)('a statement that wants too much memory', () => {
  test.each(GREEDY)('for $what gets an error, and nobody else loses a session', async ({ sql }) => {
    const [greedy, neighbour] = [
      await RawConnection.open(options),
      await RawConnection.open(options),
    ]
    const [error] = errorsIn(await ask(greedy, sql))
    expect(['53200', '57P02']).toContain(error) // refused by the engine, or the end of it
    expect(tagsIn(await ask(neighbour, 'select 1'))).toEqual(['SELECT 1'])
    expect(tagsIn(await ask(greedy, 'select 1'))).toEqual(['SELECT 1'])
    for (const connection of [greedy, neighbour]) connection.destroy()
  })
})

describe.skipIf(AGAINST_POSTGRESQL)('when the engine is killed', () => {
  test('running statements end with 57P02, and every session goes on', async () => {
    const [busy, idle] = [await RawConnection.open(options), await RawConnection.open(options)]
    busy.send(query(endless(0)))
    await ask(idle, 'insert into ledger values (1)')
    killEngine()
    expect(errorsIn(await busy.until('Z'))).toEqual(['57P02'])
    for (const connection of [busy, idle]) {
      expect(tagsIn(await ask(connection, 'select count(*) from ledger'))).toEqual(['SELECT 1'])
      connection.destroy()
    }
    expect(await server.admin('select id from ledger where id = 1')).toEqual([['1']])
  })

  test('an open transaction is lost, says so, and COMMIT is answered ROLLBACK', async () => {
    const session = await RawConnection.open(options)
    await ask(session, 'BEGIN')
    await ask(session, 'insert into ledger values (2)')
    killEngine()
    expect(errorsIn(await ask(session, 'select 1'))).toHaveLength(1)
    expect(tagsIn(await ask(session, 'COMMIT'))).toEqual(['ROLLBACK'])
    expect(tagsIn(await ask(session, 'select 1'))).toEqual(['SELECT 1'])
    expect(await server.admin('select id from ledger where id = 2')).toEqual([])
    session.destroy()
  })

  test('a COMMIT right behind it does not claim to have kept anything', async () => {
    const session = await RawConnection.open(options)
    await ask(session, 'BEGIN')
    await ask(session, 'insert into ledger values (3)')
    killEngine()
    expect(tagsIn(await ask(session, 'COMMIT'))).not.toContain('COMMIT')
    expect(await server.admin('select id from ledger where id = 3')).toEqual([])
    session.destroy()
  })

  test('a statement during which it died twice is not given to it again', async () => {
    const session = await RawConnection.open(options)
    const errors: (string | undefined)[] = []
    for (const attempt of [1, 2, 3]) {
      await ask(session, 'select 1') // the engine is back
      session.send(query(endless(9)))
      if (attempt < 3) {
        await sleep(500)
        killEngine()
      }
      errors.push(...errorsIn(await session.until('Z')))
    }
    expect(errors).toEqual(['57P02', '57P02', '54001'])
    expect(tagsIn(await ask(session, 'select 1'))).toEqual(['SELECT 1'])
    session.destroy()
  })

  test.each(['psycopg', 'pgjdbc'] as const)(
    '%s sees 57P02 and its connection lives',
    async (name) => {
      const connection = await connect(name, options)
      try {
        const failure = failureOf(connection.query(endless(name === 'pgjdbc' ? 1 : 2)))
        await sleep(500)
        killEngine()
        expect((await failure).sqlState).toBe('57P02')
        expect((await connection.query('select 41 + 1')).rows).toEqual([['42']])
      } finally {
        await connection.close()
      }
    },
  )
})
