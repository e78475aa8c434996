/** UPDATE, DELETE, TRUNCATE, RETURNING and ON CONFLICT, as stock clients use them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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
import { connect, DRIVERS } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

let server: TestServer
let client: ClientCredentials

beforeAll(async () => {
  server = await startServer()
  await server.admin(
    'create table stock (id integer primary key, item varchar, amount integer default 7)',
  )
  await server.admin('create table sealed (id integer primary key, secret varchar)')
  await server.admin('create table prices (id integer, price integer)')
  client = await server.createClient('keeper', [
    'SELECT, INSERT, UPDATE, DELETE ON TABLE stock',
    'UPDATE, DELETE ON TABLE sealed',
    'SELECT ON TABLE prices',
  ])
})

afterAll(() => server?.stop())

beforeEach(async () => {
  await server.admin('delete from stock')
  await server.admin("insert into stock values (1, 'nail', 10), (2, 'nut', 20), (3, 'bolt', 30)")
  await server.admin('delete from sealed')
  await server.admin("insert into sealed values (1, 'canary')")
  await server.admin('delete from prices')
  await server.admin('insert into prices values (1, 100), (3, 300)')
})

const stock = (): Promise<(string | null)[][]> =>
  server.admin('select id::varchar, item, amount::varchar from stock order by stock.id')

describe.each([...DRIVERS, 'psql'] as const)('through %s', (name) => {
  let connection: ClientConnection

  beforeAll(async () => {
    connection = await connect(name, connectOptions(server, client))
  })

  afterAll(() => connection?.close())

  test('UPDATE with FROM changes what it says', async () => {
    await connection.query(
      'update stock as s set amount = p.price, item = default from prices p where p.id = s.id',
    )
    expect(await stock()).toEqual([
      ['1', null, '100'],
      ['2', 'nut', '20'],
      ['3', null, '300'],
    ])
  })

  test('DELETE with USING deletes what it says', async () => {
    await connection.query('delete from stock using prices p where p.id = stock.id')
    expect(await stock()).toEqual([['2', 'nut', '20']])
  })

  test.skipIf(AGAINST_POSTGRESQL)(
    'TRUNCATE empties, with whatever tools write behind it',
    async () => {
      for (const tail of [
        '',
        ' RESTART IDENTITY',
        ' CONTINUE IDENTITY',
        ' RESTART IDENTITY RESTRICT',
      ]) {
        await server.admin("insert into stock values (9, 'nail', 10)")
        await connection.query(`truncate table stock${tail}`)
        expect(await stock()).toEqual([])
      }
    },
  )

  test('RETURNING answers with rows', async () => {
    const updated = await connection.query(
      'update stock set amount = amount + 1 where id = 2 returning id, amount as now',
    )
    expect(updated.columns).toEqual(['id', 'now'])
    expect(updated.rows).toEqual([['2', '21']])
    const inserted = await connection.query(
      "insert into stock (id, item) values (4, 'screw') returning *",
    )
    expect(inserted.rows).toEqual([['4', 'screw', '7']])
    const deleted = await connection.query('delete from stock where id = 4 returning item')
    expect(deleted.rows).toEqual([['screw']])
    expect(await stock()).toHaveLength(3)
  })

  test('ON CONFLICT inserts, or changes what is there', async () => {
    await connection.query(
      `insert into stock as s (id, item) values (3, 'big bolt'), (4, 'screw')
       on conflict (id) do update set item = excluded.item, amount = s.amount + excluded.amount`,
    )
    await connection.query("insert into stock (id, item) values (1, 'x') on conflict do nothing")
    expect(await stock()).toEqual([
      ['1', 'nail', '10'],
      ['2', 'nut', '20'],
      ['3', 'big bolt', '37'],
      ['4', 'screw', '7'],
    ])
  })

  test('MERGE changes, deletes and inserts', async () => {
    await connection.query(
      `merge into stock as s using (select 1 as i, 5 as n union all select 3, 0 union all select 9, 4) as d
       on d.i = s.id
       when matched and d.n = 0 then delete
       when matched then update set amount = s.amount + d.n
       when not matched then insert (id, item, amount) values (d.i, 'new', d.n)`,
    )
    expect(await stock()).toEqual([
      ['1', 'nail', '15'],
      ['2', 'nut', '20'],
      ['9', 'new', '4'],
    ])
  })

  test('what may be written and not read is not told', async () => {
    const reading = [
      "update sealed set secret = secret || '!'",
      "delete from sealed where secret = 'canary'",
      'delete from sealed returning secret',
      'update stock set item = secret from sealed',
      `merge into stock using sealed on sealed.id = stock.id
       when matched then update set item = sealed.secret`,
    ]
    for (const sql of reading) {
      const { message, sqlState } = await failureOf(connection.query(sql))
      expect({ sql, message, sqlState }).toEqual({
        sql,
        message: expect.not.stringContaining('canary'),
        sqlState: '42501',
      })
    }
    await connection.query("update sealed set secret = 'over'")
    expect(await server.admin('select secret from sealed')).toEqual([['over']])
    await connection.query('delete from sealed')
    expect(await server.admin('select secret from sealed')).toEqual([])
  })

  test.skipIf(AGAINST_POSTGRESQL)(
    'EXPLAIN shows the plan of a write and does nothing',
    async () => {
      const { columns, rows } = await connection.query('explain delete from stock where id = 1')
      expect(columns).toEqual(['explain_key', 'explain_value'])
      expect(rows.map(String).join('')).toContain('DELETE')
      expect(await stock()).toHaveLength(3)
    },
  )

  test('a write that is rolled back was never there', async () => {
    await connection.begin()
    await connection.query('delete from stock')
    expect((await connection.query('select count(*) from stock')).rows).toEqual([['0']])
    await connection.rollback()
    expect(await stock()).toHaveLength(3)
  })
})

describe.each(DRIVERS)('parameters through %s', (name) => {
  test('take the type of the column that they become', async () => {
    const connection = await connect(name, connectOptions(server, client))
    try {
      await connection.query('update stock set item = $1, amount = $2 where id = $3', [
        'washer',
        '5',
        '1',
      ])
      const { rows } = await connection.query('delete from stock where item = $1 returning id', [
        'washer',
      ])
      expect(rows).toEqual([['1']])
    } finally {
      await connection.close()
    }
  })
})

describe('to the message', () => {
  let raw: RawConnection

  beforeEach(async () => {
    raw = await RawConnection.open(connectOptions(server, client))
    return () => raw.destroy()
  })

  async function tagsOf(sql: string): Promise<string[]> {
    raw.send(query(sql))
    return (await raw.until('Z')).filter(({ type }) => type === 'C').map(tagOf)
  }

  test('the tags count rows, as in PostgreSQL', async () => {
    expect(await tagsOf('update stock set amount = 0 where id > 1')).toEqual(['UPDATE 2'])
    expect(await tagsOf('update stock set amount = 0 where id > 1 returning id')).toEqual([
      'UPDATE 2',
    ])
    expect(await tagsOf('insert into stock (id) values (8), (9) returning id')).toEqual([
      'INSERT 0 2',
    ])
    expect(await tagsOf('delete from stock where id > 7')).toEqual(['DELETE 2'])
    const merge = 'merge into stock using prices p on p.id = stock.id when matched then'
    expect(await tagsOf(`${merge} update set amount = p.price`)).toEqual(['MERGE 2'])
    expect(await tagsOf('delete from stock where id = 1000 returning *')).toEqual(['DELETE 0'])
  })

  test('a described UPDATE has columns only with RETURNING', async () => {
    raw.send(
      parse('a', 'update stock set amount = 1'),
      describePrepared('a'),
      parse('b', 'update stock set amount = 1 returning id'),
      describePrepared('b'),
      sync(),
    )
    const types = (await raw.until('Z')).map(({ type }) => type)
    expect(types).toEqual(['1', 't', 'n', '1', 't', 'T', 'Z'])
  })

  test('a RETURNING that is read in part has done all of its work', async () => {
    raw.send(
      parse('', 'update stock set amount = amount + 1 returning id'),
      bind('', ''),
      execute('', 1),
      sync(),
    )
    const types = (await raw.until('Z')).map(({ type }) => type)
    expect(types).toEqual(['1', '2', 'D', 's', 'Z'])
    expect((await stock()).map(([, , amount]) => amount)).toEqual(['11', '21', '31'])
  })
})
