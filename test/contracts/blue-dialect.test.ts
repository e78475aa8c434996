/** The dialect `blue` through the gate and the real engine: every form of its tables, by value. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BLUE_FUNCTIONS } from '../../src/sql/blue/calls.ts'
import { EXPRESSIONS, UNCHANGED } from '../../src/sql/blue/examples.ts'
import type { Example } from '../../src/sql/blue/blue-function.ts'
import { GateHarness } from '../fixtures/gate-harness.ts'
import { testAuthority } from '../fixtures/test-authority.ts'

let harness: GateHarness

beforeAll(async () => {
  harness = await GateHarness.open()
})
afterAll(() => harness?.engine.close())

async function rowsOf(sql: string) {
  return await harness.run(sql, { dialect: 'blue' })
}

/** Its text, and its type. */
async function check({ expression, gives, type }: Example): Promise<void> {
  const sql = `SELECT CAST(${expression} AS TEXT) AS t, TYPEOF(${expression}) AS k`
  expect(await rowsOf(sql)).toEqual([[String(gives), type]])
}

describe.each(BLUE_FUNCTIONS)('$written', ({ examples }) => {
  test.each(examples)('$expression', check)
})

describe.each(EXPRESSIONS)('$written', ({ examples }) => {
  test.each(examples)('$expression', check)
})

describe('as in the engine', () => {
  test.each(UNCHANGED)('$expression', check)
})

describe('queries', () => {
  test('TOP is the number of rows of its own query', async () => {
    const sql = `SELECT TOP 2 id FROM (SELECT TOP 3 id FROM flights ORDER BY id DESC) AS f ORDER BY id`
    expect(await rowsOf(sql)).toEqual([['1'], ['2']])
    const union = `SELECT TOP 1 1 AS a UNION ALL SELECT TOP 0 2 UNION ALL SELECT 3 ORDER BY 1 DESC`
    expect(await rowsOf(union)).toEqual([['3'], ['1']])
    expect(
      await rowsOf('SELECT TOP 1 DISTINCT carrier FROM flights ORDER BY carrier DESC'),
    ).toEqual([['UA']])
  })

  test('NULL is first, and last with DESC', async () => {
    expect(await rowsOf('SELECT delay FROM flights ORDER BY delay')).toEqual([
      ['null'],
      ['-5'],
      ['10'],
    ])
    expect(await rowsOf('SELECT delay FROM flights ORDER BY delay DESC')).toEqual([
      ['10'],
      ['-5'],
      ['null'],
    ])
    const first = 'SELECT FIRST_VALUE(id) OVER (ORDER BY delay) AS f FROM flights LIMIT 1'
    expect(await rowsOf(first)).toEqual([['3']])
    expect(await rowsOf('SELECT ARRAY_AGG(delay ORDER BY delay)[0] AS a FROM flights')).toEqual([
      ['null'],
    ])
    const postgres = await harness.run('SELECT delay FROM flights ORDER BY delay')
    expect(postgres).toEqual([['-5'], ['10'], ['null']])
  })

  test('what a call becomes can be grouped by, counted and joined on', async () => {
    const sql = `SELECT DATEPART(d, departed), DATEADD(day, COUNT(*), MAX(CAST(departed AS DATE))) FROM flights
      WHERE LEN(carrier) = 2 GROUP BY DATEPART(d, departed) ORDER BY 1`
    expect(await rowsOf(sql)).toEqual([
      ['null', 'null'],
      ['1', '2020-01-02'],
      ['2', '2020-01-03'],
    ])
    const grouped = `SELECT DATEADD(day, 1, departed) AS d, COUNT(*) FROM flights GROUP BY DATEADD(day, 1, departed) ORDER BY d DESC`
    expect(await rowsOf(grouped)).toEqual([
      ['2020-01-03 09:30:00', '1'],
      ['2020-01-02 08:00:00', '1'],
      ['null', '1'],
    ])
    const joined = `SELECT COUNT(*) FROM flights a INNER MERGE JOIN flights b ON CHARINDEX(a.carrier, b.carrier) = 1`
    expect(await rowsOf(joined)).toEqual([['5']])
  })

  test('aggregates of BLUE are those of the engine', async () => {
    const sql = `SELECT COUNT(delay), SUM(delay), MIN(delay), MAX(delay), AVG(delay), STDDEV_POP(delay),
      VAR_POP(delay), PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY delay),
      PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY delay DESC), COVAR_POP(delay, id), ROUND(CORR(delay, id), 4) FROM flights`
    expect(await rowsOf(sql)).toEqual([
      ['2', '5', '-5', '10', '2.5', '7.5', '56.25', '2.5', '10', '-3.75', '-1'],
    ])
  })

  test('TRUNC of a date without a unit is an error, and no number', async () => {
    const ask = { dialect: 'blue' } as const
    expect(await harness.refusal('SELECT TRUNC(departed) FROM flights', ask)).toMatchObject({
      kind: 'undefined_function',
    })
    await expect(rowsOf(`SELECT DATEPART(hh, DATE '2024-01-01')`)).rejects.toThrow(/cast/)
    await expect(
      rowsOf('SELECT DATEPART(hh, CAST(departed AS DATE)) FROM flights'),
    ).rejects.toThrow(/cast/)
  })

  test.each([
    `SELECT CAST(carrier AS TEXT(1)) FROM flights`,
    `SELECT REPEAT(carrier, id - 5) FROM flights`,
    `SELECT CAST(256 AS TINYINT) FROM flights`,
    `SELECT CAST(-1 AS TINYINT) FROM flights`,
    `SELECT DATEDIFF(ms, DATE '1970-01-01', DATE '2024-01-01')`,
  ])('%s is an error, and not another value', async (sql) => {
    await expect(rowsOf(sql)).rejects.toThrow(/convert|out of range|cast/i)
  })
})

