import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../base/gateway-error.ts'
import { tokenize } from '../lexer.ts'
import { readStatements } from '../read-statements.ts'
import type { Dialect } from '../dialect.ts'
import type { Statement } from '../statement.ts'
import type { Token } from '../token.ts'
import { BLUE_FUNCTIONS } from './calls.ts'

function rewritten(text: string): string | undefined {
  return readStatements(text, 'blue')[0]?.text
}

function refused(text: string): Partial<GatewayError> {
  try {
    readStatements(text, 'blue')
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown
  }
  throw new Error(`was taken: ${text}`)
}

test.each([
  // TOP
  ['select top 5 * from t', 'select   * from t LIMIT 5'],
  [
    'SELECT TOP 2 DISTINCT a FROM t ORDER BY a',
    'SELECT   DISTINCT a FROM t ORDER BY a NULLS FIRST LIMIT 2',
  ],
  ['select distinct top $1 a from t', 'select distinct   a from t LIMIT $1'],
  [
    'select top 1 a from t union select top 2 b from u order by 1',
    '(select   a from t LIMIT 1) union (select   b from u LIMIT 2) order by 1 NULLS FIRST',
  ],
  [
    'select a from (select top 1 a from t) x where a in (select top 2 b from u)',
    'select a from (select   a from t LIMIT 1) x where a in (select   b from u LIMIT 2)',
  ],
  [
    'insert into t select top 1 a from u returning a',
    'insert into t select   a from u LIMIT 1 returning a',
  ],
  [
    'insert into t select top 1 a from u on conflict do nothing',
    'insert into t select   a from u LIMIT 1 on conflict do nothing',
  ],
  [
    'create table n as select top 1 a from u with no data',
    'create table n as select   a from u LIMIT 1 with no data',
  ],
  ['select top 1 * except (a) from t', 'select   * except (a) from t LIMIT 1'],
  ['explain (format json) select a from t', 'explain (format json) select a from t'],
  ['explain select top 1 a from t', 'explain select   a from t LIMIT 1'],
  [
    'with x as (select top 1 a from t) select a from x',
    'with x as (select   a from t LIMIT 1) select a from x',
  ],
  // … and what is no TOP
  ['select top, a from t', 'select top, a from t'],
  ['select top from t', 'select top from t'],
  ['select top - 5 from t', 'select top - 5 AS "?column?" from t'],
  ['select t.top from t', 'select t.top from t'],
  ['select "top" from t', 'select "top" from t'],
  ["select 'top 5' as a from t", "select 'top 5' as a from t"],
  ['select a as top from t', 'select a as top from t'],
  ['select a /* top 5 */ from t', 'select a /* top 5 */ from t'],
  // the place of NULL
  [
    'select a from t order by a, b desc, c nulls last',
    'select a from t order by a NULLS FIRST, b desc NULLS LAST, c nulls last',
  ],
  ['select a from t order by a asc limit 3', 'select a from t order by a asc NULLS FIRST limit 3'],
  [
    'select a from t order by rows, t.limit, offset + 1',
    'select a from t order by rows NULLS FIRST, t.limit NULLS FIRST, offset + 1 NULLS FIRST',
  ],
  [
    'select sum(a) over (order by b rows between 1 preceding and current row) as s from t',
    'select sum(a) over (order by b NULLS FIRST rows between 1 preceding and current row) as s from t',
  ],
  [
    'select array_agg(a order by b desc) as l from t',
    'select array_agg(a order by b desc NULLS LAST) as l from t',
  ],
  [
    'select percentile_cont(0.5e0) within group (order by a) as p from t',
    "select percentile_cont(CAST('0.5e0' AS DOUBLE)) within group (order by a) as p from t",
  ],
  [
    'select a from t order by case when a then b end',
    'select a from t order by case when a then b end NULLS FIRST',
  ],
  // names of columns
  [
    'select count(*), count(*), a || b, a, t.a, a x, * from t',
    'select count(*) AS "count", count(*) AS "count0", a || b AS "?column?", a, t.a, a x, * from t',
  ],
  [
    'select case when a then b end, a / b, a is null from t',
    'select case when a then b end AS "?column?", a  //  b AS "?column?0", a is null AS "?column?1" from t',
  ],
  [
    'select sum(a) over (), count(a) filter (where b) from t',
    'select sum(a) over () AS "sum", count(a) filter (where b) AS "count" from t',
  ],
  ['select "A", "A" "B", t.* from t', 'select "A", "A" "B", t.* from t'],
  // calls, and what only looks like one
  ['select log(x) l from log', 'select ln(x) l from log'],
  ['insert into log (a) values (log(2))', 'insert into log (a) values (ln(2))'],
  ['select "log"(2) l, t.log(2) m', 'select "log"(2) l, t.log(2) m'],
  [
    "select 'log(2)' l, $$log(2)$$ m, $log$log(2)$log$ n -- log(2)",
    "select 'log(2)' l, $$log(2)$$ m, $log$log(2)$log$ n",
  ],
  [
    'with log (a) as (select 1 a) select a from log',
    'with log (a) as (select 1 a) select a from log',
  ],
  [
    'create view len (a) as select len(b) from t',
    `create view len (a) as select length(rtrim(b, ' ')) AS "len" from t`,
  ],
  ['select a from t log (a)', 'select a from t log (a)'],
  ['select a from t left join u on log(a) = 1', 'select a from t left join u on ln(a) = 1'],
  ['select top 1 log(a) l from t', 'select   ln(a) l from t LIMIT 1'],
  ['select day, year, n from t', 'select day, year, n from t'],
  [
    'select datediff(day, day, "day") d from t',
    `select CAST(date_diff('day',  day,  "day") AS INTEGER) d from t`,
  ],
  [
    'select extract(n from n) n from t',
    `select CAST(date_part('minute', CAST(  n AS TIME)) AS INTEGER) n from t`,
  ],
  [
    'select t.sysdate, a as sysdate, a sysdate from t',
    'select t.sysdate, a as sysdate, a sysdate from t',
  ],
  ['select a isnull b from t where a isnull', 'select a isnull b from t where a isnull'],
  // LIKE
  [`select a from t where b like 'x%'`, `select a from t where b like 'x%'`],
  [`select a from t where b like 'x\\%'`, `select a from t where b like 'x\\%' ESCAPE '\\'`],
  [
    `select a from t where b like 'x!%' escape '!'`,
    `select a from t where b like 'x!%' escape '!'`,
  ],
  [
    `select a from t where b not like '[x''\\]%'`.replace('\\', ''),
    `select a from t where b  !~ '(?s)[x''].*'`,
  ],
  // types
  [
    'select a::bit b, a::float::numeric c from t',
    'select a::BOOLEAN b, a::DOUBLE::DECIMAL(38, 0) c from t',
  ],
  ['select a::int[] b, float, "float" from t', 'select a::INTEGER[] b, float, "float" from t'],
  [
    `create table t (a tinyint not null, "b""" text(5) check('CS "p4d"'), c float[3], text text, check (a > 1)) cluster by a, c`,
    `create table t (a UTINYINT not null, "b""" VARCHAR CHECK (length("b""") <= 5) , c DOUBLE[] CHECK (len("c") <= 3), text VARCHAR, check (a > 1))`,
  ],
  ['alter table t add column a float, b bit', 'alter table t add column a DOUBLE, b BOOLEAN'],
  [
    'alter table t alter column c set data type number',
    'alter table t alter column c set data type BIGINT',
  ],
  [
    'create function f(x float, y tinyint) returns number as $$ select log(x) / y $$ language sql',
    'create function f(x DOUBLE, y UTINYINT) returns BIGINT as $blue1$select ln(x)  //  y$blue1$ language sql',
  ],
  [
    "create function f() returns int as ' select log(1) + len(''$blue1$'')' language sql",
    "create function f() returns INTEGER as $blue2$select ln(1) + length(rtrim('$blue1$', ' '))$blue2$ language sql",
  ],
  // operators and numbers
  [
    'select a/-b c, a//b d, a / /* 1/2 */ b e from t',
    'select a // -b c, a//b d, a  //  /* 1/2 */ b e from t',
  ],
  [
    'select 1.5 a, 1. b, .5 c, 1e1 d, 0x1e e, 10 f',
    `select CAST('1.5' AS DOUBLE) a, CAST('1.' AS DOUBLE) b, CAST('.5' AS DOUBLE) c, CAST('1e1' AS DOUBLE) d, 0x1e e, 10 f`,
  ],
  [
    'select 9223372036854775807 a, 9223372036854775808 b',
    `select 9223372036854775807 a, CAST('9223372036854775808' AS DOUBLE) b`,
  ],
  [
    "select a[0] b, a[i] c, [1, 2] d, a[0][1] e, m['k'] f from t",
    "select a[1] b, a[greatest((i) + 1, 0)] c, [1, 2] d, a[1][2] e, m['k'] f from t",
  ],
  [
    'select a from t inner merge join u on true left loop join v on true',
    'select a from t inner  join u on true left  join v on true',
  ],
  [`select E'\\u00e9''' a, E'\\n' b`, `select 'é''' a, E'\\n' b`],
  // what names things alone
  ['truncate top', 'truncate top'],
  ['drop table log', 'drop table log'],
  ['copy log from stdin', 'copy log from stdin'],
])('%s', (text, becomes) => {
  expect(rewritten(text)).toBe(becomes)
})

