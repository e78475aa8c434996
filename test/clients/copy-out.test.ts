/** COPY … TO STDOUT through stock clients, byte for byte as PostgreSQL writes it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import { RawConnection } from './harness/raw-connection.ts'
import {
  bind,
  describePrepared,
  execute,
  parse,
  query,
  sync,
  tagOf,
} from './harness/raw-messages.ts'
import { connect } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

let server: TestServer
let client: ClientCredentials

beforeAll(async () => {
  server = await startServer()
  await server.admin('create table notes (id integer, body varchar, price decimal(10,2))')
  await server.admin(
    `insert into notes values (1, 'plain', 1.50), (2, null, null), (3, '', 0.00),
     (4, E'tab\\there, "quoted"\\nline \\\\ end', -7.25)`,
  )
  await server.admin('create table sealed (id integer, secret varchar)')
  await server.admin("insert into sealed values (1, 'canary')")
  client = await server.createClient('reader', ['SELECT ON TABLE notes'])
})

afterAll(() => server?.stop())

describe.each(['psql', 'psycopg', 'pgjdbc'] as const)('through %s', (name) => {
  let connection: ClientConnection

  beforeAll(async () => {
    connection = await connect(name, connectOptions(server, client))
  })

  afterAll(() => connection?.close())

  const copied = async (sql: string): Promise<string> => String(await connection.copyOut(sql))

  test('text: tabs, \\N and escapes', async () => {
    expect(await copied('copy (select * from notes order by id) to stdout')).toBe(
      [
        '1\tplain\t1.50',
        '2\t\\N\t\\N',
        '3\t\t0.00',
        '4\ttab\\there, "quoted"\\nline \\\\ end\t-7.25',
        '',
      ].join('\n'),
    )
  })

  test('csv with a header, in the new and the old form', async () => {
    const csv = [
      'id,body,price',
      '1,plain,1.50',
      '2,,',
      '3,"",0.00',
      '4,"tab\there, ""quoted""\nline \\ end",-7.25',
      '',
    ].join('\n')
    const rows = '(select * from notes order by id)'
    expect(await copied(`copy ${rows} to stdout with (format csv, header)`)).toBe(csv)
    expect(await copied(`COPY ${rows} TO STDOUT CSV HEADER`)).toBe(csv)
    expect(
      await copied(`copy ${rows} to stdout (format csv, header true, delimiter ';', null '-')`),
    ).toContain('2;-;-\n')
  })

  test('a table with some of its columns', async () => {
    expect((await copied('copy notes (id, price) to stdout csv')).split('\n').toSorted()).toEqual([
      '',
      '1,1.50',
      '2,',
      '3,0.00',
      '4,-7.25',
    ])
  })

  test('what may not be read is not copied', async () => {
    const hidden = await failureOf(connection.copyOut('copy sealed to stdout'))
    expect(hidden.message).not.toContain('canary')
    const inside = 'copy (select n.id from notes n, sealed s) to stdout'
    expect((await failureOf(connection.copyOut(inside))).message).not.toContain('canary')
    expect(await copied('copy (select 1) to stdout')).toBe('1\n')
  })

  test('many rows arrive, whole', async () => {
    const sql = 'copy (select i, i * 2 from generate_series(1, 100000) as g(i)) to stdout'
    const lines = (await copied(sql)).split('\n')
    expect(lines).toHaveLength(100_001)
    expect(lines[99_999]).toBe('100000\t200000')
  })
})

describe('to the message', () => {
  let raw: RawConnection

  beforeAll(async () => {
    raw = await RawConnection.open(connectOptions(server, client))
  })

  afterAll(() => raw?.destroy())

  test('simple protocol: one message a row, and the tag counts them', async () => {
    raw.send(query('copy (select 1 union all select 2) to stdout'))
    const messages = await raw.until('Z')
    expect(messages.map(({ type }) => type)).toEqual(['H', 'd', 'd', 'c', 'C', 'Z'])
    expect(messages[0]?.body).toEqual(Buffer.from([0, 0, 1, 0, 0]))
    expect(messages.filter(({ type }) => type === 'C').map(tagOf)).toEqual(['COPY 2'])
  })

  test('extended protocol: described as without rows; binary', async () => {
    const sql = 'copy (select 1) to stdout (format binary)'
    raw.send(parse('c', sql), describePrepared('c'), bind('', 'c'), execute('', 1), sync())
    const messages = await raw.until('Z')
    const types = messages.map(({ type }) => type).join('')
    expect(types).toMatch(/^1tn2Hd+cCZ$/)
    const data = Buffer.concat(messages.filter(({ type }) => type === 'd').map(({ body }) => body))
    const head = 'PGCOPY\n\xff\r\n\0' + '\0'.repeat(8)
    expect(data.toString('latin1')).toBe(`${head}\0\x01\0\0\0\x04\0\0\0\x01\xff\xff`)
  })

  test('an error in a late row ends the copy with the error', async () => {
    const sql = `copy (select case when i < 400000 then i else (1 / (i - 400000))::int end
      from generate_series(1, 400000) as g(i)) to stdout`
    raw.send(query(sql))
    const messages = await raw.until('Z')
    const types = [...new Set(messages.map(({ type }) => type))]
    expect(types.at(0)).toBe('H')
    expect(types.slice(-2)).toEqual(['E', 'Z'])
    expect(types).not.toContain('c')
  })

  test.skipIf(AGAINST_POSTGRESQL).each([
    ["copy notes to '/tmp/x'", '0A000'],
    ["copy notes to program 'cat'", '0A000'],
  ])('%s is refused to everybody: %s', async (sql, code) => {
    raw.send(query(sql))
    const error = (await raw.until('Z')).find(({ type }) => type === 'E')
    expect(String(error?.body)).toContain(`C${code}`)
  })

  test.each([
    ['copy notes to stdout (format xml)', '22023'],
    ['copy notes to stdout (nothing 1)', '42601'],
    ["copy notes to stdout (delimiter ',,')", '0A000'],
    ['copy notes to stdout csv csv', '42601'],
    ['copy (select 1', '42601'],
    ['copy notes (nothing) to stdout', '42703'],
  ])('%s is refused: %s', async (sql, code) => {
    raw.send(query(sql))
    const error = (await raw.until('Z')).find(({ type }) => type === 'E')
    expect(String(error?.body)).toContain(`C${code}`)
  })
})