describe('the gate sees what it becomes', () => {
  test.each([
    'SELECT TOP 5 secret FROM hidden',
    'SELECT LEN(secret) FROM hidden',
    'SELECT TOP 1 id FROM flights ORDER BY LEN((SELECT MAX(secret) FROM hidden))',
    `SELECT DATEADD(day, (SELECT COUNT(secret) FROM hidden), DATE '2024-01-01')`,
    `SELECT CASE WHEN 'a' RLIKE 'a' THEN (SELECT secret FROM hidden LIMIT 1) END`,
    "SELECT ssn FROM people WHERE name LIKE '[A]%'",
    'SELECT DECODE(1, 1, (SELECT ssn FROM people LIMIT 1))',
    'SELECT ISNULL(NULL, ssn) FROM people',
    'UPDATE flights SET delay = (SELECT LEN(secret) FROM hidden) / 2',
    'CREATE TABLE stolen AS SELECT TOP 1 * FROM hidden',
  ])('%s is refused in both dialects alike', async (sql) => {
    const refusal = await harness.refusal(sql, { dialect: 'blue' })
    expect(['insufficient_privilege', 'undefined_table', 'undefined_column']).toContain(
      refusal.kind,
    )
    expect(refusal.message).not.toMatch(/canary|list_extract|blue value/)
  })

  test('nobody reaches what is bound inside of a call', async () => {
    const sql = `SELECT ISPREFIXOF("blue values", 'a') FROM flights`
    expect(await harness.refusal(sql, { dialect: 'blue' })).toMatchObject({
      kind: 'undefined_column',
    })
    const named = `SELECT ISPREFIXOF("blue values", 'abc') AS p FROM (SELECT 'ab' AS "blue values") AS x`
    expect(await rowsOf(named)).toEqual([['true']])
    const item = `SELECT CAST(ARRAY_REMOVE(ARRAY["blue item"], "blue item") AS TEXT) AS p FROM (SELECT 1 AS "blue item") AS x`
    expect(await rowsOf(item)).toEqual([['[]']])
  })

  test('no alarm is raised: the regenerated text is what was checked', () => {
    expect(harness.alerts).toEqual([])
  })
})

