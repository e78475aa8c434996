/**
 * Saved queries, by the stock connector of BLUE: kept under a name, executed with values and with the
 * rights of whoever executes them, and not there for other roles.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BlueConnector } from './harness/blue-connector.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'

let server: BluegateServer
let blue: BlueConnector
let stranger: BlueConnector

beforeAll(async () => {
  server = await startBluegate()
  for (const sql of [
    'CREATE TABLE items (id INTEGER, name VARCHAR)',
    `INSERT INTO items VALUES (1, 'a'), (2, 'b'), (-3, 'it''s')`,
    'CREATE TABLE hidden (id INTEGER)',
  ]) {
    await server.admin(sql)
  }
  const grants = ['SELECT ON TABLE items']
  const [one, other] = [
    await server.createClient('one', grants),
    await server.createClient('other', grants),
  ]
  blue = await BlueConnector.connect(server, { access_token: one.token })
  stranger = await BlueConnector.connect(server, { access_token: other.token })
})
afterAll(async () => {
  await blue?.close()
  await stranger?.close()
  await server?.stop()
})

async function refusalOf(sql: string, connector = blue): Promise<string> {
  try {
    await connector.rowsOf(sql)
  } catch (error) {
    return String(error).replace(/[0-9a-f-]{36}:\d+/, '')
  }
  throw new Error(`it was answered: ${sql}`)
}

test('is saved, listed, shown, executed with values, and dropped', async () => {
  const query = "select top 5 name from items where id = ? and name like '%'"
  await blue.rowsOf(`select save_query(by_id, $$${query}$$)`)
  expect(await blue.rowsOf('describe saved queries list')).toEqual([['by_id']])
  expect(await blue.rowsOf(`describe saved queries list like 'x%'`)).toEqual([])
  expect(await blue.rowsOf('describe saved query name by_id')).toEqual([[query]])
  expect(await blue.rowsOf('select execute_saved_query(by_id, 2)')).toEqual([['b']])
  expect(await blue.rowsOf('select execute_saved_query(by_id, -3)')).toEqual([[`it's`]])
  expect(await blue.rowsOf('select recompile_saved_query(by_id)')).toHaveLength(1)
  await blue.rowsOf('select drop_saved_query(by_id)')
  expect(await blue.rowsOf('describe saved queries list')).toEqual([])
})

test('a value is a value, whatever is in it', async () => {
  await blue.rowsOf(`select save_query('by name', 'select id from items where name = ?')`)
  expect(await blue.rowsOf(`select execute_saved_query('by name', 'it''s')`)).toEqual([['-3']])
  expect(await blue.rowsOf(`select execute_saved_query('by name', $$x' or 1 = 1 --$$)`)).toEqual([])
  expect(await blue.rowsOf(`select execute_saved_query('by name', null)`)).toEqual([])
  expect(await refusalOf(`select execute_saved_query('by name')`)).toMatch(/wrong number/)
  expect(await refusalOf(`select execute_saved_query('by name', (select 1))`)).toMatch(
    /syntax error/,
  )
})

test('what may not be run may not be saved, and a right that is gone is missing at once', async () => {
  expect(await refusalOf(`select save_query(x, 'select * from hidden')`)).toMatch(/does not exist/)
  expect(await refusalOf(`select save_query(x, 'drop table items')`)).toMatch(/not one query/)
  expect(await refusalOf(`select save_query(x, 'select 1; select 2')`)).toMatch(/not one query/)
  expect(await refusalOf(`select save_query(x, 'selec 1')`)).toMatch(/syntax error/)
  expect(await refusalOf(`select save_query('by name', 'select 1')`)).toMatch(/already exists/)
  await server.admin('CREATE TABLE fading (a INTEGER)')
  await server.admin('GRANT SELECT ON TABLE fading TO PUBLIC')
  await blue.rowsOf(`select save_query(fades, 'select a from fading')`)
  expect(await blue.rowsOf('select execute_saved_query(fades)')).toEqual([])
  await server.admin('REVOKE SELECT ON TABLE fading FROM PUBLIC')
  expect(await refusalOf('select execute_saved_query(fades)')).toMatch(/does not exist/)
  expect(await refusalOf('select recompile_saved_query(fades)')).toMatch(/does not exist/)
})

test.each([
  (name: string) => `select execute_saved_query(${name})`,
  (name: string) => `select drop_saved_query(${name})`,
  (name: string) => `select recompile_saved_query(${name})`,
  (name: string) => `describe saved query name ${name}`,
])('%s of another role is as if it were not there', async (form) => {
  const hidden = await refusalOf(form('fades'), stranger)
  expect(hidden).toMatch(/saved query .* does not exist/)
  expect(hidden).toBe((await refusalOf(form('fadez'), stranger)).replaceAll('fadez', 'fades'))
})

test('names are those of a role: others may have the same, and SUPERUSER sees all', async () => {
  await stranger.rowsOf(`select save_query(fades, 'select 7 as n')`)
  expect(await stranger.rowsOf('select execute_saved_query(fades)')).toEqual([['7']])
  expect((await server.admin('DESCRIBE SAVED QUERIES LIST')).flat()).toContain('by name')
  await expect(server.admin('SELECT DROP_SAVED_QUERY(fades)')).rejects.toThrow(/several roles/)
})

test('the audit has who saved it, and what EXECUTE_SAVED_QUERY ran', async () => {
  await stranger.rowsOf('select execute_saved_query(fades)')
  const told = (await server.admin('AUDITLOG')).flat().join('\n')
  expect(told).toMatch(/select save_query\(fades, 'select 7 as n'\)/)
  expect(told).toMatch(/select execute_saved_query\(fades\) AS select 7/i)
})
