/**
 * What the manual shows of the dialect beside its functions, each with what the real engine gives: what is
 * written in another way, what is left as it is, and what is refused. The tests run all of it.
 */
import { example } from './blue-function.ts'
import type { Example } from './blue-function.ts'

/** Expressions that mean something else in the engine. */
export interface SyntaxRow {
  readonly written: string
  readonly meaning: string
  readonly examples: readonly Example[]
}

export const EXPRESSIONS: readonly SyntaxRow[] = [
  {
    written: '`7 / 2`',
    meaning: 'of whole numbers is a whole number, cut towards zero',
    examples: [
      example('7 / 2', '3', 'INTEGER'),
      example('-7 / 2', '-3', 'INTEGER'),
      example('7 / 2.0', '3.5', 'DOUBLE'),
      example('CAST(7 AS NUMERIC(10, 2)) / 2', '3.5', 'DOUBLE'),
      example('7 / 0', null, 'INTEGER'),
      example('8 / 2 / 2', '2', 'INTEGER'),
      example('7 /-2', '-3', 'INTEGER'),
    ],
  },
  {
    written: '`3.14`, `12.`, `.5`, `1e5`',
    meaning: 'is a `DOUBLE`; a whole number is an `INT`, a `BIGINT`, or else a `DOUBLE`',
    examples: [
      example('3.14', '3.14', 'DOUBLE'),
      example('12.', '12.0', 'DOUBLE'),
      example('.5', '0.5', 'DOUBLE'),
      example('1e5', '100000.0', 'DOUBLE'),
      example('2147483648', '2147483648', 'BIGINT'),
      example('9223372036854775808', '9.223372036854776e+18', 'DOUBLE'),
    ],
  },
  {
    written: '`a[0]`',
    meaning: 'is the first item of an array; what is not there is NULL',
    examples: [
      example('(ARRAY[7, 8, 9])[0]', '7', 'INTEGER'),
      example('(ARRAY[7, 8, 9])[1 + 1]', '9', 'INTEGER'),
      example('(ARRAY[7, 8, 9])[3]', null, 'INTEGER'),
      example('(ARRAY[7, 8, 9])[-2]', null, 'INTEGER'),
      example('(ARRAY[ARRAY[1, 2], ARRAY[3, 4]])[1][0]', '3', 'INTEGER'),
    ],
  },
  {
    written: `\`x [NOT] LIKE 'p'\``,
    meaning:
      'knows `%`, `_`, classes such as `[A-Z]` and `[^a]`, and `\\` before a character that means itself',
    examples: [
      example(`'Abc' LIKE '[A-Z]%'`, 'true', 'BOOLEAN'),
      example(`'abc' LIKE '[A-Z]%'`, 'false', 'BOOLEAN'),
      example(`'abc' NOT LIKE '[^a]_c'`, 'true', 'BOOLEAN'),
      example(`'ab_c' LIKE 'ab\\_c'`, 'true', 'BOOLEAN'),
      example(`'abxc' LIKE 'ab\\_c'`, 'false', 'BOOLEAN'),
      example(`'a.c' LIKE 'a.[c]'`, 'true', 'BOOLEAN'),
      example(`'axc' LIKE 'a.[c]'`, 'false', 'BOOLEAN'),
      example(`'a' || 'Bc' LIKE 'a[B]%'`, 'true', 'BOOLEAN'),
      example(`CAST(NULL AS TEXT) LIKE '[a]'`, null, 'BOOLEAN'),
    ],
  },
  {
    written: `\`x [NOT] RLIKE 'regex'\``,
    meaning: 'is true where the regular expression is found somewhere',
    examples: [
      example(`'xabc' RLIKE 'ab|z'`, 'true', 'BOOLEAN'),
      example(`'xabc' RLIKE '^ab'`, 'false', 'BOOLEAN'),
      example(`'xabc' NOT RLIKE 'c$'`, 'false', 'BOOLEAN'),
      example(`E'a\\nb' RLIKE '^b'`, 'false', 'BOOLEAN'),
      example(`'ABC' RLIKE '(?i)b'`, 'true', 'BOOLEAN'),
    ],
  },
  {
    written: '`CAST(x AS type)`, `x::type`',
    meaning: 'with the types below',
    examples: [
      example('CAST(200 AS TINYINT)', '200', 'UTINYINT'),
      example('200::TINYINT', '200', 'UTINYINT'),
      example(`CAST('7' AS NUMBER)`, '7', 'BIGINT'),
      example('CAST(1.25 AS FLOAT)', '1.25', 'DOUBLE'),
      example('CAST(2.6 AS NUMERIC)', '3', 'DECIMAL(38,0)'),
      example('CAST(2.345 AS NUMERIC(10, 1))', '2.3', 'DECIMAL(10,1)'),
      example(`NUMERIC '2.6'`, '3', 'DECIMAL(38,0)'),
      example('CAST(1 AS BIT)', 'true', 'BOOLEAN'),
      example(`CAST('abc' AS TEXT(3))`, 'abc', 'VARCHAR'),
      example(`TRY_CAST('abcd' AS VARCHAR(3))`, null, 'VARCHAR'),
      example(`CAST(NULL AS TEXT(3))`, null, 'VARCHAR'),
      example(`CAST('x' AS NATIONAL CHARACTER VARYING)`, 'x', 'VARCHAR'),
      example(`CAST('2024-02-29' AS DATETIME)`, '2024-02-29 00:00:00', 'TIMESTAMP'),
      example('CAST(ARRAY[1, 2] AS FLOAT[])', '[1.0, 2.0]', 'DOUBLE[]'),
    ],
  },
]

