/**
 * ALTER, as PostgreSQL does it: what was granted on a column goes with the column, whatever it is
 * called, and is nobody's when the column is gone.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import { connect } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

let server: TestServer
let reader: ClientCredentials
let session: ClientConnection
let tables = 0
let table = ''

beforeAll(async () => {
  server = await startServer()
  reader = await server.createClient('reader', ['USAGE ON SCHEMA public'])
  session = await connect('node-postgres', connectOptions(server, reader))
}, 120_000)

afterAll(async () => {
  await session?.close()
  await server?.stop()
})

/** A table with a column that the reader may read, `a`, and one that it may not, `b`. */
beforeEach(async () => {
  tables += 1
  table = `altered_${tables}`
  await server.admin(`CREATE TABLE public.${table} (a INTEGER, b VARCHAR)`)
  await server.admin(`INSERT INTO public.${table} VALUES (1, 'x')`)
  await server.admin(`GRANT SELECT (a) ON public.${table} TO ${reader.role}`)
})

const alter = (action: string) => server.admin(`ALTER TABLE public.${table} ${action}`)
/** As text, by one who may read all of it. */
const all = async (columns: string) => {
  const texts = columns.split(', ').map((column) => `${column}::VARCHAR`)
  return await server.admin(`SELECT ${texts.join(', ')} FROM public.${table}`)
}
const read = async (columns: string) =>
  (await session.query(`SELECT ${columns} FROM public.${table}`)).rows
const refused = async (columns: string) => (await failureOf(read(columns))).sqlState

test('a column that is renamed keeps its permissions', async () => {
  expect(await read('a')).toEqual([['1']])
  await alter('RENAME COLUMN a TO c')
  expect(await read('c')).toEqual([['1']])
  expect(await refused('a')).toBe('42703')
  expect(await refused('b')).toBe('42501')
})

test('a column with the name of a dropped one inherits nothing', async () => {
  await alter('DROP COLUMN a')
  await alter('ADD COLUMN a VARCHAR DEFAULT 1')
  expect(await refused('a')).toMatch(/^42(501|P01)$/)
  await server.admin(`GRANT SELECT (a) ON public.${table} TO ${reader.role}`)
  expect(await read('a')).toEqual([['1']])
})

test('nor does one that takes the name of a renamed one', async () => {
  await alter('RENAME COLUMN a TO c')
  await alter('RENAME COLUMN b TO a')
  expect(await read('c')).toEqual([['1']])
  expect(await refused('a')).toBe('42501')
})

test('a table that is renamed keeps its permissions, and one of its name has none', async () => {
  await alter(`RENAME TO ${table}_now`)
  await server.admin(`CREATE TABLE public.${table} (a INTEGER)`)
  expect((await session.query(`SELECT a FROM public.${table}_now`)).rows).toEqual([['1']])
  expect(await refused('a')).toMatch(/^42(501|P01)$/)
})

test('types, defaults and NOT NULL', async () => {
  await alter('ALTER COLUMN a TYPE BIGINT')
  await alter("ALTER COLUMN b SET DEFAULT 'new'")
  await alter('ALTER COLUMN a SET NOT NULL')
  await server.admin(`INSERT INTO public.${table} (a) VALUES (3000000000)`)
  expect(await server.admin(`SELECT a, b FROM public.${table} ORDER BY a`)).toEqual([
    ['1', 'x'],
    ['3000000000', 'new'],
  ])
  const insert = server.admin(`INSERT INTO public.${table} (b) VALUES ('y')`)
  await expect(insert).rejects.toMatchObject({ code: '23502' })
  await alter('ALTER COLUMN a DROP NOT NULL')
  await alter('ALTER COLUMN b DROP DEFAULT')
  await server.admin(`INSERT INTO public.${table} (a) VALUES (NULL)`)
})

test('several actions are one: all of them or none', async () => {
  await alter("ADD COLUMN c INTEGER NOT NULL DEFAULT 5, ADD d VARCHAR DEFAULT 'x', DROP b")
  expect(await all('a, c, d')).toEqual([['1', '5', 'x']])
  await expect(alter('DROP c, ADD COLUMN e INTEGER, ADD d INTEGER')).rejects.toMatchObject({
    code: '42701',
  })
  await expect(alter('DROP c, ALTER a TYPE BIGINT, ADD e INTEGER NOT NULL')).rejects.toMatchObject({
    code: '23502',
  })
  expect(await all('a, c, d')).toEqual([['1', '5', 'x']])
  await alter('ADD a VARCHAR, DROP a, ALTER c TYPE VARCHAR USING (c + 1), ALTER d DROP DEFAULT')
  await server.admin(`INSERT INTO public.${table} (a) VALUES ('new')`)
  expect(await all('a, c, d')).toEqual(
    expect.arrayContaining([
      [null, '6', 'x'],
      ['new', '5', null],
    ]),
  )
})