describe('refused by name, with the place', () => {
  test.each([
    ['select a ^ 2', '^ is not supported in the dialect blue', 10],
    ['select datediff(wk, a, b)', 'DATEDIFF with WEEK is not supported in the dialect blue', 17],
    ['select trunc(a, week)', 'TRUNC with WEEK is not supported in the dialect blue', 17],
    [`select datediff('day', a, b)`, 'unit "day" not recognized', 17],
    ['select datediff(dow, a, b)', 'unit "dow" not recognized', 17],
    ['select datediff(a, b)', 'function datediff does not take these arguments', 8],
    ['select log(2, 8)', 'function log does not take these arguments', 8],
    [`select crc64('a')`, 'CRC64(…) is not supported in the dialect blue', 8],
    [`select 1, explain('a')`, 'EXPLAIN(…) is not supported in the dialect blue', 11],
    [`select get_ddl(t) || 'a', get_view_ddl(v)`, 'syntax error at or near "|"', 19],
    [`select 1, get_ddl(t)`, 'GET_DDL(…) is not supported in the dialect blue', 11],
    [
      'select a from t where a like b',
      'LIKE with a pattern that is not one string is not supported in the dialect blue',
      25,
    ],
    [
      `select a from t where a like '[a]' || 'b'`,
      'LIKE with a pattern that is not one string is not supported in the dialect blue',
      25,
    ],
    [
      `select a from t where a like '[a]'\n'%'`,
      'LIKE with a pattern that is not one string is not supported in the dialect blue',
      25,
    ],
    [
      `select a from t where a like '[a'`,
      'this pattern (a class that is empty or has no end) is not supported in the dialect blue',
      30,
    ],
    [`select a from t where a rlike 'a)(b'`, 'invalid regular expression', 31],
    [
      'select regexp_count(a, b)',
      'REGEXP_COUNT with a pattern that is not a string is not supported in the dialect blue',
      24,
    ],
    [
      `select regexp_replace(a, 'b', 'c', 2)`,
      'REGEXP_REPLACE with other than 1 here is not supported in the dialect blue',
      36,
    ],
    ['select a[1:2] from t', 'a slice of an array is not supported in the dialect blue', 9],
    [
      'update t set a[0] = 1',
      'SET of one item of an array is not supported in the dialect blue',
      15,
    ],
    [
      'select top 5 a from t limit 3',
      'TOP together with LIMIT or OFFSET is not supported in the dialect blue',
      23,
    ],
    [
      'select top ? a from t where b = ?',
      'TOP ? beside other parameters is not supported in the dialect blue',
      12,
    ],
    [`select 'é💡', a::text(5)`, ':: with TEXT(5) is not supported in the dialect blue', 15],
    ['select cast(a as int[3])', 'a cast to INT[3] is not supported in the dialect blue', 18],
    ['select cast(a as float(3))', 'the type FLOAT(3) is not supported in the dialect blue', 18],
    ['create table t like u', 'CREATE TABLE … LIKE is not supported in the dialect blue', 16],
    [
      'alter table t cluster by a',
      'ALTER TABLE … CLUSTER BY is not supported in the dialect blue',
      15,
    ],
    [
      'alter table t add column a text(3)',
      'TEXT(3) in ALTER TABLE is not supported in the dialect blue',
      28,
    ],
    [
      'create function f() returns int as $$ select 1 ^ 2 $$ language sql',
      '^ is not supported in the dialect blue',
      48,
    ],
    [`select E'\\x41'`, 'an octal or hexadecimal escape is not supported in the dialect blue', 8],
    ['select 1e999', '"1e999" is out of range for type double precision', 8],
    ['select 1; select a ^ 2', '^ is not supported in the dialect blue', 20],
  ])('%s', (text, message, position) => {
    expect(refused(text)).toMatchObject({ message, position })
  })
})

