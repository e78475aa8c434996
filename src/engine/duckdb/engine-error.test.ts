import { afterAll, beforeAll, expect, test } from 'vitest'
import { GatewayError } from '../../base/gateway-error.ts'
import type { ErrorKind } from '../../base/gateway-error.ts'
import { engineError, isFatal } from './engine-error.ts'
import { openTestConnection, openTestDatabase } from './testing/test-database.ts'
import type { TestDatabase } from './testing/test-database.ts'

let database: TestDatabase
beforeAll(() => {
  database = openTestDatabase({ max_expression_depth: '250' })
  database.connection.execute(`
    CREATE TABLE t(a INTEGER PRIMARY KEY, b VARCHAR NOT NULL, c INTEGER CHECK (c > 0), d INTEGER UNIQUE);
    CREATE TABLE child(x INTEGER REFERENCES t(a));
    CREATE TABLE other(a INTEGER, b INTEGER);
    CREATE VIEW v AS SELECT 1 AS z;
    CREATE SCHEMA s;
    CREATE SEQUENCE sq;
    CREATE SEQUENCE short MAXVALUE 2 START 2;
    SELECT nextval('short');
    CREATE TYPE mood AS ENUM ('a', 'b');
    CREATE MACRO m(x) AS x + 1;
    CREATE INDEX ix ON other(a);
    INSERT INTO t VALUES (1, 'x', 1, 1);
    INSERT INTO child VALUES (1);
    INSERT INTO other VALUES (1, 1)`)
})
afterAll(() => database.close())

/** On a connection of its own, so that an aborted transaction ends with it. */
function failureOf(sql: string): GatewayError {
  const connection = openTestConnection(database.address)
  try {
    connection.execute(sql)
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  } finally {
    connection.close()
  }
  throw new Error(`no error: ${sql}`)
}