test('a part of several actions that cannot be done is told as if it stood alone', async () => {
  for (const [actions, code] of [
    ['ADD d INTEGER, DROP d', '42703'],
    ['DROP a, DROP a', '42703'],
    ['ALTER a TYPE VARCHAR, ALTER a TYPE BIGINT', '0A000'],
    ['ADD d INTEGER, ALTER d TYPE VARCHAR', '42703'],
    ['ADD d INTEGER, ALTER d DROP DEFAULT', '42703'],
    ['ADD d INTEGER, ALTER d SET NOT NULL', '23502'],
    ['ADD d INTEGER, ADD D INTEGER', '42701'],
    ['ADD d INTEGER NOT NULL DEFAULT NULL', '23502'],
    ['ADD d INTEGER, RENAME a TO e', '42601'],
    ['RENAME a TO e, ADD d INTEGER', '42601'],
    ['ADD d INTEGER, ', '42601'],
    ['ADD d INTEGER NULL NOT NULL', '42601'],
  ] as const) {
    const outcome = await alter(actions).catch((error: unknown) => error)
    expect([actions, outcome]).toEqual([actions, expect.objectContaining({ code })])
  }
  await alter('ADD d INTEGER, ALTER d SET DEFAULT 4')
  await alter('ADD e INTEGER DEFAULT 6, ADD PRIMARY KEY (e)')
  expect(await all('a, d, e')).toEqual([['1', null, '6']])
})

test('a computed default is computed for the rows that are there', async () => {
  await server.admin(`INSERT INTO public.${table} VALUES (2, 'y')`)
  await alter(
    'ADD made TIMESTAMPTZ DEFAULT now(), ADD chance DOUBLE PRECISION DEFAULT random(), DROP b',
  )
  await server.admin(`INSERT INTO public.${table} (a) VALUES (3)`)
  const different = (column: string) => `count(DISTINCT ${column})::VARCHAR`
  expect(
    await server.admin(
      `SELECT count(made)::VARCHAR, ${different('made')}, ${different('chance')} FROM public.${table}`,
    ),
  ).toEqual([['3', '2', '3']])
})

test('tables are dropped and emptied together, or not at all', async () => {
  for (const name of ['one', 'two']) {
    await server.admin(`CREATE TABLE public.${table}_${name} (a INTEGER)`)
    await server.admin(`INSERT INTO public.${table}_${name} VALUES (1)`)
  }
  const [one, two] = [`public.${table}_one`, `public.${table}_two`]
  const left = async () =>
    (await server.admin(`SELECT * FROM ${one} UNION ALL SELECT * FROM ${two}`)).length
  await expect(server.admin(`TRUNCATE ${one}, ${table}_no`)).rejects.toMatchObject({
    code: '42P01',
  })
  await expect(server.admin(`DROP TABLE ${one}, ${table}_no`)).rejects.toMatchObject({
    code: '42P01',
  })
  expect(await left()).toBe(2)
  await server.admin(`TRUNCATE TABLE ${one}, ${two}, ${one}`)
  expect(await left()).toBe(0)
  await server.admin(`DROP TABLE IF EXISTS ${one}, ${table}_no, ${two}, ${one}`)
  await expect(left()).rejects.toMatchObject({ code: '42P01' })
})

test('what is there already, and what is not', async () => {
  await expect(alter('ADD COLUMN a INTEGER')).rejects.toMatchObject({ code: '42701' })
  await expect(alter('DROP COLUMN nothing')).rejects.toMatchObject({ code: '42703' })
  await expect(alter('RENAME COLUMN b TO a')).rejects.toMatchObject({ code: '42701' })
  await expect(alter(`RENAME TO ${table}`)).rejects.toMatchObject({ code: '42P07' })
  await alter('ADD COLUMN IF NOT EXISTS a INTEGER')
  await alter('DROP COLUMN IF EXISTS nothing')
})

test('one who may only read alters nothing', async () => {
  const failure = await failureOf(session.query(`ALTER TABLE public.${table} ADD COLUMN x INTEGER`))
  expect(failure.sqlState).toBe('42501')
  expect(await read('a')).toEqual([['1']])
})

describe.skipIf(AGAINST_POSTGRESQL)('of Bluegate alone', () => {
  test('a table that is replaced keeps no permissions', async () => {
    await server.admin(`CREATE OR REPLACE TABLE public.${table} AS SELECT 7 AS a`)
    expect(await refused('a')).toBe('42P01')
    await server.admin(`GRANT SELECT ON public.${table} TO ${reader.role}`)
    expect(await read('a')).toEqual([['7']])
  })

  test('an ALTER that is rolled back changes no permission', async () => {
    await server.admin('BEGIN')
    await alter('DROP COLUMN a')
    await alter('ADD COLUMN a INTEGER DEFAULT 5')
    await server.admin('ROLLBACK')
    expect(await read('a')).toEqual([['1']])
  })

  test('actions of which one fails change no permission', async () => {
    await expect(alter('DROP a, ADD a INTEGER, ADD c INTEGER NOT NULL')).rejects.toMatchObject({
      code: '23502',
    })
    expect(await read('a')).toEqual([['1']])
    await alter('DROP a, ADD COLUMN a INTEGER, c INTEGER')
    expect(await refused('a')).toMatch(/^42(501|P01)$/)
  })

  test('permissions on columns are told by the names of today', async () => {
    await alter('RENAME COLUMN a TO "now called"')
    const held = async () => (await session.query('SELECT GET_ROLE_PERMISSIONS()')).rows
    expect(await held()).toContainEqual(['SELECT', 'column', `master.public.${table}.now called`])
    await alter('DROP COLUMN "now called"')
    expect((await held()).flat().join(' ')).not.toContain(`${table}.`)
  })
})