test('every argument stands in what a call becomes in its order, and once', () => {
  for (const { name, forms } of BLUE_FUNCTIONS) {
    for (const { becomes, plain } of forms) {
      const texts = typeof becomes === 'string' ? [becomes] : Object.values(becomes)
      for (const text of plain === undefined ? texts : [...texts, plain]) {
        const places = [...text.matchAll(/#(\d)/g)].map(([, place]) => Number(place))
        const inOrder = [...new Set(places)].toSorted((a, b) => a - b)
        expect({ name, places }).toEqual({ name, places: inOrder })
      }
    }
  }
})

describe('places', () => {
  function placeOf(text: string, found: string): string {
    const statement = readStatements(text, 'blue').at(-1)
    if (!statement?.written) throw new Error('not rewritten')
    const place = statement.written.placeOf(statement.text.indexOf(found))
    return statement.written.source.slice(place)
  }

  test('what was copied is where it was, and what was put in is where it came from', () => {
    const text = 'select 1; select top 3 len(nothing), log(x) from t order by y'
    expect(placeOf(text, 'nothing')).toBe('nothing), log(x) from t order by y')
    expect(placeOf(text, 'x)')).toBe('x) from t order by y')
    expect(placeOf(text, 'ln')).toBe('log(x) from t order by y')
    expect(placeOf(text, 'length')).toBe('len(nothing), log(x) from t order by y')
    expect(placeOf(text, 'LIMIT')).toBe('y')
  })

  test('in the body of a function, too', () => {
    const text = 'create function f(x int) returns int as $$ select log(nothing) $$ language sql'
    expect(placeOf(text, 'nothing')).toBe('nothing) $$ language sql')
  })
})

/** Soups of what the rewriting looks for, with what must not be touched. */
const PIECES = [
  'select', 'top', '5', '$1', '?', 'distinct', 'from', 't', 'where', 'order', 'by', 'desc', 'limit', 'union',
  'like', 'not', 'rlike', 'dateadd', 'datediff', 'day', 'm', 'len', 'log', 'decode', 'extract', 'cast', 'as',
  'float', 'text', 'numeric', 'tinyint', '(', ')', '[', ']', ',', '.', '/', '+', '-', '^', ':', '::', '=', '*',
  '1.5', '7', 'null', 'case', 'when', 'end', 'left', 'join', 'merge', 'getdate', 'sysdate', 'insert', 'into',
  'values', 'update', 'set', 'create', 'table', 'a', 'x', 'is', 'and', 'over', 'group', 'within', 'nulls',
] // prettier-ignore
const KEPT = [
  `'top 5 /* x'`,
  `'it''s -- 1.5 / 2'`,
  '"top 5"',
  '"a""b / 1.5"',
  '$$ select top 5 $$',
  '$q$ 1.5 / $$ $q$',
  '/* top 5 /* 1.5 */ / */',
  `/* ' */`,
  "-- top 5 / 1.5 '\n",
]

const soup = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.constantFrom(...KEPT)), {
  minLength: 1,
  maxLength: 40,
})

