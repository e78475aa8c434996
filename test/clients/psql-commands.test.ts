/** psql's own commands for looking around: what is listed is what the role may see. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClientConnection } from './harness/client-connection.ts'
import { connect } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions, startServer } from './harness/test-server.ts'
import type { TestServer } from './harness/test-server.ts'

let server: TestServer
let psql: ClientConnection

beforeAll(async () => {
  server = await startServer()
  await server.admin('create schema sales')
  await server.admin('create table sales.orders (id bigint, price numeric(10,2), note varchar)')
  await server.admin('create table ledger (id integer not null, day date)')
  await server.admin('create table hidden_pay (id integer)')
  const client = await server.createClient('visitor', [
    'SELECT ON TABLE ledger',
    'USAGE ON SCHEMA sales',
    'SELECT ON TABLE sales.orders',
  ])
  psql = await connect('psql', connectOptions(server, client))
})

afterAll(async () => {
  await psql?.close()
  await server?.stop()
})

/** The lines below the heading, fields joined by `|`. */
async function linesOf(command: string): Promise<string[]> {
  const { rows } = await psql.query(command)
  return rows.map((row) => row.join('|'))
}

test('\\dt lists the tables in the search path', async () => {
  const lines = await linesOf('\\dt')
  expect(lines.some((line) => line.startsWith('public|ledger|table'))).toBe(true)
  expect(lines.some((line) => line.includes('orders'))).toBe(false)
})

test('\\dt sales.* lists the tables of another schema', async () => {
  const lines = await linesOf('\\dt sales.*')
  expect(lines.filter((line) => line.startsWith('sales|'))).toHaveLength(1)
})

test('\\dn lists the schemas', async () => {
  const names = (await linesOf('\\dn')).map((line) => line.split('|')[0])
  expect(names).toContain('public')
  expect(names).toContain('sales')
})

test('\\d describes a table: columns, types, NOT NULL', async () => {
  const lines = await linesOf('\\d ledger')
  expect(lines).toContain('id|integer||not null|')
  expect(lines).toContain('day|date|||')
  const orders = await linesOf('\\d sales.orders')
  expect(orders).toContain('id|bigint|||')
  expect(orders).toContain('price|numeric(10,2)|||')
  expect(orders.some((line) => line.startsWith('note|character varying'))).toBe(true)
})

test.skipIf(AGAINST_POSTGRESQL)('a table that the role may not see is not listed', async () => {
  for (const command of ['\\dt', '\\dt *.*', '\\d', '\\d hidden_pay']) {
    const lines = await linesOf(command)
    expect({ command, found: lines.filter((line) => line.includes('hidden')) }).toEqual({
      command,
      found: [],
    })
  }
})