const kinds: readonly (readonly [sql: string, kind: ErrorKind])[] = [
  ['selec 1', 'syntax_error'],
  ["SELECT 'unterminated", 'syntax_error'],
  ['VALUES (1), (1, 2)', 'syntax_error'],
  ['INSERT INTO t VALUES (1)', 'syntax_error'],
  ['SELECT (SELECT 1, 2)', 'syntax_error'],
  ['SELECT nope FROM t', 'undefined_column'],
  ['SELECT nope', 'undefined_column'],
  ['SELECT t.nope FROM t', 'undefined_column'],
  ['SELECT * EXCLUDE (nope) FROM t', 'undefined_column'],
  ['INSERT INTO t(nope) VALUES (1)', 'undefined_column'],
  ['UPDATE t SET nope = 1', 'undefined_column'],
  ['ALTER TABLE t DROP COLUMN nope', 'undefined_column'],
  ["SELECT {'a': 1}.b", 'undefined_column'],
  ['CREATE TABLE g(a INTEGER GENERATED ALWAYS AS (b))', 'undefined_column'],
  ['SELECT a FROM t, other', 'ambiguous_column'],
  ['SELECT * FROM t JOIN t ON true', 'duplicate_object'],
  ['SELECT * FROM nosuch', 'undefined_table'],
  ['SELECT nosuch.a FROM t', 'undefined_table'],
  ['SELECT * FROM nosuch.t', 'undefined_table'],
  ['DROP VIEW nosuch', 'undefined_table'],
  ["SELECT nextval('nosuch')", 'undefined_table'],
  ['SELECT * FROM nosuch.s.t', 'invalid_catalog_name'],
  ['DETACH nosuch', 'invalid_catalog_name'],
  ['CHECKPOINT nosuch', 'invalid_catalog_name'],
  ['CREATE TABLE nosuch.x(a INTEGER)', 'invalid_schema_name'],
  ['DROP SCHEMA nosuch', 'invalid_schema_name'],
  ['USE nosuch', 'invalid_schema_name'],
  ['SELECT nosuch(1)', 'undefined_function'],
  ['SELECT * FROM nosuch(1)', 'undefined_function'],
  ['CALL nosuch()', 'undefined_function'],
  ['PRAGMA nosuch', 'undefined_function'],
  ["SELECT sum('x'::VARCHAR)", 'undefined_function'],
  ["SELECT 'a' + [1]", 'undefined_function'],
  ['SELECT m(1, 2)', 'undefined_function'],
  ["SELECT -'x'", 'ambiguous_function'],
  ["SELECT 'a'::nosuch", 'undefined_object'],
  ["SELECT 'a' COLLATE nosuch", 'undefined_object'],
  ['SET nosuch = 1', 'undefined_object'],
  ['EXECUTE nosuch', 'invalid_statement_name'],
  ['CREATE TABLE t(a INTEGER)', 'duplicate_table'],
  ['CREATE VIEW v AS SELECT 1', 'duplicate_table'],
  ['CREATE SEQUENCE sq', 'duplicate_table'],
  ['CREATE INDEX ix ON other(a)', 'duplicate_table'],
  ['ALTER VIEW v RENAME TO t', 'duplicate_table'],
  ['CREATE SCHEMA s', 'duplicate_schema'],
  ["CREATE TYPE mood AS ENUM ('x')", 'duplicate_object'],
  ['CREATE MACRO m(x) AS x', 'duplicate_object'],
  ["ATTACH ':memory:' AS memory", 'duplicate_database'],
  ['CREATE TABLE u(a INTEGER, a INTEGER)', 'duplicate_column'],
  ['ALTER TABLE t ADD COLUMN b INTEGER', 'duplicate_column'],
  ['INSERT INTO other(a, a) VALUES (1, 2)', 'duplicate_column'],
  ['SELECT a, count(*) FROM t', 'grouping_error'],
  ['SELECT 1 AS a HAVING c', 'grouping_error'],
  ['SELECT 1 FROM t WHERE sum(a) > 1', 'grouping_error'],
  ['SELECT sum(sum(a)) FROM t', 'grouping_error'],
  ['SELECT 1 ORDER BY 5', 'invalid_column_reference'],
  ['SELECT unnest(1)', 'datatype_mismatch'],
  ['SELECT [1]::INTEGER', 'cannot_coerce'],
  ['SELECT array_value(1, 2)::INTEGER[3]', 'cannot_coerce'],
  ['INSERT INTO v VALUES (1)', 'object_not_in_prerequisite_state'],
  ['DROP TABLE v', 'object_not_in_prerequisite_state'],
  ["SELECT currval('sq')", 'object_not_in_prerequisite_state'],
  ['DROP TABLE t', 'dependent_objects_still_exist'],
  ['CREATE TABLE s.q(a INTEGER); DROP SCHEMA s', 'dependent_objects_still_exist'],
  ['SELECT * FROM range(1) LIMIT -1', 'invalid_parameter_value'],
  ["SELECT now() AT TIME ZONE 'nosuch'", 'invalid_parameter_value'],
  ["SELECT 'x'::INTEGER", 'invalid_text_representation'],
  ["SELECT 'x'::BOOLEAN", 'invalid_text_representation'],
  ["SELECT 'zz'::mood", 'invalid_text_representation'],
  ["SELECT '{'::JSON", 'invalid_text_representation'],
  ["SELECT json('{')", 'invalid_text_representation'],
  ["SELECT 'x'::DATE", 'invalid_datetime_format'],
  ["SELECT 'x'::TIMESTAMP", 'invalid_datetime_format'],
  ["SELECT 'x'::INTERVAL", 'invalid_datetime_format'],
  ["SELECT '2020-13-45'::DATE", 'datetime_field_overflow'],
  ["SELECT '25:00:00'::TIME", 'datetime_field_overflow'],
  ['SELECT make_date(2020, 13, 1)', 'datetime_field_overflow'],
  ["SELECT '300'::TINYINT", 'numeric_value_out_of_range'],
  ['SELECT 300::TINYINT', 'numeric_value_out_of_range'],
  ['SELECT 12345.6::DECIMAL(3,1)', 'numeric_value_out_of_range'],
  [
    'SELECT (100.0::DECIMAL(6,2) + i)::DECIMAL(4,2) FROM range(1) t(i)',
    'numeric_value_out_of_range',
  ],
  ['SELECT 2147483647::INTEGER + 1::INTEGER', 'numeric_value_out_of_range'],
  ["SELECT DATE '2020-01-01' + INTERVAL '999999999 years'", 'numeric_value_out_of_range'],
  [String.raw`SELECT decode('\xff'::BLOB)`, 'character_not_in_repertoire'],
  ["SELECT repeat('x', 99999999999)", 'program_limit'],
  ['SELECT range(10000000000)', 'program_limit'],
  ["SELECT error('custom')", 'data_exception'],
  ["SELECT nextval('short')", 'sequence_limit'],
  ["INSERT INTO t VALUES (1, 'x', 1, 2)", 'unique_violation'],
  ["INSERT INTO t VALUES (2, 'x', 1, 1)", 'unique_violation'],
  ['INSERT INTO t VALUES (2, NULL, 1, 2)', 'not_null_violation'],
  ["INSERT INTO t VALUES (2, 'x', -1, 2)", 'check_violation'],
  ['INSERT INTO child VALUES (99)', 'foreign_key_violation'],
  ['DELETE FROM t', 'foreign_key_violation'],
  ['SELECT $1', 'protocol_violation'],
  ['COMMIT', 'no_active_transaction'],
  ['BEGIN; BEGIN', 'active_transaction'],
  ['BEGIN READ ONLY; CREATE TABLE z(a INTEGER)', 'read_only_transaction'],
  [
    "BEGIN; INSERT INTO other VALUES (1, 2); ATTACH ':memory:' AS second; CREATE TABLE second.x(a INTEGER)",
    'feature_not_supported',
  ],
  ['BEGIN; INSERT INTO t VALUES (3, NULL, 1, 3)', 'not_null_violation'],
  [`SELECT 1${' + 1'.repeat(300)}`, 'statement_too_complex'],
  ["SELECT * FROM read_csv('/nosuch/file')", 'io_error'],
  ['SELECT 1 FROM range(10) t(i) GROUP BY GROUPING SETS (i) QUALIFY nosuch', 'undefined_column'],
]

