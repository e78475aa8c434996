import { expect, test } from 'vitest'
import { readStatements } from './read-statements.ts'
import type { Dialect } from './dialect.ts'

function read(text: string, dialect: Dialect = 'postgres') {
  const [statement, ...others] = readStatements(text, dialect)
  expect(others).toEqual([])
  const {
    text: _,
    start: __,
    source: ___,
    ...body
  } = statement ?? { text: '', start: 0, source: '' }
  return body
}

const NOWHERE = { database: undefined, schema: undefined }

test.each([
  ['DESCRIBE DATABASES', { kind: 'describe_databases', like: undefined }],
  [`desc databases like 'm%'`, { kind: 'describe_databases', like: 'm%' }],
  ['describe schemas', { kind: 'describe_schemas', database: undefined, like: undefined }],
  [
    `DESCRIBE SCHEMAS DATABASE "Sales" LIKE '%x'`,
    { kind: 'describe_schemas', database: 'Sales', like: '%x' },
  ],
  [
    'describe tables',
    { kind: 'describe_tables', extended: false, ...NOWHERE, of: 'all', like: undefined },
  ],
  [
    `DESC TABLES DATABASE d SCHEMA s EXTERNAL LIKE 'a_'`,
    {
      kind: 'describe_tables',
      extended: false,
      database: 'd',
      schema: 's',
      of: 'external',
      like: 'a_',
    },
  ],
  [
    'describe tables all',
    { kind: 'describe_tables', extended: false, ...NOWHERE, of: 'all', like: undefined },
  ],
  [
    'DESCRIBE VIEWS SCHEMA public',
    { kind: 'describe_views', database: undefined, schema: 'public', like: undefined },
  ],
  [
    'DESCRIBE COLUMNS SCHEMA s TABLE "T"',
    {
      kind: 'describe_columns',
      database: undefined,
      schema: 's',
      of: 'table',
      relation: 'T',
      like: undefined,
    },
  ],
  [
    `describe columns view v like 'a%'`,
    { kind: 'describe_columns', ...NOWHERE, of: 'view', relation: 'v', like: 'a%' },
  ],
  [
    'DESCRIBE USER FUNCTIONS DATABASE d',
    { kind: 'describe_user_functions', database: 'd', like: undefined },
  ],
  ['select get_ddl(kOko)', { kind: 'table_ddl', table: ['koko'] }],
  ['select get_ddl("kOko")', { kind: 'table_ddl', table: ['kOko'] }],
  ['SELECT GET_DDL("s"."t")', { kind: 'table_ddl', table: ['s', 't'] }],
  [`select get_ddl('"kOko"')`, { kind: 'table_ddl', table: ['kOko'] }],
  [`select get_ddl('public.t')`, { kind: 'table_ddl', table: ['public', 't'] }],
  ['select get_ddl(Mixed  Case)', { kind: 'table_ddl', table: ['Mixed  Case'] }],
  [`select get_view_ddl('s.v')`, { kind: 'view_ddl', view: ['s', 'v'] }],
  ['select recompile_view(v)', { kind: 'recompile_view', view: ['v'] }],
  [`select get_function_ddl('f')`, { kind: 'function_ddl', name: 'f' }],
  ['select dump_database_ddl()', { kind: 'database_ddl' }],
  [
    `describe configuration parameter x like 'y'`,
    { kind: 'describe_configuration', parameter: 'x', like: 'y' },
  ],
  ['select get_schemas()', { kind: 'list_schemas' }],
  ['select get_views()', { kind: 'list_views' }],
  [
    'select get_sqream_server_version()',
    { kind: 'server_version', column: 'get_sqream_server_version' },
  ],
  ['select show_version()', { kind: 'server_version', column: 'show_version' }],
])('%s', (text, body) => {
  expect(read(text)).toEqual({ kind: 'definition_query', query: body })
})

test.each([
  ['DESCRIBE TABLES SCHEMA', /at end|syntax/],
  ['DESCRIBE TABLES LIKE x', /syntax error/],
  ['DESCRIBE COLUMNS TABLE', /syntax/],
  ['DESCRIBE DATABASES now', /syntax error/],
  ['select get_ddl()', /syntax/],
  ['select get_ddl(a.b.c.d)', /syntax/],
  [`select get_ddl('a b')`, /syntax/],
  ['select get_ddl(a), 1', /syntax/],
])('%s is a syntax error', (text, message) => {
  expect(() => read(text)).toThrow(message)
})

test('the engine’s DESCRIBE stays the engine’s', () => {
  const engine = { kind: 'engine', form: 'select' }
  expect(read('DESCRIBE flights')).toEqual(engine)
  expect(read('DESCRIBE SELECT 1')).toEqual(engine)
  expect(read('DESCRIBE TABLES', 'duckdb')).toEqual(engine)
  expect(read('SELECT get_ddl FROM t')).toEqual(engine)
})
