/**
 * Sequences and identity columns: what they give, who may draw, and what is left of them when things
 * go wrong. What PostgreSQL does the same way is held against it with
 * BLUEGATE_CLIENTS_AGAINST=postgresql.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import { connect } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

let server: TestServer
let writer: ClientCredentials
let session: ClientConnection
let made = 0
let s = ''
let t = ''

beforeAll(async () => {
  server = await startServer()
  writer = await server.createClient('writer', ['USAGE ON SCHEMA public'])
  session = await connect('node-postgres', connectOptions(server, writer))
}, 120_000)

afterAll(async () => {
  await session?.close()
  await server?.stop()
})

beforeEach(async () => {
  made += 1
  s = `counter_${made}`
  t = `counted_${made}`
  await server.admin(`CREATE SEQUENCE ${s}`)
  await server.admin(`GRANT USAGE ON SEQUENCE ${s} TO ${writer.role}`)
})

const draw = async (name = s, on = session) =>
  String((await on.query(`SELECT nextval('${name}')`)).rows[0]?.[0])
const stateOf = async (sql: string) => (await failureOf(session.query(sql))).sqlState
const rowsOf = async (sql: string) =>
  (await session.query(sql)).rows.map((row) => row.map(String).join(' '))

describe('named sequences', () => {
  test('a value is given once, also when the transaction that drew it is rolled back', async () => {
    expect([await draw(), await draw()]).toEqual(['1', '2'])
    await session.query('BEGIN')
    expect(await draw()).toBe('3')
    await session.query('ROLLBACK')
    expect(await draw()).toBe('4')
  })

  test('two sessions never draw the same', async () => {
    const other = await connect('node-postgres', connectOptions(server, writer))
    await session.query('BEGIN')
    const drawn = [await draw(), await draw(s, other), await draw(), await draw(s, other)]
    await session.query('COMMIT')
    await other.close()
    expect(drawn).toEqual(['1', '2', '3', '4'])
  })

  test('options: direction, bounds, cycle', async () => {
    await server.admin(`CREATE SEQUENCE ${s}_d INCREMENT -2 MINVALUE -4 START -1 MAXVALUE -1`)
    await server.admin(`CREATE SEQUENCE ${s}_c MAXVALUE 2 MINVALUE 0 START 1 CYCLE`)
    for (const name of [`${s}_d`, `${s}_c`]) {
      await server.admin(`GRANT UPDATE ON SEQUENCE ${name} TO ${writer.role}`)
    }
    expect([await draw(`${s}_d`), await draw(`${s}_d`)]).toEqual(['-1', '-3'])
    const ended = await failureOf(draw(`${s}_d`))
    expect([ended.sqlState, ended.message]).toEqual([
      '2200H',
      `nextval: reached minimum value of sequence "${s}_d" (-4)`,
    ])
    const four = [await draw(`${s}_c`), await draw(`${s}_c`), await draw(`${s}_c`)]
    expect(four).toEqual(['1', '2', '0'])
  })

  test('without a right there is a refusal, and its default asks it of whoever inserts', async () => {
    await server.admin(`CREATE TABLE ${t} (id BIGINT DEFAULT nextval('${s}'), v INTEGER)`)
    await server.admin(`GRANT SELECT, INSERT ON ${t} TO ${writer.role}`)
    await session.query(`INSERT INTO ${t} (v) VALUES (10), (20)`)
    await session.query(`INSERT INTO ${t} VALUES (DEFAULT, 30)`)
    expect(await rowsOf(`SELECT id, v FROM ${t} ORDER BY v`)).toEqual(['1 10', '2 20', '3 30'])
    await server.admin(`REVOKE USAGE ON SEQUENCE ${s} FROM ${writer.role}`)
    await server.admin(`GRANT SELECT ON SEQUENCE ${s} TO ${writer.role}`)
    expect(await stateOf(`SELECT nextval('${s}')`)).toBe('42501')
    expect(await stateOf(`INSERT INTO ${t} (v) VALUES (40)`)).toBe('42501')
    await session.query(`INSERT INTO ${t} (id, v) VALUES (99, 40)`)
    await expect(server.admin(`DROP SEQUENCE ${s}`)).rejects.toMatchObject({ code: '2BP01' })
    await server.admin(`DROP TABLE ${t}`)
    await server.admin(`DROP SEQUENCE ${s}`)
    expect(await stateOf(`SELECT nextval('${s}')`)).toBe('42P01')
  })

  test('nothing is drawn in a read-only transaction', async () => {
    await session.query('BEGIN READ ONLY')
    const failure = await failureOf(draw())
    await session.query('ROLLBACK')
    expect([failure.sqlState, failure.message]).toEqual([
      '25006',
      'cannot execute nextval() in a read-only transaction',
    ])
    expect(await draw()).toBe('1')
  })

  test('the catalogue lists it for those who may know of it', async () => {
    await server.admin(`DROP SEQUENCE ${s}`)
    await server.admin(`CREATE SEQUENCE ${s} START 7 INCREMENT 3`)
    await server.admin(`GRANT USAGE ON SEQUENCE ${s} TO ${writer.role}`)
    await server.admin(`CREATE SEQUENCE ${s}_hidden`)
    const of = `FROM pg_catalog.pg_class c JOIN pg_catalog.pg_sequence q ON q.seqrelid = c.oid`
    expect(
      await rowsOf(`SELECT relname, relkind, seqstart, seqincrement, seqmin, seqmax, seqcycle ${of}
        WHERE relname LIKE '${s}%' AND relname <> '${s}_hidden'`),
    ).toEqual([`${s} S 7 3 1 9223372036854775807 f`])
    expect(
      await rowsOf(`SELECT sequence_name, start_value, increment, cycle_option
        FROM information_schema.sequences WHERE sequence_name = '${s}'`),
    ).toEqual([`${s} 7 3 NO`])
    if (AGAINST_POSTGRESQL) return
    expect(await rowsOf(`SELECT relname FROM pg_class WHERE relname = '${s}_hidden'`)).toEqual([])
    const hidden = await failureOf(session.query(`SELECT nextval('${s}_hidden')`))
    const missing = await failureOf(session.query(`SELECT nextval('${s}_missing')`))
    expect(hidden.message.replace('hidden', 'missing')).toBe(missing.message)
  })
})

describe('identity columns', () => {
  async function table(columns: string): Promise<void> {
    await server.admin(`CREATE TABLE ${t} (${columns})`)
    await server.admin(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${t} TO ${writer.role}`)
  }
  const insert = async (rest: string) => await rowsOf(`INSERT INTO ${t} ${rest} RETURNING id`)

  test.each([
    ['id INTEGER GENERATED ALWAYS AS IDENTITY'],
    ['id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY'],
    ['id SERIAL'],
    ['id BIGSERIAL PRIMARY KEY'],
    ['id SMALLSERIAL UNIQUE'],
  ])(
    '%s counts from 1, needs no right on anything but the table, and is NOT NULL',
    async (column) => {
      await table(`${column}, v INTEGER`)
      if (AGAINST_POSTGRESQL && column.includes('SERIAL')) return // there it has a sequence with a name
      expect(await insert('(v) VALUES (10), (20)')).toEqual(['1', '2'])
      expect(await insert('(v) SELECT v + 20 FROM ' + t)).toEqual(['3', '4'])
      expect(await insert('VALUES (DEFAULT, 5)')).toEqual(['5'])
      expect(await insert('DEFAULT VALUES')).toEqual(['6'])
    },
  )

  test('BY DEFAULT takes other values, but not NULL', async () => {
    await table('id INTEGER GENERATED BY DEFAULT AS IDENTITY, v INTEGER')
    expect(await insert('VALUES (70, 5)')).toEqual(['70'])
    expect(await stateOf(`INSERT INTO ${t} VALUES (NULL, 5)`)).toBe('23502')
  })

  test('ALWAYS takes no other values', async () => {
    await table('id INTEGER GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 5), v INTEGER')
    const failure = await failureOf(session.query(`INSERT INTO ${t} VALUES (1, 1)`))
    expect([failure.sqlState, failure.message]).toEqual([
      '428C9',
      'cannot insert a non-DEFAULT value into column "id"',
    ])
    expect(await stateOf(`INSERT INTO ${t} (v, id) SELECT 1, 2`)).toBe('428C9')
    expect(await insert('(v, id) VALUES (1, DEFAULT), (2, DEFAULT)')).toEqual(['10', '15'])
    expect(await insert('OVERRIDING SYSTEM VALUE VALUES (1, 3)')).toEqual(['1'])
    expect(await stateOf(`UPDATE ${t} SET id = 5`)).toBe('428C9')
    await session.query(`UPDATE ${t} SET id = DEFAULT WHERE v = 3`)
    expect(await rowsOf(`SELECT id, v FROM ${t} ORDER BY v`)).toEqual(['10 1', '15 2', '20 3'])
  })

  test('options and types are held against each other', async () => {
    const fails = async (column: string) =>
      await server.admin(`CREATE TABLE ${t} (${column})`).then(
        () => 'made',
        (error: { code?: string }) => error.code,
      )
    expect(await fails('id TEXT GENERATED ALWAYS AS IDENTITY')).toBe('22023')
    expect(await fails('id INTEGER GENERATED ALWAYS AS IDENTITY (MAXVALUE 3000000000)')).toBe(
      '22023',
    )
    expect(await fails('id INTEGER DEFAULT 1 GENERATED ALWAYS AS IDENTITY')).toBe('42601')
    expect(await fails('id INTEGER NULL GENERATED ALWAYS AS IDENTITY')).toBe('42601')
    await table('id SMALLINT GENERATED BY DEFAULT AS IDENTITY (START 32767), v INTEGER')
    expect(await insert('(v) VALUES (1)')).toEqual(['32767'])
    expect(await stateOf(`INSERT INTO ${t} (v) VALUES (1)`)).toBe('2200H')
  })

  test('TRUNCATE … RESTART IDENTITY begins again, and not when it is rolled back', async () => {
    await table('id INTEGER GENERATED BY DEFAULT AS IDENTITY (START 5), v INTEGER UNIQUE')
    expect(await insert('(v) VALUES (1), (2)')).toEqual(['5', '6'])
    await server.admin(`TRUNCATE ${t} CONTINUE IDENTITY`)
    expect(await insert('(v) VALUES (1)')).toEqual(['7'])
    await server.admin(`TRUNCATE ${t} RESTART IDENTITY`)
    expect(await insert('(v) VALUES (3)')).toEqual(['5'])
    await server.admin(`GRANT ALL ON ${t} TO ${writer.role}`)
    if (AGAINST_POSTGRESQL) return
    await session.query('BEGIN')
    await session.query(`TRUNCATE TABLE ${t} RESTART IDENTITY`)
    expect(await insert('(v) VALUES (3)')).toEqual(['5'])
    await session.query('ROLLBACK')
    expect(await insert('(v) VALUES (4)')).toEqual(['6'])
    await server.admin(`REVOKE DDL ON ${t} FROM ${writer.role}`)
    expect(await stateOf(`TRUNCATE TABLE ${t} RESTART IDENTITY`)).toBe('42501')
  })

  test('what changes about the column, and about the table', async () => {
    await table('id INTEGER GENERATED BY DEFAULT AS IDENTITY, v INTEGER')
    const alter = async (rest: string) =>
      await server.admin(`ALTER TABLE ${t} ${rest}`).then(
        () => 'done',
        (error: { code?: string }) => error.code,
      )
    expect(await alter('ALTER id DROP DEFAULT')).toBe('42601')
    expect(await alter('ALTER id SET DEFAULT 5')).toBe('42601')
    expect(await alter('ALTER id DROP NOT NULL')).toBe('42601')
    expect(await alter('RENAME TO ' + t + '_b')).toBe('done')
    t = `${t}_b`
    expect(await alter('RENAME v TO w')).toBe('done')
    expect(await alter('RENAME id TO number')).toBe('done')
    await session.query(`INSERT INTO ${t} (w) VALUES (1)`)
    expect(await alter('DROP number')).toBe('done')
    await session.query(`INSERT INTO ${t} (w) VALUES (2)`)
    expect(await rowsOf(`SELECT w FROM ${t} ORDER BY w`)).toEqual(['1', '2'])
    await server.admin(`DROP TABLE ${t}`)
  })

  test('a temporary table has its own', async () => {
    await session.query(`CREATE TEMP TABLE ${t} (id SERIAL, v INTEGER)`)
    expect(await insert('(v) VALUES (1), (2)')).toEqual(['1', '2'])
    await session.query(`TRUNCATE ${t} RESTART IDENTITY`)
    expect(await insert('(v) VALUES (1)')).toEqual(['1'])
    await session.query(`DROP TABLE ${t}`)
  })

  test('the catalogue tells of it', async () => {
    await table(
      'id INTEGER GENERATED ALWAYS AS IDENTITY, n BIGINT GENERATED BY DEFAULT AS IDENTITY (START 3)',
    )
    expect(
      await rowsOf(`SELECT column_name, is_identity, identity_generation, identity_start,
          identity_increment, identity_maximum, column_default IS NULL, is_nullable
        FROM information_schema.columns WHERE table_name = '${t}' ORDER BY ordinal_position`),
    ).toEqual([
      'id YES ALWAYS 1 1 2147483647 t NO',
      'n YES BY DEFAULT 3 1 9223372036854775807 t NO',
    ])
    expect(
      await rowsOf(`SELECT attname, attidentity, atthasdef FROM pg_attribute
        WHERE attrelid = '${t}'::regclass AND attnum > 0 ORDER BY attnum`),
    ).toEqual(['id a f', 'n d f'])
  })

  test.skipIf(AGAINST_POSTGRESQL)(
    'BLUE’s IDENTITY, and what GET_DDL says can be read again',
    async () => {
      await table('id INT IDENTITY, n BIGINT IDENTITY(5, 2), m INT NOT NULL IDENTITY(-1,-1), v INT')
      await session.query(`INSERT INTO ${t} (v) VALUES (1), (2)`)
      expect(await rowsOf(`SELECT id, n, m FROM ${t} ORDER BY v`)).toEqual(['0 5 -1', '1 7 -2'])
      const [ddl = ''] = await rowsOf(`SELECT GET_DDL('public.${t}')`)
      await server.admin(`DROP TABLE ${t}`)
      await server.admin(ddl)
      await server.admin(`GRANT SELECT, INSERT ON ${t} TO ${writer.role}`)
      await session.query(`INSERT INTO ${t} (v) VALUES (1)`)
      expect(await rowsOf(`SELECT id, n, m FROM ${t}`)).toEqual(['0 5 -1'])
      expect(await rowsOf(`SELECT GET_DDL('public.${t}')`)).toEqual([ddl])
    },
  )

  test('rows are copied in without and with a value for it', async () => {
    await table('id INTEGER GENERATED ALWAYS AS IDENTITY, v INTEGER')
    await session.copyIn?.(`COPY ${t} (v) FROM STDIN`, Buffer.from('1\n2\n'))
    await session.copyIn?.(`COPY ${t} FROM STDIN`, Buffer.from('70\t3\n'))
    expect(await rowsOf(`SELECT id, v FROM ${t} ORDER BY v`)).toEqual(['1 1', '2 2', '70 3'])
  })

  test('replaced, and made only where there is none', async () => {
    await table('id INTEGER GENERATED ALWAYS AS IDENTITY, v INTEGER')
    await server.admin(`CREATE TABLE IF NOT EXISTS ${t} (id SERIAL)`)
    if (AGAINST_POSTGRESQL) return
    expect(await insert('(v) VALUES (1), (2)')).toEqual(['1', '2'])
    await server.admin(`CREATE OR REPLACE TABLE ${t} (id SERIAL, v INTEGER)`)
    await server.admin(`GRANT SELECT, INSERT ON ${t} TO ${writer.role}`)
    expect(await insert('(v) VALUES (1)')).toEqual(['1'])
    await expect(
      server.admin(`CREATE OR REPLACE TABLE ${t} AS SELECT 1 AS a`),
    ).rejects.toMatchObject({ code: '0A000' })
    expect(await stateOf(`INSERT INTO ${t} OVERRIDING USER VALUE VALUES (1, 2)`)).toBe('0A000')
  })
})
