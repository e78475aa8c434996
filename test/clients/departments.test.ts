/**
 * BLUE's departmental example, through psql: four groups for a schema, seven people, and two rules
 * for what is made later. A superuser sets it up once; from then on the officers and the rules do
 * the rest. (The example also grants EXECUTE on functions, which do not exist here yet.)
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import { connect } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions } from './harness/test-server.ts'

/** As in the example: existing objects are granted by GRANT, later ones by the rules. */
const GROUPS = `
  CREATE ROLE sales_officers;
  CREATE ROLE sales_designers;
  CREATE ROLE sales_updaters;
  CREATE ROLE sales_readers;
  GRANT CONNECT ON DATABASE master TO sales_officers, sales_designers, sales_updaters, sales_readers;
  GRANT USAGE ON SCHEMA sales TO sales_officers, sales_designers, sales_updaters, sales_readers;
  GRANT sales_designers, sales_updaters, sales_readers TO sales_officers WITH ADMIN OPTION;
  GRANT CREATE, DDL ON SCHEMA sales TO sales_designers;
  GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA sales TO sales_updaters;
  GRANT SELECT ON ALL TABLES IN SCHEMA sales TO sales_readers;
  ALTER DEFAULT PERMISSIONS FOR sales_designers IN sales
    FOR TABLES GRANT SELECT, INSERT, DELETE TO sales_updaters;
  ALTER DEFAULT PERMISSIONS FOR sales_designers IN sales
    FOR TABLES GRANT SELECT TO sales_readers;
`

/** Two of each trade and one officer; the last reader is put into the group by the officer. */
const PEOPLE = {
  olga: ['sales_officers'],
  dora: ['sales_designers'],
  dirk: ['sales_designers'],
  ursula: ['sales_updaters'],
  ulf: ['sales_updaters'],
  rita: ['sales_readers'],
  ralf: [],
} as const

type Person = keyof typeof PEOPLE

describe.skipIf(AGAINST_POSTGRESQL)('departments', () => {
  let server: BluegateServer
  const sessions = {} as Record<Person, ClientConnection>

  beforeAll(async () => {
    server = await startBluegate()
    await server.admin('CREATE SCHEMA sales')
    await server.admin('CREATE TABLE sales.old (id INTEGER)')
    await server.admin('INSERT INTO sales.old VALUES (1)')
    for (const statement of GROUPS.split(';').filter((text) => text.trim() !== '')) {
      await server.admin(statement)
    }
    for (const [person, groups] of Object.entries(PEOPLE)) {
      const client = await server.createClient(person)
      for (const group of groups) await server.admin(`GRANT ${group} TO ${client.role}`)
      sessions[person as Person] = await connect('psql', connectOptions(server, client))
    }
  }, 120_000)

  afterAll(async () => {
    for (const session of Object.values(sessions)) await session.close()
    await server?.stop()
  })

  test('what was there is read and written as the groups say', async () => {
    const { rita, ursula, ralf } = sessions
    expect((await rita.query('SELECT * FROM sales.old')).rows).toEqual([['1']])
    await ursula.query('INSERT INTO sales.old VALUES (2)')
    expect(await codeOf(rita.query('INSERT INTO sales.old VALUES (3)'))).toBe('42501')
    expect(await codeOf(ralf.query('SELECT * FROM sales.old'))).toBe('42P01')
  })

  test('what a designer makes reaches the other groups at once, and the other designer not', async () => {
    const { dora, dirk, rita, ursula } = sessions
    await dora.query('CREATE TABLE sales.orders (id INTEGER)')
    await ursula.query('INSERT INTO sales.orders VALUES (7)')
    expect((await rita.query('SELECT * FROM sales.orders')).rows).toEqual([['7']])
    expect(await codeOf(rita.query('INSERT INTO sales.orders VALUES (8)'))).toBe('42501')
    await ursula.query('INSERT INTO sales.orders VALUES (8)')
    await ursula.query('DELETE FROM sales.orders WHERE id = 8')
    expect(await codeOf(rita.query('DELETE FROM sales.orders'))).toBe('42501')
    expect(await codeOf(ursula.query('UPDATE sales.orders SET id = 0'))).toBe('42501')
    expect(await codeOf(ursula.query('DROP TABLE sales.orders'))).toBe('42501')
    expect(await codeOf(dirk.query('SELECT * FROM sales.orders'))).toBe('42P01')
    expect(await codeOf(ursula.query('CREATE TABLE sales.mine (id INTEGER)'))).toBe('42501')
  })

  test('a name that comes back has the grants of the new table alone', async () => {
    const { dora, rita } = sessions
    await dora.query('CREATE TABLE sales.again (id INTEGER)')
    await dora.query('DROP TABLE sales.again')
    await server.admin('CREATE TABLE sales.again (id INTEGER)') // by no designer: no rule
    expect(await codeOf(rita.query('SELECT * FROM sales.again'))).toBe('42P01')
  })

  test('rules are for the schema that they name', async () => {
    await server.admin('CREATE SCHEMA other')
    await server.admin('GRANT USAGE, CREATE ON SCHEMA other TO sales_designers')
    await server.admin('GRANT USAGE ON SCHEMA other TO sales_readers')
    await sessions.dora.query('CREATE TABLE other.t (id INTEGER)')
    expect(await codeOf(sessions.rita.query('SELECT * FROM other.t'))).toBe('42P01')
  })

  test('an officer changes who is in the groups, and nothing else', async () => {
    const { olga, ralf } = sessions
    await olga.query('GRANT sales_readers TO ralf_role')
    expect((await ralf.query('SELECT id FROM sales.old ORDER BY id')).rows).toEqual([['1'], ['2']])
    await olga.query('REVOKE sales_readers FROM ralf_role')
    expect(await codeOf(ralf.query('SELECT * FROM sales.old'))).toBe('42P01')
    expect(await codeOf(olga.query('GRANT sales_officers TO ralf_role'))).toBe('42501')
    expect(await codeOf(olga.query('GRANT SELECT ON TABLE sales.old TO ralf_role'))).toBe('42501')
  })

  test('a rule that is dropped reaches no table that is made later', async () => {
    const { dirk, rita } = sessions
    await server.admin(
      'ALTER DEFAULT PERMISSIONS FOR sales_designers IN sales FOR TABLES DROP GRANT SELECT TO sales_readers',
    )
    await dirk.query('CREATE TABLE sales.late (id INTEGER)')
    expect(await codeOf(rita.query('SELECT * FROM sales.late'))).toBe('42P01')
    expect((await rita.query('SELECT * FROM sales.orders')).rows).toEqual([['7']])
  })
})

/** The SQLSTATE with which it is refused. */
async function codeOf(query: Promise<unknown>): Promise<string | undefined> {
  return (await failureOf(query)).sqlState
}