/** What BLUE and the engine agree on. */
export const UNCHANGED: readonly Example[] = [
  example(`CHAR_LENGTH('é💡 ')`, '3', 'BIGINT'),
  example(`CHARACTER_LENGTH('abc')`, '3', 'BIGINT'),
  example('CHR(233)', 'é', 'VARCHAR'),
  example(`ASCII('A')`, '65', 'INTEGER'),
  example(`'a' || 'b'`, 'ab', 'VARCHAR'),
  example(`CONCAT('a', 'b')`, 'ab', 'VARCHAR'),
  example(`LOWER('É')`, 'é', 'VARCHAR'),
  example(`UPPER('é')`, 'É', 'VARCHAR'),
  example(`LTRIM('  a ')`, 'a ', 'VARCHAR'),
  example(`RTRIM(' a  ')`, ' a', 'VARCHAR'),
  example(`TRIM('  a ')`, 'a', 'VARCHAR'),
  example(`REPLACE('abab', 'b', 'c')`, 'acac', 'VARCHAR'),
  example(`REVERSE('abc')`, 'cba', 'VARCHAR'),
  example(`SUBSTRING('abcd', 2, 2)`, 'bc', 'VARCHAR'),
  example('ABS(-3)', '3', 'INTEGER'),
  example('CEILING(1.2)', '2.0', 'DOUBLE'),
  example('FLOOR(-1.2)', '-2.0', 'DOUBLE'),
  example('ROUND(2.5)', '3.0', 'DOUBLE'),
  example('ROUND(-2.5)', '-3.0', 'DOUBLE'),
  example('ROUND(2.345, 2)', '2.35', 'DOUBLE'),
  example('LOG10(1000)', '3.0', 'DOUBLE'),
  example('EXP(0)', '1.0', 'DOUBLE'),
  example('SQRT(9)', '3.0', 'DOUBLE'),
  example('ROUND(PI(), 4)', '3.1416', 'DOUBLE'),
  example('DEGREES(PI())', '180.0', 'DOUBLE'),
  example('ROUND(RADIANS(180), 4)', '3.1416', 'DOUBLE'),
  example('ROUND(SIN(0) + COS(0) + TAN(0) + COT(1), 4)', '1.6421', 'DOUBLE'),
  example('ASIN(0) + ATAN(0) + ROUND(ACOS(0), 4)', '1.5708', 'DOUBLE'),
  example('POWER(2, 10)', '1024.0', 'DOUBLE'),
  example('MOD(-7, 3)', '-1', 'INTEGER'),
  example('-7 % 3', '-1', 'INTEGER'),
  example('XOR(5, 3)', '6', 'INTEGER'),
  example('5 & 3', '1', 'INTEGER'),
  example('5 | 3', '7', 'INTEGER'),
  example('~5', '-6', 'INTEGER'),
  example('1 << 4', '16', 'INTEGER'),
  example('16 >> 2', '4', 'INTEGER'),
  example('COALESCE(NULL, 2)', '2', 'INTEGER'),
  example('CASE WHEN 1 = 1 THEN 2 ELSE 3 END', '2', 'INTEGER'),
  example(`CAST(TRUE AS INT)`, '1', 'INTEGER'),
  example(`CAST('true' AS BOOL)`, 'true', 'BOOLEAN'),
  example('ARRAY[1, 2] || ARRAY[3]', '[1, 2, 3]', 'INTEGER[]'),
  example('ARRAY_LENGTH(ARRAY[1, 2])', '2', 'BIGINT'),
  example(`$$it's$$`, "it's", 'VARCHAR'),
  example(`$t$a $$ b$t$`, 'a $$ b', 'VARCHAR'),
  example(`E'a\\tb\\u00e9\\\\'`, 'a\tbé\\', 'VARCHAR'),
  example(`'it''s'`, "it's", 'VARCHAR'),
]

