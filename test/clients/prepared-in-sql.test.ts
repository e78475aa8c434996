/**
 * PREPARE, EXECUTE and DEALLOCATE as statements, through both ways to query. What PostgreSQL does the
 * same way is held against it with BLUEGATE_CLIENTS_AGAINST=postgresql.
 */
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import { sessionsOn } from './harness/session-of.ts'
import type { StockClient } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

/** pgjdbc takes every `$1` for one of its own parameters. */
const CLIENTS: readonly StockClient[] = ['psql', 'psycopg', 'node-postgres']

let server: TestServer
let reader: ClientCredentials

beforeAll(async () => {
  server = await startServer()
  await server.admin('CREATE TABLE shown (id INTEGER, name VARCHAR(20))')
  await server.admin("INSERT INTO shown VALUES (1, 'one'), (2, 'two'), (3, NULL)")
  await server.admin('CREATE TABLE hidden (id INTEGER)')
  await server.admin('CREATE TABLE writable (id INTEGER, at TIMESTAMP, amount NUMERIC(10,2))')
  reader = await server.createClient('reader', [
    'SELECT ON TABLE shown',
    'SELECT, INSERT, UPDATE, DELETE ON TABLE writable',
  ])
}, 120_000)

afterAll(() => server?.stop())

const as = sessionsOn(() => server)

const rowsOf = async (session: ClientConnection, sql: string) => (await session.query(sql)).rows

/** What the client shows of a failure. */
const failure = async (session: ClientConnection, sql: string) => {
  const { message, sqlState } = await failureOf(session.query(sql))
  return `${sqlState} ${message}`
}

