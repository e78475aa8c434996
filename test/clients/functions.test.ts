/** Functions of users: a call means what the same expression means, written in its place. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { failureOf } from './harness/client-connection.ts'
import { sessionsOn } from './harness/session-of.ts'
import type { StockClient } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'
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
  ['SELECT fields([{v: 1}]) FROM (SELECT 7 AS v) AS e', 'SELECT [1]'],
  ['SELECT part({v: 1}) FROM (SELECT 7 AS v) AS x', 'SELECT 1'],
  ['SELECT price(1.239), price(NULL)', 'SELECT 2.48::DECIMAL(12,2), NULL'],
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
        sql(
          'fields(l STRUCT(v INTEGER)[]) RETURNS INTEGER[]',
          'SELECT list_transform(l, lambda e: e.v)',
        ),
        sql('part(x STRUCT(v INTEGER)) RETURNS INTEGER', 'SELECT x.v'),
        sql('price(x DECIMAL(10, 2)) RETURNS DECIMAL(12, 2)', 'SELECT x * 2'),
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

  const as = sessionsOn(() => server)

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

  describe.each(CLIENTS)('%s', (client) => {
    test('EXECUTE is needed, and is told of to whom the function is known', async () => {
      const stranger = await server.createClient(`stranger_${client.slice(0, 4)}`, [])
      const role = `stranger_${client.slice(0, 4)}_role`
      const call = 'SELECT area(2, 3)'
      await as(
        stranger,
        async (session) => {
          const hidden = await failureOf(session.query(call))
          const missing = await failureOf(session.query('SELECT aera(2, 3)'))
          expect([hidden.sqlState, hidden.message]).toEqual([
            '42883',
            'function area does not exist',
          ])
          expect(missing.message).toBe(hidden.message.replace('area', 'aera'))
          const dropped = await failureOf(session.query('DROP FUNCTION area'))
          expect([dropped.sqlState, dropped.message]).toEqual([hidden.sqlState, hidden.message])

          await server.admin(`GRANT DDL ON FUNCTION area() TO ${role}`)
          const refused = await failureOf(session.query(call))
          expect([refused.sqlState, refused.message]).toEqual([
            '42501',
            "Missing the following permissions: EXECUTE on function 'master.area'",
          ])
          await server.admin(`GRANT EXECUTE ON FUNCTION area TO ${role}`)
          expect((await session.query(call)).rows).toEqual([['6']])
          await server.admin(`REVOKE ALL ON FUNCTION area FROM ${role}`)
          expect((await failureOf(session.query(call))).message).toBe(hidden.message)
        },
        client,
      )
    })

    test('CREATE FUNCTION on the database is needed to make one', async () => {
      await as(
        caller,
        async (session) => {
          const refused = await failureOf(
            session.query("CREATE FUNCTION mine() RETURNS INTEGER AS 'SELECT 1' LANGUAGE SQL"),
          )
          expect([refused.sqlState, refused.message]).toEqual([
            '42501',
            "Missing the following permissions: CREATE FUNCTION on database 'master'",
          ])
        },
        client,
      )
    })

    test('a transaction has its own, and takes it back', async () => {
      await as(
        maker,
        async (session) => {
          await session.query('BEGIN')
          await session.query("CREATE FUNCTION brief() RETURNS INTEGER AS 'SELECT 1' LANGUAGE SQL")
          expect((await session.query('SELECT brief()')).rows).toEqual([['1']])
          await as(maker, async (other) => {
            expect((await failureOf(other.query('SELECT brief()'))).sqlState).toBe('42883')
          })
          await session.query('ROLLBACK')
          expect((await failureOf(session.query('SELECT brief()'))).sqlState).toBe('42883')

          await session.query('BEGIN')
          await session.query("CREATE FUNCTION brief() RETURNS INTEGER AS 'SELECT 2' LANGUAGE SQL")
          await session.query('COMMIT')
          expect((await session.query('SELECT brief()')).rows).toEqual([['2']])
          await session.query(
            "CREATE OR REPLACE FUNCTION brief() RETURNS INTEGER AS 'SELECT 3' LANGUAGE SQL",
          )
          expect((await session.query('SELECT brief()')).rows).toEqual([['3']])
          await session.query('BEGIN')
          await session.query('DROP FUNCTION brief()')
          await session.query('ROLLBACK')
          expect((await session.query('SELECT brief()')).rows).toEqual([['3']])
          await session.query('DROP FUNCTION brief()')
          expect((await failureOf(session.query('SELECT brief()'))).sqlState).toBe('42883')
        },
        client,
      )
    })

    test('what was made of a function keeps it as it is', async () => {
      await as(
        maker,
        async (session) => {
          await session.query(sql('base(x INTEGER) RETURNS INTEGER', 'SELECT x + 1'))
          await session.query(sql('upon(x INTEGER) RETURNS INTEGER', 'SELECT base(x) * 10'))
          await session.query('CREATE VIEW s.shown AS SELECT base(1) AS n')
          for (const [text, verb] of [
            ['DROP FUNCTION base', 'drop'],
            [sql('base(x INTEGER) RETURNS INTEGER', 'SELECT x'), 'replace'],
          ] as const) {
            const refused = await failureOf(session.query(text))
            expect([refused.sqlState, refused.message]).toEqual([
              '2BP01',
              `cannot ${verb} function base because other objects depend on it`,
            ])
          }
          expect((await session.query('SELECT upon(1), n FROM s.shown')).rows).toEqual([
            ['20', '2'],
          ])
          await session.query('DROP VIEW s.shown')
          await session.query('DROP FUNCTION upon')
          await session.query(sql('base(x INTEGER) RETURNS INTEGER', 'SELECT x'))
          await session.query('DROP FUNCTION base')
        },
        client,
      )
    })
  })

  test('a view calls with the right of its owner, who may lose it', async () => {
    const lender = await server.createClient('lender', [
      'USAGE, CREATE ON SCHEMA s',
      'SELECT ON TABLE s.t',
      'CREATE FUNCTION ON DATABASE master',
      'EXECUTE ON FUNCTION area',
    ])
    await as(lender, async (session) => {
      await session.query('CREATE VIEW s.areas AS SELECT area(a, 2) AS area FROM s.t')
      await session.query(sql('mine(x DOUBLE) RETURNS DOUBLE', 'SELECT area(x, 2)'))
    })
    const reader = await server.createClient('reader', ['USAGE ON SCHEMA s'])
    await server.admin('GRANT SELECT ON VIEW s.areas TO reader_role')
    await server.admin('GRANT EXECUTE ON FUNCTION mine TO reader_role')
    await as(reader, async (session) => {
      const view = 'SELECT area FROM s.areas ORDER BY 1'
      expect((await session.query(view)).rows).toEqual([['2'], ['6'], ['10']])
      expect((await session.query('SELECT mine(4)')).rows).toEqual([['8']])
      expect((await failureOf(session.query('SELECT area(1, 2)'))).sqlState).toBe('42883')
      await server.admin('REVOKE EXECUTE ON FUNCTION area FROM lender_role')
      const failures = [
        await failureOf(session.query(view)),
        await failureOf(session.query('SELECT mine(4)')),
      ]
      expect(failures.map(({ sqlState, message }) => [sqlState, message])).toEqual([
        ['55000', 'view "areas" cannot be read now'],
        ['55000', 'function "mine" cannot be called now'],
      ])
      await server.admin('GRANT EXECUTE ON FUNCTION area TO lender_role')
      expect((await session.query(view)).rows).toEqual([['2'], ['6'], ['10']])
      expect((await session.query('SELECT mine(4)')).rows).toEqual([['8']])
    })
  })

  test('parameters of statements are arguments like others, and keep the declared type', async () => {
    await as(caller, async (session) => {
      expect((await session.query('SELECT area($1, $2)', ['2', '3'])).rows).toEqual([['6']])
      const refused = await failureOf(session.query("SELECT area('two', 3)"))
      expect(refused.sqlState).toBe('22P02')
      const unused = await failureOf(session.query("SELECT rounded('two')"))
      expect(unused.sqlState).toBe('22P02')
    })
  })

  test('the column is named after the function, as in PostgreSQL', async () => {
    await as(caller, async (session) => {
      const { columns } = await session.query(
        'SELECT area(1, 2), area(1, 2) AS named, answer() + 1',
      )
      expect(columns.slice(0, 2)).toEqual(['area', 'named'])
    })
  })

  test('what a statement needs, and what a role holds, is told of functions too', async () => {
    await as(caller, async (session) => {
      const needs = await session.query("SELECT GET_STATEMENT_PERMISSIONS('SELECT twice(1)')")
      expect(needs.rows).toEqual([['EXECUTE', 'function', 'master.twice']])
      const { rows } = await session.query('SELECT GET_ROLE_PERMISSIONS()')
      expect(rows).toContainEqual(['EXECUTE', 'function', 'master.twice'])
    })
  })

  test('psql lists those that may be known of', async () => {
    const names = ['area', 'twice', 'lottery']
    const list = `SELECT n.nspname, p.proname, pg_catalog.pg_get_function_result(p.oid),
        pg_catalog.pg_get_function_arguments(p.oid), l.lanname
      FROM pg_catalog.pg_proc p
        LEFT JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        LEFT JOIN pg_catalog.pg_language l ON l.oid = p.prolang
      WHERE pg_catalog.pg_function_is_visible(p.oid) ORDER BY 2`
    await as(
      caller,
      async (session) => {
        const { rows } = await session.query(list)
        expect(rows.filter(([, name]) => names.includes(String(name)))).toEqual([
          [
            'public',
            'area',
            'double precision',
            'width double precision, height double precision',
            'sql',
          ],
          ['public', 'lottery', 'double precision', '', 'sql'],
          ['public', 'twice', 'double precision', 'x double precision', 'sql'],
        ])
      },
      'psql',
    )
    const nobody = await server.createClient('nobody', [])
    await as(nobody, async (session) => {
      expect((await session.query(list)).rows).toEqual([])
      const routines = 'SELECT count(*) FROM information_schema.routines'
      expect((await session.query(routines)).rows).toEqual([['0']])
    })
  })

  test("psql's own commands know of them", async () => {
    await as(
      caller,
      async (session) => {
        const lines = async (command: string) =>
          (await session.query(command)).rows.map((row) => row.join('|'))
        expect(await lines('\\df area')).toContain(
          'public|area|double precision|width double precision, height double precision|func',
        )
        expect((await lines('\\df+ answer')).join('\n')).toContain('public|answer|integer|')
        expect((await lines('\\df no_such_function')).join('\n')).not.toContain('no_such')
      },
      'psql',
    )
  })

  test('of two sessions that make one function, one is told so', async () => {
    const text = "CREATE FUNCTION raced() RETURNS INTEGER AS 'SELECT 1' LANGUAGE SQL"
    await as(maker, async (one) => {
      await as(maker, async (other) => {
        await one.query('BEGIN')
        await other.query('BEGIN')
        await one.query(text)
        const second = other.query(text).then(() => other.query('COMMIT'))
        await one.query('COMMIT')
        const failure = await failureOf(second)
        expect(['40001', '42723', '42P07']).toContain(failure.sqlState)
        await other.query('ROLLBACK')
        expect((await other.query('SELECT raced()')).rows).toEqual([['1']])
        const { rows } = await other.query(
          "SELECT count(*) FROM pg_catalog.pg_proc WHERE proname = 'raced'",
        )
        expect(rows).toEqual([['1']])
      })
    })
  })

  test('what a role gets on functions that are made later is a rule like others', async () => {
    await server.admin(
      'ALTER DEFAULT PERMISSIONS FOR maker_role FOR FUNCTIONS GRANT EXECUTE TO caller_role',
    )
    await as(maker, async (session) => {
      await session.query(sql('later() RETURNS INTEGER', 'SELECT 9'))
    })
    await as(caller, async (session) => {
      expect((await session.query('SELECT later()')).rows).toEqual([['9']])
    })
    const { rows } = await as(caller, (session) => session.query('SELECT GET_ROLE_PERMISSIONS()'))
    expect(rows).toContainEqual(['EXECUTE', 'function', 'master.later'])
  })

  test('a function goes into tables by what it gives', async () => {
    await as(maker, async (session) => {
      await session.query('CREATE TABLE s.made AS SELECT area(a, 1) AS a FROM s.t')
      await session.query('INSERT INTO s.made VALUES (area(10, 10)), (area($1, 1))', ['7'])
      await session.query('UPDATE s.made SET a = area(a, 2) WHERE area(a, 1) = 7')
      await session.query('DELETE FROM s.made WHERE area(a, 1) < 4')
      const { rows } = await session.query('SELECT a FROM s.made ORDER BY a')
      expect(rows).toEqual([['5'], ['14'], ['100']])
      const refused = await failureOf(
        session.query('CREATE TABLE s.kept (a DOUBLE DEFAULT area(1, 2))'),
      )
      expect([refused.sqlState, refused.message]).toEqual([
        '0A000',
        'a function of users in a column definition is not supported',
      ])
    })
  })

  test('a plan shows what a function calls to those alone who may call that', async () => {
    const reader = await server.createClient('planner', ['EXECUTE ON FUNCTION twice, answer'])
    await as(reader, async (session) => {
      expect((await session.query('SELECT twice(2)')).rows).toEqual([['4']])
      expect((await session.query('EXPLAIN SELECT answer()')).rows.length).toBeGreaterThan(0)
      const refused = await failureOf(session.query('EXPLAIN SELECT twice(2)'))
      expect([refused.sqlState, refused.message]).toEqual([
        '42501',
        'the plan shows what a function calls',
      ])
    })
  })
})