describe('definitions', () => {
  const blue = { dialect: 'blue' } as const

  test('a table has the types of BLUE, and keeps to their lengths', async () => {
    await rowsOf(
      `CREATE TABLE sales.typed (a TINYINT NOT NULL, b TEXT(3) CHECK('CS "dict"'), c FLOAT DEFAULT 1.5, d BIT NULL,
         e NUMERIC, f NUMERIC(10, 2), g INT[2], h NUMBER, i DATETIME, j NVARCHAR(2)) CLUSTER BY a, b`,
    )
    const { engine } = harness
    const columns = await engine.run(
      `SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'typed' ORDER BY column_index`,
    )
    expect(columns).toEqual([
      ['a', 'UTINYINT'],
      ['b', 'VARCHAR'],
      ['c', 'DOUBLE'],
      ['d', 'BOOLEAN'],
      ['e', 'DECIMAL(38,0)'],
      ['f', 'DECIMAL(10,2)'],
      ['g', 'INTEGER[]'],
      ['h', 'BIGINT'],
      ['i', 'TIMESTAMP'],
      ['j', 'VARCHAR'],
    ])
    await engine.run(
      `INSERT INTO master.sales.typed (a, b, g, j) VALUES (255, 'äöü', [1, 2], 'ab')`,
    )
    await engine.run(`INSERT INTO master.sales.typed (a, b, g) VALUES (0, NULL, [])`)
    await expect(
      engine.run(`INSERT INTO master.sales.typed (a, b) VALUES (0, 'abcd')`),
    ).rejects.toThrow(/CHECK/)
    await expect(
      engine.run(`INSERT INTO master.sales.typed (a, g) VALUES (0, [1, 2, 3])`),
    ).rejects.toThrow(/CHECK/)
    await expect(engine.run(`INSERT INTO master.sales.typed (a) VALUES (256)`)).rejects.toThrow(
      /out of range/,
    )
    await expect(engine.run(`INSERT INTO master.sales.typed (a) VALUES (-1)`)).rejects.toThrow(
      /out of range/,
    )
  })

  test('a view is kept in the meaning that it had when it was made', async () => {
    await rowsOf('CREATE VIEW sales.halves AS SELECT id / 2 AS half, LOG(id) AS l FROM flights')
    expect(await harness.run('SELECT half FROM sales.halves WHERE l = 0')).toEqual([['0']])
  })

  test('so is a function', async () => {
    await rowsOf(
      `CREATE FUNCTION half_of(x INT, y FLOAT) RETURNS FLOAT AS $$ SELECT (x / 2) + LOG(y) + LEN('a ') $$ LANGUAGE SQL`,
    )
    expect(await harness.run('SELECT half_of(7, 1)')).toEqual([['4']])
    const refusal = await harness.refusal(
      'CREATE FUNCTION worse() RETURNS INT AS $$ SELECT nothing + LOG(1) $$ LANGUAGE SQL',
      blue,
    )
    expect(refusal).toMatchObject({ kind: 'undefined_column' })
  })

  test('writes mean what BLUE means', async () => {
    await rowsOf('CREATE TABLE sales.written (a INT, b FLOAT)')
    const superuser = testAuthority(harness.catalog, [], { superuser: true })
    const ask = { dialect: 'blue', authority: superuser } as const
    await harness.run(`INSERT INTO sales.written VALUES (7 / 2, LOG(1)), (NULL, 1.5)`, ask)
    await harness.run(
      `INSERT INTO sales.written SELECT TOP 1 a, 2. FROM sales.written ORDER BY a`,
      ask,
    )
    await harness.run(`UPDATE sales.written SET a = 9 / 2 WHERE b = 1.5`, ask)
    await harness.run(
      `DELETE FROM sales.written WHERE a = 10 / 3 AND CAST(b AS TEXT) LIKE '[0-9]%'`,
      ask,
    )
    expect(await harness.run('SELECT a, b FROM sales.written ORDER BY b', ask)).toEqual([
      ['4', '1.5'],
      ['null', '2'],
    ])
  })

  test('columns are changed with the types of BLUE', async () => {
    await rowsOf('CREATE TABLE sales.altered (a INT, b INT)')
    const superuser = testAuthority(harness.catalog, [], { superuser: true })
    const ask = { dialect: 'blue', authority: superuser } as const
    await harness.run('ALTER TABLE sales.altered ADD COLUMN c FLOAT DEFAULT 1.5, d TINYINT', ask)
    await harness.run('ALTER TABLE sales.altered ALTER COLUMN a TYPE NUMBER', ask)
    const columns = await harness.engine.run(
      `SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'altered' ORDER BY 1`,
    )
    expect(columns).toEqual([
      ['a', 'BIGINT'],
      ['b', 'INTEGER'],
      ['c', 'DOUBLE'],
      ['d', 'UTINYINT'],
    ])
  })
})
