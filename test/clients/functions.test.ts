/** Functions of users: a call means what the same expression means, written in its place. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { failureOf } from './harness/client-connection.ts'
import type { ClientConnection } from './harness/client-connection.ts'
import { connect } from './harness/stock-clients.ts'
import type { StockClient } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions } from './harness/test-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'

const CLIENTS: readonly StockClient[] = ['node-postgres', 'psql']

const sql = (head: string, body: string) =>
  `CREATE OR REPLACE FUNCTION ${head} AS $$ ${body} $$ LANGUAGE SQL`

/** What is called, and the same without a function. */
const SAME: readonly (readonly [called: string, inline: string])[] = [
  ['SELECT area(3, 4.5)', 'SELECT CAST(CAST(3 AS DOUBLE) * CAST(4.5 AS DOUBLE) AS DOUBLE)'],
  ['SELECT area(a, b) FROM t ORDER BY area(a, b)', 'SELECT a * b FROM t ORDER BY a * b'],
  ['SELECT sum(area(a, b)) FROM t', 'SELECT sum(a * b) FROM t'],
  ['SELECT area(sum(a), max(b)) FROM t', 'SELECT sum(a) * max(b) FROM t'],
  [
    'SELECT area(a, 2), count(*) FROM t GROUP BY area(a, 2) HAVING area(a, 2) > 1 ORDER BY 1',
    'SELECT a * 2, count(*) FROM t GROUP BY a * 2 HAVING a * 2 > 1 ORDER BY 1',
  ],
  ['SELECT a FROM t WHERE area(a, b) > 3 ORDER BY a', 'SELECT a FROM t WHERE a * b > 3 ORDER BY a'],
  ['SELECT area(area(2, 3), area(4, 5))', 'SELECT CAST(120 AS DOUBLE)'],
  ['SELECT public.area(2, 3), master.area(2, 3)', 'SELECT 6::DOUBLE, 6::DOUBLE'],
  [
    'SELECT master.public.area(2, 3), AREA(2, 3), "area"(2, 3)',
    'SELECT 6::DOUBLE, 6::DOUBLE, 6::DOUBLE',
  ],
  ['SELECT rounded(a) FROM t ORDER BY a', 'SELECT CAST(a / 2 AS INTEGER) FROM t ORDER BY a'],
  ['SELECT shown(NULL), shown(1)', "SELECT 'none', '1'"],
  ['SELECT answer(), answer() + 1', 'SELECT 42, 43'],
  ['SELECT (SELECT area(t.a, 1)) FROM t ORDER BY 1', 'SELECT a * 1 FROM t ORDER BY 1'],
  [
    'SELECT t.a FROM t JOIN t u ON area(t.a, 1) = area(u.a, 1) ORDER BY 1',
    'SELECT t.a FROM t JOIN t u ON t.a = u.a ORDER BY 1',
  ],
  ['SELECT list_transform([1, 2], lambda x: area(x, x))', 'SELECT [1::DOUBLE, 4::DOUBLE]'],
  ['SELECT sum(a) OVER (PARTITION BY area(a, 0)) FROM t', 'SELECT sum(a) OVER () FROM t'],
  ['VALUES (area(1, 2)), (area(3, 4))', 'VALUES (2::DOUBLE), (12::DOUBLE)'],
  ['SELECT twice(area(2, 3))', 'SELECT 12::DOUBLE'],
  ['SELECT added([1, 2], 10)', 'SELECT [11, 12]'],
  // names of the statement's own stay what they are
  ['SELECT area(w, h) FROM (SELECT 2 AS h, 5 AS w) AS "function arguments"', 'SELECT 10::DOUBLE'],
  ['SELECT added([e], e) FROM (SELECT 7 AS e) AS item', 'SELECT [14]'],
  ['SELECT added([1], "function arguments") FROM (SELECT 7 AS "function arguments")', 'SELECT [8]'],
  // each argument is computed once for each row
  ['SELECT bool_and(difference(random()) = 0) FROM range(100)', 'SELECT true'],
  ['SELECT count(DISTINCT same(random())) FROM range(100)', 'SELECT 100::BIGINT'],
  ['SELECT count(DISTINCT lottery()) FROM range(100)', 'SELECT 100::BIGINT'],
]

describe.skipIf(AGAINST_POSTGRESQL)('functions', () => {
  let server: BluegateServer
  let maker: ClientCredentials
  let caller: ClientCredentials

  beforeAll(async () => {
    server = await startBluegate()
    await server.admin('CREATE SCHEMA s')
    await server.admin('CREATE TABLE s.t (a DOUBLE, b DOUBLE)')
    await server.admin('INSERT INTO s.t VALUES (1, 2), (3, 4), (5, NULL)')
    maker = await server.createClient('maker', [
      'CREATE FUNCTION ON DATABASE master',
      'USAGE, CREATE ON SCHEMA s',
      'SELECT ON TABLE s.t',
    ])
    caller = await server.createClient('caller', ['USAGE ON SCHEMA s', 'SELECT ON TABLE s.t'])
    await as(maker, async (session) => {
      for (const text of [
        sql('area(width DOUBLE, height DOUBLE) RETURNS DOUBLE', 'select width * height;'),
        sql('rounded(x DOUBLE) RETURNS int', 'SELECT x / 2'),
        sql(
          'shown(x INTEGER) RETURNS text',
          "SELECT CASE WHEN x IS NULL THEN 'none' ELSE CAST(x AS VARCHAR) END",
        ),
        sql('answer() RETURNS INTEGER', 'SELECT 42'),
        sql('twice(x DOUBLE) RETURNS DOUBLE', 'SELECT area(x, 1) + area(1, x)'),
        sql(
          'added(l INTEGER[], x INTEGER) RETURNS INTEGER[]',
          'SELECT list_transform(l, lambda e: e + x)',
        ),
        sql('difference(x DOUBLE) RETURNS DOUBLE', 'SELECT x - x'),
        sql('same(x DOUBLE) RETURNS DOUBLE', 'SELECT x'),
        sql('lottery() RETURNS DOUBLE', 'SELECT random()'),
      ]) {
        await session.query(text)
      }
    })
    await server.admin('GRANT EXECUTE ON ALL FUNCTIONS TO caller_role')
  }, 120_000)

  afterAll(() => server?.stop())

  async function as<Result>(
    credentials: ClientCredentials,
    work: (session: ClientConnection) => Promise<Result>,
    client: StockClient = 'node-postgres',
  ): Promise<Result> {
    const session = await connect(client, connectOptions(server, credentials))
    try {
      return await work(session)
    } finally {
      await session.close()
    }
  }

  test.each(CLIENTS)('%s: a call gives what the expression gives', async (client) => {
    await as(
      caller,
      async (session) => {
        await session.query('SET search_path = s')
        for (const [called, inline] of SAME) {
          const { rows } = await session.query(called)
          expect([called, rows]).toEqual([called, (await session.query(inline)).rows])
        }
      },
      client,
    )
  })
})