function textsOf(tokens: readonly Token[], kind: Token['kind']): string[] {
  return tokens.filter((token) => token.kind === kind).map(({ value }) => value)
}

/** The statements of a text; none where it is refused as texts are. */
function statementsOf(text: string, dialect: Dialect): readonly Statement[] {
  try {
    return readStatements(text, dialect)
  } catch (thrown) {
    if (thrown instanceof GatewayError) return []
    throw thrown
  }
}

test('no soup of words makes it fail otherwise than with a GatewayError, or touch what is quoted', () => {
  const heads = fc.constantFrom('select ', 'select a from t where ', 'create table t (')
  fc.assert(
    fc.property(soup, heads, (words, head) => {
      const statements = statementsOf(head + words.join(' '), 'blue')
      expect(statements.every(keepsWhatIsQuoted)).toBe(true)
    }),
    { numRuns: 3_000 },
  )
})

/** Names of columns are put in, and strings of ours; but what was there is there still, in its order. */
function keepsWhatIsQuoted({ text, written }: Statement): boolean {
  if (!written) return true
  const [before, after] = [tokenize(written.text), tokenize(text)]
  const kinds = (['quoted', 'string'] as const).every((kind) =>
    containsInOrder(textsOf(after, kind), textsOf(before, kind)),
  )
  const comments = KEPT.filter((kept) => /^[/-]/.test(kept)).map((kept) => kept.trim())
  const kept = comments.every((one) => written.text.split(one).length === text.split(one).length)
  const places = [0, Math.floor(text.length / 2), text.length - 1].map(written.placeOf)
  return kinds && kept && places.every((place) => place >= 0 && place <= written.source.length)
}

function containsInOrder(all: readonly string[], some: readonly string[]): boolean {
  let at = 0
  for (const one of all) if (one === some[at]) at += 1
  return at === some.length
}

test('in the other dialects nothing is rewritten', () => {
  fc.assert(
    fc.property(soup, fc.constantFrom('postgres' as const, 'duckdb' as const), (words, dialect) => {
      const sent = `select ${words.join(' ')}`
      const untouched = statementsOf(sent, dialect).every(
        ({ written, start, text }) => !written && sent.startsWith(text, start),
      )
      expect(untouched).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ['order by ', ''],
  ['select top 1 ', ''],
  ['select a, ', 'b'],
  ['a[1] ', ''],
  ['a / b, ', 'c'],
  ['log(', ')'],
  [`x like '[a]' and `, 'true'],
  ['cast(1 as float), ', '1'],
  [`'$blue1$' `, ''],
])('much of %s takes time in proportion', (piece, end) => {
  const count = piece === 'log(' ? 90 : 8_000
  const text = `select ${piece.repeat(count)}${end}`
  const startedMs = performance.now()
  statementsOf(text, 'blue')
  expect(performance.now() - startedMs).toBeLessThan(2_000)
})