test.each(kinds)('%s → %s', (sql, kind) => {
  const error = failureOf(sql)
  expect({ kind: error.kind, cause: error.cause }).toMatchObject({ kind })
  expect(isFatal(error)).toBe(false)
})

test('the engine’s echo, its candidates and its advice stay out of the message', () => {
  const error = failureOf('SELECT nope\nFROM t')
  expect(error.message).toBe('Referenced column "nope" not found in FROM clause!')
  expect(error.position).toBe(8)
  expect(failureOf('SELECT * FROM othr').message).toBe('Table with name othr does not exist!')
  expect(failureOf("SELECT sum('x'::VARCHAR)").message).toBe(
    "No function matches the given name and argument types 'sum(VARCHAR)'. You might need to add explicit type casts.",
  )
  expect(failureOf('DELETE FROM t').message).not.toContain('documentation')
})

test('a path of the server stays out of the message and in the cause', () => {
  const error = failureOf("SELECT * FROM read_csv('/nosuch/file')")
  expect(error.message).toBe('No files found that match the pattern a file of the server')
  expect(String(error.cause)).toContain('/nosuch/file')
})

test('after a failed write the transaction answers nothing but its end', () => {
  const connection = openTestConnection(database.address)
  expect(() => connection.execute('BEGIN; INSERT INTO t VALUES (1, NULL, 1, 1)')).toThrow(
    GatewayError,
  )
  expect(() => connection.execute('SELECT 1')).toThrow(
    expect.objectContaining({ kind: 'failed_transaction' }),
  )
  connection.execute('ROLLBACK; SELECT 1')
  connection.close()
})

test('two writers of one row: the second fails with a serialization failure', () => {
  const { connection, address } = database
  connection.execute('BEGIN; UPDATE other SET b = 2')
  const second = openTestConnection(address)
  second.execute('BEGIN')
  expect(() => second.execute('UPDATE other SET b = 3')).toThrow(
    expect.objectContaining({ kind: 'serialization_failure' }),
  )
  connection.execute('ROLLBACK')
  second.close()
})

test('two inserts of one key at once: the later commit is a unique violation', () => {
  const { connection, address } = database
  connection.execute("BEGIN; INSERT INTO t VALUES (7, 'x', 1, 7)")
  const second = openTestConnection(address)
  second.execute("BEGIN; INSERT INTO t VALUES (7, 'x', 1, 7)")
  connection.execute('COMMIT')
  expect(() => second.execute('COMMIT')).toThrow(
    expect.objectContaining({ kind: 'unique_violation' }),
  )
  second.close()
})

test('what breaks the instance is internal, fatal, and shows nothing of its text', () => {
  for (const message of ['FATAL Error: database has been invalidated', 'INTERNAL Error: at 0x1']) {
    const error = engineError(message)
    expect(error.kind).toBe('internal')
    expect(error.message).not.toContain(message.slice(6))
    expect(isFatal(error)).toBe(true)
  }
  expect(isFatal(engineError('IO Error: x'))).toBe(false)
})

test('the number decides over the words, and words alone are enough', () => {
  expect(engineError('Interrupted!', 29).kind).toBe('cancelled')
  expect(engineError('INTERRUPT Error: Interrupted!').kind).toBe('cancelled')
  expect(engineError('no words at all').kind).toBe('internal')
  expect(engineError('Out of Memory Error: could not allocate block').kind).toBe('out_of_memory')
  expect(engineError('IO Error: Could not write: No space left on device').kind).toBe('disk_full')
})