describe.each(CLIENTS)('%s', (client) => {
  test('prepares, executes and deallocates', async () => {
    await as(
      reader,
      async (session) => {
        await session.query('PREPARE named AS SELECT name FROM shown WHERE id = $1')
        expect(await rowsOf(session, 'EXECUTE named (1)')).toEqual([['one']])
        expect(await rowsOf(session, 'EXECUTE named(2)')).toEqual([['two']])
        expect(await rowsOf(session, 'EXECUTE named(1 + 1)')).toEqual([['two']])
        expect(await rowsOf(session, 'EXECUTE "named"(NULL)')).toEqual([])
        await session.query('DEALLOCATE PREPARE named')
        expect(await failure(session, 'EXECUTE named (1)')).toMatch(
          /26000 .*prepared statement "named" does not exist/s,
        )
        expect(await failure(session, 'DEALLOCATE named')).toMatch(
          /26000 .*"named" does not exist/s,
        )

        await session.query('PREPARE a AS SELECT 1')
        await session.query('PREPARE b (int, text) AS SELECT $1 + 1, $2')
        expect(await rowsOf(session, "EXECUTE b (1, 'x')")).toEqual([['2', 'x']])
        await session.query('DEALLOCATE ALL')
        expect(await failure(session, 'EXECUTE a')).toMatch(/^26000/)
        await session.query('PREPARE a AS SELECT 2')
        expect(await rowsOf(session, 'EXECUTE a')).toEqual([['2']])
        await session.query('DISCARD ALL')
        expect(await failure(session, 'EXECUTE a')).toMatch(/^26000/)
      },
      client,
    )
  })

  test('writes, inside a transaction and outside of one', async () => {
    await as(
      reader,
      async (session) => {
        await session.query(
          'PREPARE store (int, timestamp, numeric) AS INSERT INTO writable VALUES ($1, $2, $3)',
        )
        await session.query("EXECUTE store (1, '2024-02-29 12:30', 1.25)")
        await session.begin()
        await session.query("EXECUTE store (2, timestamp '2024-03-01 00:00:00', -7)")
        await session.rollback()
        await session.query(
          'PREPARE more (numeric) AS UPDATE writable SET amount = amount + $1 RETURNING id, amount',
        )
        expect(await rowsOf(session, 'EXECUTE more (1.5)')).toEqual([['1', '2.75']])
        await session.query('PREPARE gone AS DELETE FROM writable')
        await session.query('EXECUTE gone')
        expect(await rowsOf(session, 'SELECT count(*) FROM writable')).toEqual([['0']])
      },
      client,
    )
  })

  test('mistakes have PostgreSQL’s codes', async () => {
    await as(
      reader,
      async (session) => {
        await session.query('PREPARE two (int, int) AS SELECT $1 + $2')
        for (const [sql, expected] of [
          ['PREPARE two AS SELECT 1', /42P05 .*prepared statement "two" already exists/s],
          ['EXECUTE two (1)', /42601 .*wrong number of parameters for prepared statement "two"/s],
          ['EXECUTE two', /42601 .*wrong number of parameters/s],
          ['EXECUTE two (1, 2, 3)', /42601 .*wrong number of parameters/s],
          ['EXECUTE two ()', /42601 .*syntax error/s],
          ['EXECUTE two (1, )', /42601 .*syntax error/s],
          ['EXECUTE two (1, 2) x', /42601 .*syntax error/s],
          ["EXECUTE two (1, 'x')", /22P02 .*invalid input syntax for type integer/s],
          ['EXECUTE two (1, 2147483648)', /^22003/],
          ['EXECUTE two (1, (SELECT 2))', /0A000 .*cannot use subquery in EXECUTE parameter/s],
          ['EXECUTE two (1, nope)', /^42703/],
          ['EXECUTE missing (1)', /26000 .*prepared statement "missing" does not exist/s],
          ['PREPARE other (nothing) AS SELECT $1', /42704 .*type "nothing" does not exist/s],
          ['PREPARE other AS SELECT * FROM hiddem', /42P01 .*relation "hiddem" does not exist/s],
          ['PREPARE other AS CREATE TABLE t (i INTEGER)', /42601 .*syntax error/s],
          ['PREPARE other AS EXECUTE two (1, 2)', /42601 .*syntax error/s],
          ['PREPARE other AS PREPARE o AS SELECT 1', /42601 .*syntax error/s],
          ['PREPARE other', /42601 .*syntax error/s],
          ['EXECUTE other', /^26000/],
        ] as const) {
          expect([sql, await failure(session, sql)]).toEqual([sql, expect.stringMatching(expected)])
        }
        expect(await rowsOf(session, 'EXECUTE two (1, 2)')).toEqual([['3']])
      },
      client,
    )
  })
})

