/** node-postgres, as it is, through the PostgreSQL door over the fake executor. */
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CLIENT, TOKEN, openTestDoor, testCertificate } from '../fixtures/pgwire-door.ts'
import type { TestDoor } from '../fixtures/pgwire-door.ts'

let door: TestDoor

beforeAll(async () => {
  door = await openTestDoor({ allowPlaintextOnLoopback: false })
})

afterAll(async () => {
  await door.close()
})

async function client(overrides: pg.ClientConfig = {}): Promise<pg.Client> {
  const { ca } = await testCertificate()
  const made = new pg.Client({
    host: 'localhost',
    port: door.port,
    user: CLIENT,
    password: TOKEN,
    database: 'master',
    ssl: { ca },
    ...overrides,
  })
  made.on('error', () => undefined)
  await made.connect()
  return made
}

test('rows, parameters and prepared statements', async () => {
  const db = await client()
  expect((await db.query('SELECT 1 AS a')).rows).toEqual([{ a: 1 }])
  expect((await db.query('SELECT $1::integer AS n', [7])).rows).toEqual([{ n: 7 }])
  expect((await db.query('SELECT $1::varchar AS t', ['é'])).rows).toEqual([{ t: 'é' }])
  expect((await db.query('SELECT $1::varchar AS t', [null])).rows).toEqual([{ t: null }])
  for (const value of [1, 2]) {
    const named = { name: 'again', text: 'SELECT $1::integer AS n', values: [value] }
    expect((await db.query(named)).rows).toEqual([{ n: value }])
  }
  await db.end()
})

test('an error has its code and position, and the next query works', async () => {
  const db = await client()
  await expect(db.query('SELECT * FROM missing')).rejects.toMatchObject({
    code: '42P01',
    position: '15',
    severity: 'ERROR',
  })
  await expect(db.query('SELECT $1::integer AS n', ['1', '2'])).rejects.toMatchObject({
    code: '08P01',
  })
  expect((await db.query('SELECT 2')).rowCount).toBe(1)
  await db.end()
})

test('a transaction, and many rows', async () => {
  const db = await client()
  await db.query('BEGIN')
  expect((await db.query('SELECT generate_series(1, 20000) AS n')).rows).toHaveLength(20_000)
  await db.query('COMMIT')
  await db.end()
})

test('a statement timeout at start-up', async () => {
  const db = await client({ statement_timeout: 100 })
  await expect(db.query('SELECT pg_sleep(30)')).rejects.toMatchObject({ code: '57014' })
  await db.end()
})

test('a wrong token and missing TLS are told apart', async () => {
  await expect(client({ password: 'nothing' })).rejects.toMatchObject({ code: '28P01' })
  await expect(client({ ssl: false })).rejects.toMatchObject({
    code: '28000',
    message: 'TLS is required, set sslmode=require',
  })
})

test('a pool of sixteen asks at once', async () => {
  const { ca } = await testCertificate()
  const pool = new pg.Pool({
    host: 'localhost',
    port: door.port,
    user: CLIENT,
    password: TOKEN,
    database: 'master',
    ssl: { ca },
    max: 16,
  })
  pool.on('error', () => undefined)
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      pool.query<{ n: number }>('SELECT $1::integer AS n', [i]),
    ),
  )
  expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 200 }, (_, i) => i))
  await pool.end()
})