/** A statement that is refused by name, and why. */
export interface RefusedRow {
  readonly statement: string
  readonly why: string
}

export const REFUSED: readonly RefusedRow[] = [
  { statement: 'SELECT 2 ^ 3', why: 'BLUE does not say what it means: `POWER` or `XOR`' },
  {
    statement: `SELECT DATEDIFF(WEEK, DATE '2024-01-01', DATE '2024-02-01')`,
    why: 'BLUE does not say with which day a week begins; `TRUNC(d, WEEK)` too',
  },
  {
    statement: `SELECT 'a' LIKE CONCAT('a', '%')`,
    why: 'a pattern is one string, written out; `RLIKE` and `REGEXP_…` too',
  },
  {
    statement: `SELECT 'a' LIKE '[a'`,
    why: 'a class that is empty, has no end, or runs backwards',
  },
  {
    statement: `SELECT 'a' LIKE '[a]!' ESCAPE '!'`,
    why: 'classes and another escape character than `\\`',
  },
  {
    statement: `SELECT REGEXP_REPLACE('a', 'a', 'b', 2)`,
    why: 'another start or occurrence than 1 and 0',
  },
  { statement: 'SELECT (ARRAY[1, 2])[0:1]', why: 'slices of arrays' },
  { statement: 'UPDATE t SET l[0] = 1', why: 'set the whole array' },
  {
    statement: `SELECT ARRAY_POSITION(ARRAY[1], 1)`,
    why: 'BLUE does not say whether places begin with 0 or 1',
  },
  { statement: `SELECT CRC64('a')`, why: 'BLUE does not say which checksum it is' },
  { statement: `SELECT 'a'::TEXT(3)`, why: `write \`CAST('a' AS TEXT(3))\`` },
  {
    statement: 'SELECT CAST(ARRAY[1] AS INT[3])',
    why: 'a cast does not bound the items; a column does',
  },
  { statement: 'SELECT CAST(1 AS FLOAT(24))', why: 'types take just what the table of types says' },
  { statement: `SELECT E'\\x41'`, why: 'octal and hexadecimal escapes, which BLUE does not have' },
  { statement: 'SELECT TOP 5 a FROM t LIMIT 3', why: 'one of them' },
  { statement: 'CREATE TABLE u LIKE t', why: 'write the columns' },
  {
    statement: 'ALTER TABLE t CLUSTER BY a',
    why: '`CREATE TABLE … CLUSTER BY` is taken, without effect',
  },
  {
    statement: 'ALTER TABLE t ADD COLUMN d TEXT(3)',
    why: 'a column with a length, in `CREATE TABLE` alone',
  },
  {
    statement: `SELECT EXPLAIN('SELECT 1') || 'a'`,
    why: '`GET_DDL`, `EXPLAIN`, `EXECUTE_SAVED_QUERY` and their like are called by a SELECT of their own',
  },
  {
    statement: 'ANALYZE TABLE t COMPUTE STATISTICS FOR ALL COLUMNS',
    why: 'the engine keeps its own',
  },
  { statement: `STATISTICS REQUEST STATUS queryId '1'`, why: 'the engine keeps its own' },
]