test('arguments are what PostgreSQL makes of them', async () => {
  await as(reader, async (session) => {
    for (const [type, argument, value] of [
      ['int', '7', '7'],
      ['integer', '-7', '-7'],
      ['int', "' 7 '", '7'],
      ['int', '2.5', '3'],
      ['bigint', '9223372036854775807', '9223372036854775807'],
      ['int8', '-9223372036854775807 - 1', '-9223372036854775808'],
      ['smallint', '32767::smallint', '32767'],
      ['numeric', '1234567890123456789.0123456789', '1234567890123456789.0123456789'],
      ['decimal(5,1)', '12.3456789012', '12.3456789012'],
      ['double precision', '0.1', '0.1'],
      ['float8', "'NaN'", 'NaN'],
      ['real', '0.1', '0.1'],
      ['text', "'it''s'", "it's"],
      ['text', "E'a\\nb'", 'a\nb'],
      ['text', '$q$a$q$', 'a'],
      ['text', "'a' || 'b'", 'ab'],
      ['varchar(2)', "'abc'", 'abc'],
      ['bool', 'true', 't'],
      ['boolean', "'off'", 'f'],
      ['boolean', '1 = 2', 'f'],
      ['date', "'2024-02-29'", '2024-02-29'],
      ['date', "date '2024-02-28' + 1", '2024-02-29'],
      ['date', "'0044-03-15 BC'", '0044-03-15 BC'],
      ['time', "'12:30'", '12:30:00'],
      ['timestamp(3)', "'2024-02-29 12:30:00.123456'", '2024-02-29 12:30:00.123456'],
      ['timestamp with time zone', "'2024-02-29 12:30+02'", '2024-02-29 10:30:00+00'],
      ['timestamptz', "timestamptz '2024-02-29 12:30:00+02'", '2024-02-29 10:30:00+00'],
      ['interval', "'1 day 02:00'", '1 day 02:00:00'],
      ['interval', "interval '1' day", '1 day'],
      ['uuid', "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
      ['bytea', "'\\x00ff'", '\\x00ff'],
      ['int[]', "'{1,NULL,3}'", '{1,NULL,3}'],
      ['int[]', 'array[1, 2]', '{1,2}'],
      ['text[]', `'{"a,b",c}'`, '{"a,b",c}'],
      ['text', 'NULL', null],
    ] as const) {
      await session.query(`PREPARE one (${type}) AS SELECT $1`)
      expect(await rowsOf(session, `EXECUTE one (${argument})`), `${type} ${argument}`).toEqual([
        [value],
      ])
      await session.query('DEALLOCATE one')
    }
  })
})

test('types that are not declared are inferred; those declared are asked for, used or not', async () => {
  await as(reader, async (session) => {
    await session.query('PREPARE inferred AS SELECT id FROM shown WHERE name = $1 AND id < $2')
    expect(await rowsOf(session, "EXECUTE inferred ('one', 5)")).toEqual([['1']])
    await session.query(
      'PREPARE partly (unknown, int) AS SELECT id FROM shown WHERE name = $1 AND id < $2',
    )
    expect(await rowsOf(session, "EXECUTE partly ('two', 2 * 3)")).toEqual([['2']])
    await session.query('PREPARE unused (int) AS SELECT 1')
    expect(await rowsOf(session, 'EXECUTE unused (5)')).toEqual([['1']])
    expect(await failure(session, 'EXECUTE unused')).toMatch(/^42601/)
    await session.query('PREPARE without AS SELECT 2')
    expect(await rowsOf(session, 'EXECUTE without (1, nothing)')).toEqual([['2']])
  })
})

test('functions of the moment and of the session are computed when it is executed', async () => {
  await as(reader, async (session) => {
    await session.query("PREPARE who (text, timestamptz) AS SELECT $1, $2 > timestamp '2024-01-01'")
    const [row] = await rowsOf(session, 'EXECUTE who (current_user, now())')
    expect(row).toEqual([reader.name, 't'])
  })
})

describe('one namespace with the protocol’s statements', () => {
  const withPg = async (work: (client: pg.Client) => Promise<void>): Promise<void> => {
    const client = new pg.Client({
      host: server.host,
      port: server.port,
      database: 'master',
      user: reader.name,
      password: reader.token,
      ssl: { ca: readFileSync(server.caFile, 'utf8') },
      types: { getTypeParser: () => (value: string) => value },
    })
    await client.connect()
    try {
      await work(client)
    } finally {
      await client.end()
    }
  }
  const values = async (answer: Promise<pg.QueryResult>): Promise<unknown[]> =>
    (await answer).rows.flatMap((row) => Object.values(row as object))

  test('what a driver prepared under a name, EXECUTE runs and DEALLOCATE removes', async () => {
    await withPg(async (client) => {
      const prepared = { name: 'by_driver', text: 'SELECT name FROM shown WHERE id = $1' }
      expect(await values(client.query({ ...prepared, values: [1] }))).toEqual(['one'])
      expect(await values(client.query('EXECUTE by_driver (2)'))).toEqual(['two'])
      await expect(client.query('PREPARE by_driver AS SELECT 1')).rejects.toMatchObject({
        code: '42P05',
      })
      await client.query('DEALLOCATE by_driver')
      await expect(client.query('EXECUTE by_driver (2)')).rejects.toMatchObject({ code: '26000' })
    })
  })

  test('what SQL prepared, the protocol finds taken', async () => {
    await withPg(async (client) => {
      await client.query('PREPARE by_sql AS SELECT 1')
      await expect(client.query({ name: 'by_sql', text: 'SELECT 2' })).rejects.toMatchObject({
        code: '42P05',
      })
      await client.query('DEALLOCATE by_sql')
      expect(await values(client.query({ name: 'by_sql', text: 'SELECT 2 AS a' }))).toEqual(['2'])
    })
  })

  test('command tags are PostgreSQL’s', async () => {
    await withPg(async (client) => {
      await client.query('DELETE FROM writable')
      const tag = async (sql: string) => {
        const { command, rowCount } = await client.query(sql)
        return `${command} ${rowCount}`
      }
      expect(await tag('PREPARE p AS SELECT * FROM shown')).toBe('PREPARE null')
      expect(await tag('EXECUTE p')).toBe('SELECT 3')
      expect(await tag('PREPARE i (int) AS INSERT INTO writable (id) SELECT $1')).toBe(
        'PREPARE null',
      )
      expect(await tag('EXECUTE i (5)')).toBe('INSERT 1')
      expect(await tag('PREPARE d AS DELETE FROM writable')).toBe('PREPARE null')
      expect(await tag('EXECUTE d')).toBe('DELETE 1')
      expect(await tag('DEALLOCATE p')).toBe('DEALLOCATE null')
      expect(await tag('DEALLOCATE ALL')).toBe('DEALLOCATE null')
    })
  })

  test('several in one text, and undone like all else when one of them fails', async () => {
    await withPg(async (client) => {
      await client.query(
        'PREPARE w (int) AS INSERT INTO writable (id) VALUES ($1); EXECUTE w (1); EXECUTE w (2)',
      )
      expect(await values(client.query('SELECT count(*) FROM writable'))).toEqual(['2'])
      await expect(client.query("EXECUTE w (3); EXECUTE w ('x')")).rejects.toMatchObject({
        code: '22P02',
      })
      expect(await values(client.query('SELECT count(*) FROM writable'))).toEqual(['2'])
      await client.query('DELETE FROM writable')
    })
  })
})

test('the result keeps its types: when the table changed them, it is not executed', async () => {
  await server.admin('CREATE TABLE changing (a INTEGER)')
  const changer = await server.createClient('changer', ['SELECT ON TABLE changing'])
  await as(changer, async (session) => {
    await session.query('PREPARE all_of_it AS SELECT * FROM changing')
    expect(await rowsOf(session, 'EXECUTE all_of_it')).toEqual([])
    await server.admin('ALTER TABLE changing ALTER COLUMN a TYPE VARCHAR(9)')
    expect(await failure(session, 'EXECUTE all_of_it')).toMatch(
      /0A000 .*cached plan must not change result type/s,
    )
    await session.query('DEALLOCATE all_of_it')
    await session.query('PREPARE all_of_it AS SELECT * FROM changing')
    expect(await rowsOf(session, 'EXECUTE all_of_it')).toEqual([])
    await server.admin('DROP TABLE changing')
    expect(await failure(session, 'EXECUTE all_of_it')).toMatch(
      /42P01 .*"changing" does not exist/s,
    )
  })
})

test('rights are looked at when it is executed, not only when it is prepared', async () => {
  await server.admin('CREATE TABLE lent (a INTEGER)')
  await server.admin('INSERT INTO lent VALUES (1)')
  const borrower = await server.createClient('borrower', ['SELECT ON TABLE lent'])
  await as(borrower, async (session) => {
    await session.query('PREPARE all_of_it AS SELECT * FROM lent')
    expect(await rowsOf(session, 'EXECUTE all_of_it')).toEqual([['1']])
    await server.admin(`REVOKE SELECT ON TABLE lent FROM ${borrower.role}`)
    expect(await failure(session, 'EXECUTE all_of_it')).toMatch(
      AGAINST_POSTGRESQL ? /^42501/ : /^42P01/,
    )
    await server.admin(`GRANT SELECT ON TABLE lent TO ${borrower.role}`)
    expect(await rowsOf(session, 'EXECUTE all_of_it')).toEqual([['1']])
  })
})

test('in a transaction that failed it is refused, and what was prepared stays', async () => {
  await as(reader, async (session) => {
    await session.begin()
    await session.query('PREPARE kept AS SELECT 1')
    expect(await failure(session, 'EXECUTE nothing')).toMatch(/^26000/)
    expect(await failure(session, 'EXECUTE kept')).toMatch(/^25P02/)
    await session.rollback()
    expect(await rowsOf(session, 'EXECUTE kept')).toEqual([['1']])
  })
})

describe.skipIf(AGAINST_POSTGRESQL)('Bluegate', () => {
  test('what may not be known of is as if it were not there', async () => {
    await as(reader, async (session) => {
      const told = async (sql: string) => failureOf(session.query(sql))
      const [hidden, missing] = [
        await told('PREPARE p AS SELECT * FROM hidden'),
        await told('PREPARE p AS SELECT * FROM hiddem'),
      ]
      expect(hidden.message.replaceAll('hidden', 'hiddem')).toBe(missing.message)
      expect([hidden.sqlState, hidden.position]).toEqual(['42P01', missing.position])
      expect(hidden.position).toBe(28)
    })
  })

  test('the audit has PREPARE, and with EXECUTE what it ran', async () => {
    await as(reader, async (session) => {
      await session.query('PREPARE seen (int) AS SELECT name FROM shown WHERE id = $1')
      await session.query('EXECUTE seen (1)')
      await session.query('EXECUTE seen (1 + 1)')
      await failureOf(session.query('PREPARE unseen AS SELECT * FROM hidden'))
    })
    const rows = JSON.stringify(await server.admin('AUDITLOG'))
    for (const text of [
      'PREPARE seen (int) AS SELECT name FROM shown WHERE id = $1',
      'EXECUTE seen (1) AS SELECT name FROM shown WHERE id = $1',
      'EXECUTE seen (1 + 1) AS SELECT name FROM shown WHERE id = $1',
      'PREPARE unseen AS SELECT * FROM hidden',
    ]) {
      expect(rows).toContain(text)
    }
  })

  test('what a PREPARE needs is told; of EXECUTE one has to ask for what it runs', async () => {
    await as(reader, async (session) => {
      const needs = (text: string) => `SELECT GET_STATEMENT_PERMISSIONS($q$${text}$q$)`
      expect(await rowsOf(session, needs('PREPARE p AS SELECT * FROM shown'))).toContainEqual([
        'SELECT',
        'table',
        'master.public.shown',
      ])
      expect(await failure(session, needs('EXECUTE p'))).toMatch(/^0A000 .*permissions of EXECUTE/)
    })
  })

  test('through the API, where a session ends with its request, they are refused', async () => {
    const ours = server as BluegateServer
    for (const sql of ['PREPARE p AS SELECT 1', 'EXECUTE p', 'EXECUTE p (1)']) {
      await expect(ours.bluegate('sql', '-c', sql)).rejects.toThrow(
        /(PREPARE|EXECUTE) is not supported here/,
      )
    }
    expect(await ours.bluegate('sql', '-c', 'SELECT 42')).toContain('42')
  })

  test('only queries and writes of rows are executed by their name', async () => {
    await as(reader, async (session) => {
      for (const sql of [
        'EXPLAIN EXECUTE p',
        'CREATE TEMP TABLE t AS EXECUTE p',
        'PREPARE p AS SELECT GET_ROLE_PERMISSIONS()',
      ]) {
        const told = await failure(session, sql)
        expect([sql, told]).toEqual([sql, expect.stringMatching(/0A000 .*not supported/s)])
      }
    })
  })
})
