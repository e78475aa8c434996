/** Default permissions, default schemas, and what roles may do, as a driver and psql see them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { failureOf } from './harness/client-connection.ts'
import { sessionsOn } from './harness/session-of.ts'
import type { StockClient } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'

interface AuditRecord {
  readonly action: string
  readonly details?: string
  readonly missingGrants?: readonly string[]
}

const CLIENTS: readonly StockClient[] = ['node-postgres', 'psql']

describe.skipIf(AGAINST_POSTGRESQL)('permissions', () => {
  let server: BluegateServer
  let bi: ClientCredentials
  let maker: ClientCredentials

  beforeAll(async () => {
    server = await startBluegate()
    await server.admin('CREATE SCHEMA sales')
    await server.admin('CREATE TABLE sales.orders (id INTEGER, note VARCHAR)')
    await server.admin('CREATE TABLE public.hidden (id INTEGER)')
    bi = await server.createClient('bi', [
      'USAGE ON SCHEMA sales',
      'SELECT ON COLUMN id IN TABLE sales.orders',
    ])
    maker = await server.createClient('maker', ['USAGE, CREATE ON SCHEMA public'])
  }, 120_000)

  afterAll(() => server?.stop())

  const as = sessionsOn(() => server)

  async function audited(text: string): Promise<AuditRecord[]> {
    const records = (await server.bluegateJson('audit', '--limit', '50')) as AuditRecord[]
    return records.filter(({ details }) => details === text)
  }

  describe.each(CLIENTS)('%s', (client) => {
    test('asks what a statement needs, and learns nothing of what it may not know', async () => {
      await as(
        bi,
        async (session) => {
          const needs = async (sql: string) =>
            (await session.query(`SELECT GET_STATEMENT_PERMISSIONS($$${sql}$$)`)).rows
          expect(await needs('SELECT id FROM sales.orders')).toEqual([
            ['SELECT', 'table', 'master.sales.orders'],
            ['USAGE', 'schema', 'master.sales'],
          ])
          expect(await needs('INSERT INTO sales.orders VALUES (1)')).toEqual([
            ['INSERT', 'table', 'master.sales.orders'],
            ['USAGE', 'schema', 'master.sales'],
          ])
          expect(await needs('SELECT 1')).toEqual([])
          expect(await needs('GRANT SELECT ON t TO x')).toEqual([['SUPERUSER', 'cluster', null]])
          const hidden = await failureOf(needs('SELECT * FROM hidden'))
          const missing = await failureOf(needs('SELECT * FROM nobody'))
          expect(hidden.sqlState).toBe('42P01')
          expect(hidden.message.replace('hidden', 'nobody')).toBe(missing.message)
        },
        client,
      )
    })

    test('sees its own permissions and DDL, and of other roles nothing', async () => {
      await as(
        bi,
        async (session) => {
          const { columns, rows } = await session.query('SELECT GET_ROLE_PERMISSIONS()')
          expect(columns).toEqual(['permission_type', 'object_type', 'object_name'])
          expect(rows).toEqual([
            ['LOGIN', 'cluster', null],
            ['CONNECT', 'database', 'master'],
            ['USAGE', 'schema', 'master.sales'],
            ['SELECT', 'column', 'master.sales.orders.id'],
            ['USAGE', 'schema', 'master.public'],
          ])
          const { rows: described } = await session.query(
            'DESCRIBE ROLE PERMISSIONS ROLE NAME bi_role PERMISSION ID IN (1003, 2003)',
          )
          expect(described.map(([, name, layer, id, title]) => [name, layer, id, title])).toEqual([
            ['bi_role', 'database master', '1003', 'Connect'],
            ['bi_role', 'schema master.sales', '2003', 'Usage'],
            ['public', 'schema master.public', '2003', 'Usage'],
          ])
          const { rows: connects } = await session.query('DESCRIBE CONNECT PERMISSIONS')
          expect(connects.map(([, ...rest]) => rest)).toEqual([
            ['bi_role', 'master', '1003', 'f', 'f'],
          ])
          expect((await session.query("SELECT GET_ROLE_GLOBAL_DDL('bi_role')")).rows).toEqual([
            ['create role "bi_role"; grant login to "bi_role";'],
          ])
          for (const about of [
            'DESCRIBE ROLES',
            'DESCRIBE ROLE PERMISSIONS ROLE NAME maker_role',
            'DESCRIBE ROLE PERMISSIONS ROLE NAME nobody',
            "SELECT GET_ROLE_DATABASE_DDL('maker_role')",
            'SELECT GET_ALL_ROLES_GLOBAL_DDL()',
            'ALTER DEFAULT SCHEMA FOR maker_role TO sales',
            'ALTER DEFAULT PERMISSIONS FOR ALL ROLES FOR TABLES GRANT SELECT TO bi_role',
          ]) {
            const { sqlState } = await failureOf(session.query(about))
            expect([about, sqlState]).toEqual([about, '42501'])
          }
        },
        client,
      )
    })

    test('finds names in its default schema, unless it sets a search path', async () => {
      await as(bi, (session) => session.query('ALTER DEFAULT SCHEMA FOR bi_role TO sales'), client)
      await as(
        bi,
        async (session) => {
          expect((await session.query('SHOW search_path')).rows).toEqual([['sales']])
          expect((await session.query('SELECT id FROM orders')).rows).toEqual([])
          await session.query('SET search_path TO public')
          expect(await failureOf(session.query('SELECT id FROM orders'))).toMatchObject({
            sqlState: '42P01',
          })
          await session.query('RESET search_path')
          expect((await session.query('SELECT id FROM orders')).rows).toEqual([])
          expect(
            await failureOf(session.query('ALTER DEFAULT SCHEMA FOR bi_role TO vault')),
          ).toMatchObject({ sqlState: '3F000' })
        },
        client,
      )
      await server.admin('ALTER DEFAULT SCHEMA FOR bi_role TO public')
    })
  })

  test('the shipped rules are shown, are dropped, and the next table is not its maker’s', async () => {
    const rules = await server.admin('SELECT GET_ALL_ROLES_DATABASE_DDL()')
    const shipped =
      'alter default permissions for all roles for tables grant select to creator_role;'
    expect(rules.flat().join('\n')).toContain(shipped)
    await as(maker, async (session) => {
      await session.query('CREATE TABLE mine (id INTEGER)')
      await session.query('SELECT * FROM mine')
      await server.admin(shipped.replace('grant select', 'drop grant select'))
      await session.query('CREATE TABLE theirs (id INTEGER)')
      await session.query('INSERT INTO theirs VALUES (1)')
      expect(await failureOf(session.query('SELECT * FROM theirs'))).toMatchObject({
        sqlState: '42501',
      })
    })
    await server.admin(shipped)
    expect(await server.admin('SELECT GET_ALL_ROLES_DATABASE_DDL()')).not.toEqual([])
  })

  test('a rolled back CREATE leaves no grant, and a committed one has its own', async () => {
    await server.admin(
      'ALTER DEFAULT PERMISSIONS FOR maker_role IN public FOR TABLES GRANT INSERT TO bi_role',
    )
    await as(maker, async (session) => {
      await session.query('BEGIN')
      await session.query('CREATE TABLE twice (id INTEGER)')
      await session.query('ROLLBACK')
      await session.query('CREATE TABLE twice (id INTEGER)')
    })
    const rows = await server.admin('DESCRIBE ROLE PERMISSIONS ROLE NAME bi_role')
    expect(rows.filter(([, , layer]) => layer === 'table master.public.twice')).toHaveLength(1)
    await as(bi, (session) => session.query('INSERT INTO public.twice VALUES (1)'))
  })

  test('inside a transaction block rules are refused, as grants are', async () => {
    await as(bi, async (session) => {
      await session.query('BEGIN')
      const failure = failureOf(session.query('ALTER DEFAULT SCHEMA FOR bi_role TO public'))
      expect(await failure).toMatchObject({ sqlState: '25001' })
    })
  })

  test('all columns of a table are granted and revoked by name', async () => {
    await server.admin('GRANT SELECT ON ALL COLUMNS IN TABLE sales.orders TO maker_role')
    await server.admin('GRANT USAGE ON SCHEMA sales TO maker_role')
    await as(maker, (session) => session.query('SELECT * FROM sales.orders'))
    await server.admin('REVOKE SELECT FROM COLUMN note IN TABLE sales.orders FROM maker_role')
    await as(maker, async (session) => {
      await session.query('SELECT id FROM sales.orders')
      expect(await failureOf(session.query('SELECT * FROM sales.orders'))).toMatchObject({
        sqlState: '42501',
      })
    })
  })

  // psycopg asks what a statement answers before it runs it, and is refused there
  test.each(['node-postgres', 'psycopg'] as const)(
    '%s: a refusal is on record with the grants that would have allowed it; they do',
    async (client) => {
      const refused = `SELECT note FROM sales.orders -- by ${client}`
      const told = await as(bi, (session) => failureOf(session.query(refused)), client)
      expect(told).toMatchObject({ sqlState: '42501' })
      const texts = `${told.message} ${told.hint} ${told.detail}`.toLowerCase()
      expect(texts).not.toContain('grant select')
      const records = await audited('SELECT note FROM sales.orders')
      const grant = 'grant select on column "note" in table "master"."sales"."orders" to "bi_role";'
      expect(records[0]).toMatchObject({ outcome: 'refused', missingGrants: [grant] })
      await server.admin(grant)
      await as(bi, (session) => session.query(refused), client)
      await server.admin(grant.replace('grant', 'revoke').replace(' to ', ' from '))
    },
  )

  test('what is hidden is explained on record too, and answered like what is not there', async () => {
    const [hidden, nothing] = ['SELECT id FROM public.hidden', 'SELECT id FROM public.nothing']
    await as(bi, async (session) => {
      const told = await failureOf(session.query(hidden))
      const other = await failureOf(session.query(nothing))
      expect(told.message.replace('hidden', 'nothing')).toBe(other.message)
      await expect
        .poll(async () => (await audited(hidden)).map(({ action }) => action), { timeout: 10_000 })
        .toContain('refusal_explained')
    })
    const grants = (await audited(hidden)).flatMap(({ missingGrants }) => missingGrants ?? [])
    expect(grants).toEqual(['grant select on table "master"."public"."hidden" to "bi_role";'])
    expect((await audited(nothing)).map(({ action }) => action)).toEqual(['statement'])
  })
})
