/**
 * Facts of the engine that the gate's method stands on (spec/security-design.md, sections 2 to 5):
 * which way of asking it about a statement tells what, which names lie, what is shared between
 * connections. One that fails after an upgrade is news: look up what was built on it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { runInChild } from './testing/run-in-child.ts'
import { openTestConnection, openTestDatabase } from './testing/test-database.ts'
import type { TestDatabase } from './testing/test-database.ts'

let database: TestDatabase
let connection: DuckDbConnection

beforeAll(() => {
  database = openTestDatabase({ max_expression_depth: '250' })
  connection = database.connection
  connection.execute(`CREATE TABLE hidden AS SELECT 'canary' AS secret, 1 AS id;
    CREATE TABLE shown AS SELECT 1 AS id, 2 AS other; CREATE VIEW over_hidden AS FROM hidden`)
})
afterAll(() => database.close())

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
const ask = (call: string, text: string): string =>
  String(connection.rows(`SELECT ${call}(${literal(text)})::VARCHAR`)[0]?.[0])
const tree = (text: string): string => ask('json_serialize_sql', text)
const plan = (text: string): string => ask('json_serialize_plan', text)

function other<T>(work: (connection: DuckDbConnection) => T): T {
  const second = openTestConnection(database.address)
  try {
    return work(second)
  } finally {
    second.close()
  }
}

describe('the tree (section 2)', () => {
  test.each([
    'SELECT 1',
    'FROM shown',
    'VALUES (1)',
    'TABLE shown',
    'DESCRIBE shown',
    'SHOW TABLES',
  ])('is given for %s', (text) => expect(tree(text)).toContain('"error":false'))

  test.each([
    'INSERT INTO shown VALUES (1, 2)',
    'UPDATE shown SET id = 1',
    'DELETE FROM shown',
    'CREATE TABLE x AS FROM shown',
    "COPY shown TO 'x'",
    'EXPLAIN SELECT 1',
    'CALL pragma_version()',
    'SET threads = 1',
    'PIVOT shown ON id',
  ])('is refused for %s', (text) => expect(tree(text)).toContain('"error":true'))

  test('of several statements has them all, and of an empty text none, without an error', () => {
    const { statements } = JSON.parse(tree('SELECT 1; SELECT 2')) as { statements: unknown[] }
    expect(statements).toHaveLength(2)
    expect(tree('')).toMatch(/"error":false,"statements":\[\]/)
  })

  test('holds infinity as what is no JSON, and numbers that JSON.parse rounds', () => {
    expect(() => void JSON.parse(tree('SELECT 1e400'))).toThrow(SyntaxError)
    expect(tree('SELECT 9223372036854775807')).toContain('9223372036854775807')
  })

  test('without what is empty cannot be read back', () => {
    const bare = `json_serialize_sql('SELECT 1', skip_null := true, skip_empty := true)`
    expect(() => connection.rows(`SELECT json_deserialize_sql(${bare})`)).toThrow(Error)
    expect(connection.rows(`SELECT json_deserialize_sql(json_serialize_sql('SELECT 1'))`)).toEqual([
      ['SELECT 1'],
    ])
  })
})

describe('the bound plan (section 2)', () => {
  test('shows tables behind views, and the columns behind a star and a row', () => {
    expect(plan('SELECT * FROM over_hidden')).toContain('"hidden"')
    expect(plan('SELECT s FROM shown s')).toMatch(/"column_indexes":\[\{"index":0.*\{"index":1/)
  })

  test('shows a table in a branch that never runs, which EXPLAIN has optimized away', () => {
    const text = 'SELECT 1 WHERE false AND EXISTS (FROM hidden)'
    expect(plan(text)).toContain('"hidden"')
    expect(String(connection.rows(`EXPLAIN ${text}`))).not.toContain('hidden')
  })

  test('is given for writes, and takes parameters', () => {
    expect(plan('INSERT INTO shown SELECT 1, 2 FROM hidden')).toContain('"hidden"')
    expect(plan('SELECT id FROM shown WHERE id = $1')).toContain('"shown"')
  })

  test.each([
    ['a CTE that is not used', 'WITH unused AS (FROM hidden) SELECT 1'],
    ['what DESCRIBE describes', 'SELECT * FROM (DESCRIBE hidden)'],
  ])('misses %s: the tree must be checked too', (_, text) => {
    expect(plan(text)).not.toContain('"table":"hidden"')
    expect(tree(text)).toContain('hidden')
  })

  test('has no name of a variable that it read: the tree must be checked too', () => {
    connection.execute("SET VARIABLE spied = 'canary'")
    const text = "SELECT getvariable('spied')"
    expect(plan(text)).not.toContain('getvariable')
    expect(tree(text)).toContain('getvariable')
  })

  test('opens files while it binds: the tree must be checked first', () => {
    expect(plan("SELECT * FROM read_csv('/nosuch/file.csv')")).toContain('/nosuch/file.csv')
  })
})

describe('names that lie (section 3)', () => {
  test('a temporary table takes the place of a table of one and of two parts, not of three', () => {
    other((session) => {
      session.execute('CREATE TEMP TABLE shown AS SELECT 99 AS id')
      expect(session.rows('SELECT id FROM shown')).toEqual([['99']])
      expect(session.rows('SELECT id FROM main.shown')).toEqual([['99']])
      expect(session.rows('SELECT id FROM memory.main.shown')).toEqual([['1']])
    })
  })

  test('a macro takes the place of a function or an operator, for every connection', () => {
    connection.execute('CREATE MACRO upper(x) AS \'taken\'; CREATE MACRO "+"(a, b) AS 42')
    other((session) => expect(session.rows("SELECT upper('x'), 1 + 1")).toEqual([['taken', '42']]))
    connection.execute('DROP MACRO upper; DROP MACRO "+"')
    expect(connection.rows("SELECT upper('x'), 1 + 1")).toEqual([['X', '2']])
  })

  test('a schema named like a database makes names of two parts ambiguous for everybody', () => {
    connection.execute("ATTACH ':memory:' AS twin; CREATE TABLE twin.t(a INTEGER)")
    other((session) => expect(session.rows('FROM twin.t')).toEqual([]))
    connection.execute('CREATE SCHEMA twin')
    other((session) => expect(() => session.rows('FROM twin.t')).toThrow(/[Aa]mbiguous/))
    connection.execute('DROP SCHEMA memory.twin; DETACH twin')
  })

  test('names fold case, and letters of full width are other letters', () => {
    expect(connection.rows('SELECT ID FROM SHOWN')).toEqual([['1']])
    expect(() => connection.rows('SELECT id FROM ｓhown')).toThrow(Error)
  })

  test('spaces beyond ASCII separate words', () => {
    expect(connection.rows('SELECT\u00a0id\u2003FROM\u3000shown')).toEqual([['1']])
  })
})

describe('what a transaction and a connection see (section 3)', () => {
  test('an open transaction goes on with the table that had the name when it began', () => {
    connection.execute('CREATE TABLE swapped AS SELECT 1 AS a')
    other((session) => {
      session.execute('BEGIN; FROM swapped')
      connection.execute(
        'ALTER TABLE swapped RENAME TO before; CREATE TABLE swapped AS SELECT 2 AS a',
      )
      expect(session.rows('SELECT a FROM swapped')).toEqual([['1']])
      session.execute('ROLLBACK')
      expect(session.rows('SELECT a FROM swapped')).toEqual([['2']])
    })
  })

  test('sequences and secrets are everybody’s; variables and prepared names are one’s own', () => {
    connection.execute("CREATE SEQUENCE counted; SELECT nextval('counted')")
    connection.execute('SET VARIABLE own = 1; PREPARE mine AS SELECT 1')
    other((session) => {
      expect(session.rows("SELECT currval('counted')")).toEqual([['1']])
      expect(session.rows("SELECT getvariable('own')")).toEqual([[null]])
      expect(() => session.execute('EXECUTE mine')).toThrow(Error)
    })
  })

  test('stats() tells the least and greatest value of a whole table, whatever is filtered', () => {
    const text = 'SELECT stats(id)::VARCHAR FROM (SELECT id FROM shown WHERE id < 0 OR id = 1)'
    expect(String(connection.rows(text))).toContain('Max: 1')
  })
})

describe('what errors tell (section 3)', () => {
  /** All of it: the engine's own words are in the cause. */
  const toldOf = (sql: string): string => {
    try {
      connection.rows(sql)
    } catch (error) {
      const { message, hint, cause } = error as Error & { hint?: string }
      return [message, hint, cause].map(String).join(' ')
    }
    throw new Error('it was answered')
  }

  test('names of tables and columns that are near, and values', () => {
    expect(toldOf('FROM hiddem')).toContain('hidden')
    expect(toldOf('SELECT secrets FROM hidden')).toContain('secret"')
    expect(toldOf('SELECT secret::INTEGER FROM hidden')).toContain('canary')
  })
})

describe('what the lock leaves open (section 4)', () => {
  const LOCK = 'SET GLOBAL enable_external_access = false; SET GLOBAL lock_configuration = true'

  test.each([
    'PRAGMA enable_profiling',
    "PRAGMA add_parquet_key('k', '0123456789112345')",
    'PRAGMA disable_checkpoint_on_shutdown',
    'CALL disable_logging()',
    'CALL truncate_duckdb_logs()',
    "ATTACH ':memory:' AS a; ATTACH ':memory:' AS b; COPY FROM DATABASE a TO b; DETACH a",
  ])('%s', (sql) => {
    const { output } = runInChild(`
      connection.execute(${JSON.stringify(LOCK)})
      console.log('is ' + attempt(${JSON.stringify(sql)}))
      process.kill(process.pid, 'SIGKILL')`)
    expect(output).toContain('is ok')
  })

  test('getenv does not exist', () => {
    expect(() => connection.rows("SELECT getenv('PATH')")).toThrow(Error)
  })
})
