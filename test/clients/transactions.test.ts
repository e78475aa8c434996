/** Transactions and portals as the drivers use them: interleaved, with other statements between. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import { RawConnection } from './harness/raw-connection.ts'
import {
  bind,
  closePortal,
  execute,
  fieldsOf,
  flush,
  parse,
  query,
  statusOf,
  sync,
  tagOf,
  valuesOf,
} from './harness/raw-messages.ts'
import type { RawMessage } from './harness/raw-messages.ts'
import { connect, STOCK_CLIENTS } from './harness/stock-clients.ts'
import { connectOptions, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

let server: TestServer
let client: ClientCredentials

beforeAll(async () => {
  server = await startServer()
  await server.admin('create table ledger (id integer, note varchar)')
  client = await server.createClient('bookkeeper', ['SELECT, INSERT ON TABLE ledger'])
})

afterAll(() => server?.stop())

async function countOf(id: number): Promise<number> {
  const rows = await server.admin(`select count(*) from ledger where id = ${id}`)
  return Number(rows[0]?.[0])
}

describe.each(STOCK_CLIENTS)('%s', (name) => {
  let connection: ClientConnection
  const ids = 1000 * (STOCK_CLIENTS.indexOf(name) + 1)

  beforeAll(async () => {
    connection = await connect(name, connectOptions(server, client))
  })

  afterAll(() => connection?.close())

  test('rolls an INSERT back, seeing it until then', async () => {
    await connection.begin()
    await connection.query(`insert into ledger values (${ids + 1}, 'gone')`)
    const { rows } = await connection.query(`select note from ledger where id = ${ids + 1}`)
    expect(rows).toEqual([['gone']])
    await connection.rollback()
    expect(await countOf(ids + 1)).toBe(0)
  })

  test('commits an INSERT, which nobody else sees before', async () => {
    await connection.begin()
    await connection.query(`insert into ledger values (${ids + 2}, 'kept')`)
    expect(await countOf(ids + 2)).toBe(0)
    await connection.commit()
    expect(await countOf(ids + 2)).toBe(1)
  })

  test('sees by a statement that it repeats what others wrote in between', async () => {
    const questions = [
      `select count(*) from ledger where id = ${ids + 4}`,
      `select count(*) from ledger where id < ${ids + 4} and id > ${ids + 3}`,
      `select distinct id from ledger where id >= ${ids + 4} and id < ${ids + 10} order by id`,
      `select max(id) from ledger where id < ${ids + 10}`,
    ]
    const answers = async (): Promise<unknown[]> => {
      const given: unknown[] = []
      for (const sql of questions) given.push((await connection.query(sql)).rows.flat())
      return given
    }
    await server.admin(`insert into ledger values (${ids}, 'smallest')`)
    await answers()
    for (const id of [ids + 4, ids + 7]) {
      await server.admin(`insert into ledger values (${id}, 'between')`)
      const known = [String(ids + 4), String(ids + 7)].filter((one) => Number(one) <= id)
      expect(await answers()).toEqual([['1'], ['0'], known, [String(id)]])
    }
  })

  test('gets 25P02 after a failure in a transaction, until it rolls back', async () => {
    await connection.begin()
    await connection.query(`insert into ledger values (${ids + 3}, 'lost')`)
    const first = await failureOf(connection.query(`select cast('x' as integer)`))
    const second = await failureOf(connection.query('select 1'))
    expect([first.sqlState, second.sqlState]).toEqual(['22P02', '25P02'])
    await connection.rollback()
    expect((await connection.query('select 1')).rows).toEqual([['1']])
    expect(await countOf(ids + 3)).toBe(0)
  })
})

/** A hundred rows that belong to one portal alone. */
const series = (portal: number): string =>
  `select ${portal} * 1000 + i as v, 'p${portal}-' || i::text as t
   from generate_series(1, 100) as g(i) order by i`

const expected = (portal: number, from: number, count: number): string[][] =>
  Array.from({ length: count }, (_, index) => [
    String(portal * 1000 + from + index),
    `p${portal}-${from + index}`,
  ])

describe('pgjdbc with a fetch size', () => {
  test('reads three results in turns, a metadata query and an INSERT between', async () => {
    const connection = await connect('pgjdbc', connectOptions(server, client))
    try {
      await connection.begin()
      for (const portal of [1, 2, 3]) {
        await connection.openPortal(`p${portal}`, series(portal), 7)
      }
      const read = (portal: number, from: number, count: number): Promise<void> =>
        connection.fetch(`p${portal}`, count).then((rows) => {
          expect(rows).toEqual(expected(portal, from, count))
        })
      for (const portal of [1, 2, 3]) await read(portal, 1, 10)
      const columns = await connection.describePortal('p2')
      expect(columns.map(([column]) => column)).toEqual(['v', 't'])
      expect((await connection.query('show server_version')).rows).toHaveLength(1)
      for (const portal of [3, 1, 2]) await read(portal, 11, 25)
      await connection.query(`insert into ledger values (10, 'between')`)
      for (const portal of [2, 3, 1]) await read(portal, 36, 65)
      for (const portal of [1, 2, 3]) {
        expect(await connection.fetch(`p${portal}`, 1)).toEqual([])
        await connection.closePortal(`p${portal}`)
      }
      await connection.commit()
    } finally {
      await connection.close()
    }
    expect(await countOf(10)).toBe(1)
  })

  test('reads twenty results in turns, before and after a write', async () => {
    const connection = await connect('pgjdbc', connectOptions(server, client))
    const portals = Array.from({ length: 20 }, (_, index) => index + 1)
    try {
      await connection.begin()
      for (const portal of portals) await connection.openPortal(`p${portal}`, series(portal), 5)
      for (const portal of portals) {
        expect(await connection.fetch(`p${portal}`, 20)).toEqual(expected(portal, 1, 20))
      }
      await connection.query(`insert into ledger values (11, 'among twenty')`)
      for (const portal of portals.toReversed()) {
        expect(await connection.fetch(`p${portal}`, 1000)).toEqual(expected(portal, 21, 80))
      }
      await connection.rollback()
    } finally {
      await connection.close()
    }
    expect(await countOf(11)).toBe(0)
  })
})

describe('the extended protocol, message by message', () => {
  let raw: RawConnection

  beforeAll(async () => {
    raw = await RawConnection.open(connectOptions(server, client))
  })

  afterAll(() => raw?.destroy())

  async function simple(sql: string): Promise<RawMessage[]> {
    raw.send(query(sql))
    return raw.until('Z')
  }

  /** Executes and flushes, so that no Sync ends anything. */
  async function fetch(portal: string, rows: number): Promise<RawMessage[]> {
    raw.send(execute(portal, rows), flush())
    return raw.until('sCE')
  }

  const rowsIn = (messages: RawMessage[]): (string | null)[][] =>
    messages.filter(({ type }) => type === 'D').map(valuesOf)

  test('portals are suspended, resumed and completed, each with its own rows', async () => {
    await simple('BEGIN')
    for (const portal of [1, 2, 3]) {
      raw.send(parse('', series(portal)), bind(`p${portal}`, ''), flush())
      expect((await raw.until('2E')).map(({ type }) => type)).toEqual(['1', '2'])
    }
    for (const [portal, from, count] of [
      [1, 1, 40],
      [3, 1, 40],
      [2, 1, 40],
      [1, 41, 40],
      [3, 41, 40],
    ] as const) {
      const messages = await fetch(`p${portal}`, count)
      expect(rowsIn(messages)).toEqual(expected(portal, from, count))
      expect(messages.at(-1)?.type).toBe('s')
    }
    raw.send(
      parse('', `insert into ledger values (20, 'raw')`),
      bind('', ''),
      execute('', 0),
      sync(),
    )
    expect((await raw.until('Z')).map(({ type }) => type)).toEqual(['1', '2', 'C', 'Z'])
    for (const [portal, from, count] of [
      [2, 41, 60],
      [1, 81, 20],
      [3, 81, 20],
    ] as const) {
      const messages = await fetch(`p${portal}`, 0)
      expect(rowsIn(messages)).toEqual(expected(portal, from, count))
      expect(messages.slice(-1).map(tagOf)).toEqual([`SELECT ${count}`])
    }
    expect((await simple('COMMIT')).slice(-1).map(statusOf)).toEqual(['I'])
    expect(await countOf(20)).toBe(1)
  })

  test('a portal sees the rows of its beginning; one opened later sees the write', async () => {
    const notes = `select note from ledger where id = 30`
    await simple('BEGIN')
    await simple(`insert into ledger values (30, 'first'), (30, 'second')`)
    raw.send(parse('', notes), bind('early', ''), execute('early', 1), flush())
    expect(rowsIn(await raw.until('sE'))).toHaveLength(1)
    await simple(`insert into ledger values (30, 'third')`)
    raw.send(parse('', notes), bind('late', ''), flush())
    await raw.until('2E')
    expect(rowsIn(await fetch('early', 0))).toHaveLength(1)
    expect(rowsIn(await fetch('late', 0))).toHaveLength(3)
    await simple('ROLLBACK')
  })

  test('a portal ends with its transaction, and a missing one is named 34000', async () => {
    await simple('BEGIN')
    raw.send(parse('', series(1)), bind('p', ''), execute('p', 3), flush())
    await raw.until('s')
    await simple('COMMIT')
    raw.send(execute('p', 3), sync())
    const failure = (await raw.until('Z')).find(({ type }) => type === 'E')
    expect(failure && fieldsOf(failure)['C']).toBe('34000')
  })

  test('a closed portal gives way to another of its name', async () => {
    await simple('BEGIN')
    raw.send(parse('', series(1)), bind('p', ''), execute('p', 3), closePortal('p'), flush())
    await raw.until('3E')
    raw.send(parse('', series(2)), bind('p', ''), execute('p', 3), sync())
    expect(rowsIn(await raw.until('Z'))).toEqual(expected(2, 1, 3))
    await simple('ROLLBACK')
  })

  test('the transaction status is always the true one', async () => {
    const statusAfter = async (sql: string): Promise<string> =>
      (await simple(sql)).slice(-1).map(statusOf).join()
    expect(await statusAfter('select 1')).toBe('I')
    expect(await statusAfter('BEGIN')).toBe('T')
    expect(await statusAfter('select 1')).toBe('T')
    expect(await statusAfter(`select cast('x' as integer)`)).toBe('E')
    expect(await statusAfter('select 1')).toBe('E')
    const commit = await simple('COMMIT')
    expect(commit.map(({ type }) => type)).toEqual(['C', 'Z'])
    expect(commit.slice(0, 1).map(tagOf)).toEqual(['ROLLBACK'])
    expect(commit.slice(-1).map(statusOf)).toEqual(['I'])
    raw.send(parse('', 'BEGIN'), bind('', ''), execute('', 0), sync())
    expect((await raw.until('Z')).slice(-1).map(statusOf)).toEqual(['T'])
    expect(await statusAfter('ROLLBACK')).toBe('I')
  })

  test('a string of several statements is one transaction', async () => {
    const failed = await simple(`insert into ledger values (40, 'a'); select cast('x' as integer)`)
    expect(failed.map(({ type }) => type)).toEqual(['C', 'E', 'Z'])
    expect(await countOf(40)).toBe(0)
    const done = await simple(`insert into ledger values (41, 'a'); select 1`)
    expect(done.filter(({ type }) => type === 'C').map(tagOf)).toEqual(['INSERT 0 1', 'SELECT 1'])
    expect(await countOf(41)).toBe(1)
  })

  test('an error is told at once, without waiting for Sync', async () => {
    raw.send(parse('', 'select nope'), bind('', ''), execute('', 0), flush())
    expect((await raw.until('E')).map(({ type }) => type)).toContain('E')
    raw.send(sync())
    expect((await raw.until('Z')).slice(-1).map(statusOf)).toEqual(['I'])
  })

  test('after an error everything is skipped until Sync', async () => {
    raw.send(
      parse('', `select cast('x' as integer)`),
      bind('', ''),
      execute('', 0),
      parse('', `insert into ledger values (50, 'skipped')`),
      bind('', ''),
      execute('', 0),
      sync(),
    )
    const messages = await raw.until('Z')
    expect(messages.filter(({ type }) => type === 'E')).toHaveLength(1)
    expect(messages.some(({ type }) => type === 'C')).toBe(false)
    expect(await countOf(50)).toBe(0)
  })
})
