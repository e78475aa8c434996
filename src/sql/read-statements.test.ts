import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GatewayError } from '../base/gateway-error.ts'
import { readStatements } from './read-statements.ts'
import type { Dialect } from './dialect.ts'
import type { Statement } from './statement.ts'

const NOTHING = { text: '', start: 0, source: '' }

function read(text: string, dialect: Dialect = 'postgres'): Partial<Statement> {
  const [statement, second] = readStatements(text, dialect)
  expect(second).toBeUndefined()
  const { text: _, start: __, source: ___, ...body } = statement ?? NOTHING
  return body
}

function refusal(text: string): GatewayError {
  try {
    readStatements(text, 'postgres')
  } catch (thrown) {
    return thrown as GatewayError
  }
  throw new Error(`was taken: ${text}`)
}

describe('splitting', () => {
  test('statements keep their place, without semicolons and the comments around them', () => {
    const text = ` select 'a;b' -- one
      ; /* two */ ;; insert into t values ($$;$$);`
    expect(readStatements(text, 'postgres')).toEqual([
      { text: "select 'a;b'", start: 1, source: text, kind: 'engine', form: 'select' },
      {
        text: 'insert into t values ($$;$$)',
        start: 42,
        source: text,
        kind: 'engine',
        form: 'insert',
      },
    ])
  })

  test('an empty text holds no statement', () => {
    expect(readStatements('', 'postgres')).toEqual([])
    expect(readStatements(' ;; -- nothing', 'postgres')).toEqual([])
  })

  test('a thousand statements, and no more', () => {
    expect(readStatements('select 1;'.repeat(1_000), 'postgres')).toHaveLength(1_000)
    expect(refusal('select 1;'.repeat(1_001)).kind).toBe('statement_too_complex')
  })
})

describe('heads', () => {
  test.each([
    ['select 1', 'select'],
    ['((select 1))', 'select'],
    ['FROM t', 'select'],
    ['values (1)', 'select'],
    ['TABLE t', 'select'],
    ['pivot t on a in (1) using sum(b)', 'select'],
    ['unpivot t on a into name n value v', 'select'],
    ['describe t', 'select'],
    ['desc t', 'select'],
    ['summarize t', 'select'],
    ['with x as (insert into t values (1)) select 1', 'select'],
    ['insert into t values (1)', 'insert'],
    ['with x as (select 1) insert into t from x', 'insert'],
    ['update t set a = 1', 'update'],
    ['delete from t', 'delete'],
    ['with x as (select 1) delete from t', 'delete'],
    ['truncate t', 'truncate'],
    ['merge into t using u on true', 'merge'],
    ['with x as (select 1) merge into t using x on true', 'merge'],
    ['explain select 1', 'explain'],
    ['create table t (a int)', 'create_table'],
    ['create or replace table t (a int)', 'create_table'],
    ['create temporary table t (a int)', 'create_table'],
    ['create or replace local temp table t as select 1', 'create_table'],
    ['create schema s', 'create_schema'],
    ['create view v as select 1', 'create_view'],
    ['create or replace view v as select 1', 'create_view'],
    ['alter table t add column a int', 'alter_table'],
    ['alter view v rename to w', 'alter_view'],
    ['create unique index i on t (a)', 'create_index'],
    ['drop index i', 'drop_index'],
    ['drop table t', 'drop_table'],
    ['drop schema s', 'drop_schema'],
    ['drop view v', 'drop_view'],
    ['create foreign table t (a int) wrapper csv_fdw', 'create_foreign_table'],
    ['create or replace foreign table t wrapper csv_fdw', 'create_foreign_table'],
    ['alter foreign table t rename to u', 'alter_foreign_table'],
    ['drop foreign table t', 'drop_foreign_table'],
  ])('%s is for the engine', (text, form) => {
    expect(read(text)).toEqual({ kind: 'engine', form })
  })

  test.each([
    ['savepoint x', 'SAVEPOINT'],
    ['declare c cursor for select 1', 'DECLARE'],
    ['create temp sequence s', 'CREATE TEMP SEQUENCE'],
    ['alter sequence s restart', 'ALTER SEQUENCE'],
    ['create unique collation c', 'CREATE UNIQUE COLLATION'],
    ['pragma x', 'PRAGMA'],
    ["attach 'x'", 'ATTACH'],
    ['rollback work to savepoint x', 'ROLLBACK TO SAVEPOINT'],
    ['set variable x = 1', 'SET VARIABLE'],
    ['set global x = 1', 'SET GLOBAL'],
    ['show all tables', 'SHOW ALL …'],
    ['grant execute on all functions in schema s to r', 'GRANT … ON ALL FUNCTIONS IN SCHEMA'],
    ['grant select on catalog c to r', 'GRANT … ON CATALOG'],
    ['grant select on t to r with grant option', 'GRANT … WITH GRANT OPTION'],
    ['create role r with login', 'CREATE ROLE with options'],
  ])('%s is known and not offered', (text, name) => {
    expect(read(text)).toEqual({ kind: 'unsupported', name })
  })

  test('a word that begins no statement is a syntax error there', () => {
    expect(refusal('select 1; selec 2')).toMatchObject({
      kind: 'syntax_error',
      message: 'syntax error at or near "selec"',
      position: 11,
    })
    expect(refusal('(drop table t)').kind).toBe('syntax_error')
    expect(refusal('1').kind).toBe('syntax_error')
  })

  test("BLUE's DESCRIBE family is not a table of that name, except in the engine's dialect", () => {
    expect(read('describe saved queries list')).toMatchObject({ kind: 'describe_saved_queries' })
    expect(read('desc user functions')).toMatchObject({ kind: 'definition_query' })
    expect(read('describe columns table t')).toMatchObject({ kind: 'definition_query' })
    expect(read('describe tables', 'duckdb')).toMatchObject({ kind: 'engine' })
    expect(read('describe role')).toMatchObject({ kind: 'engine' })
    expect(read('describe columns')).toMatchObject({ kind: 'engine' })
  })
})

describe('transactions', () => {
  test.each([
    ['begin', { kind: 'begin', modes: {} }],
    ['begin work read only', { kind: 'begin', modes: { readOnly: true } }],
    [
      'start transaction isolation level repeatable read, read write, not deferrable',
      { kind: 'begin', modes: { isolation: 'repeatable read', readOnly: false } },
    ],
    [
      'begin transaction isolation level read uncommitted isolation level serializable',
      { kind: 'begin', modes: { isolation: 'serializable' } },
    ],
    ['commit', { kind: 'commit', chain: false }],
    ['end transaction and chain', { kind: 'commit', chain: true }],
    ['rollback and no chain', { kind: 'rollback', chain: false }],
    ['abort work and chain', { kind: 'rollback', chain: true }],
    [
      'set local transaction read only',
      { kind: 'set_transaction', scope: 'transaction', modes: { readOnly: true } },
    ],
    [
      'set session characteristics as transaction isolation level read committed',
      { kind: 'set_transaction', scope: 'session', modes: { isolation: 'read committed' } },
    ],
  ])('%s', (text, statement) => {
    expect(read(text)).toEqual(statement)
  })

  test.each(['begin foo', 'begin isolation level', 'commit and', 'rollback prepared x y z '])(
    '%s is no transaction statement of ours',
    (text) => {
      const outcome = text.startsWith('rollback') ? read(text) : refusal(text)
      expect(outcome.kind).toMatch(/syntax_error|unsupported/)
    },
  )
})

describe('settings', () => {
  test.each([
    ['set x = 1', 'session', 'x', ['1']],
    ['set session X to on', 'session', 'x', ['on']],
    ["set local datestyle = 'ISO', mdy", 'local', 'datestyle', ['ISO', 'mdy']],
    ['set search_path to "Sales", public', 'session', 'search_path', ['Sales', 'public']],
    ['set dialect = blue', 'session', 'dialect', ['blue']],
    ['set extra_float_digits = -1', 'session', 'extra_float_digits', ['-1']],
    ['set x to default', 'session', 'x', undefined],
    ["set time zone 'UTC'", 'session', 'timezone', ['UTC']],
    ['set local time zone local', 'local', 'timezone', undefined],
    ["set time zone interval '+02:00' hour to minute", 'session', 'timezone', ['+02:00']],
    ["set names 'utf8'", 'session', 'client_encoding', ['utf8']],
    ['set names', 'session', 'client_encoding', undefined],
    ["set schema 's'", 'session', 'search_path', ['s']],
    ['set role none', 'session', 'role', ['none']],
    ['set session authorization default', 'session', 'session_authorization', undefined],
  ])('%s', (text, scope, name, values) => {
    expect(read(text)).toEqual({ kind: 'set', scope, name, ...(values && { values }) })
  })

  test.each([
    ['show timezone', 'timezone'],
    ['show time zone', 'timezone'],
    ['show transaction isolation level', 'transaction_isolation'],
    ['show session authorization', 'session_authorization'],
    ['show all', 'all'],
    ['show dialect', 'dialect'],
  ])('%s', (text, name) => {
    expect(read(text)).toEqual({ kind: 'show', name })
    expect(read(text.replace('show', 'reset'))).toEqual({ kind: 'reset', name })
  })

  test.each([
    'set',
    'set x',
    'set x =',
    'set x = 1 2',
    'set x = (1)',
    'show',
    'reset',
    'reset a b',
  ])('%s is a syntax error', (text) => {
    expect(refusal(text).kind).toBe('syntax_error')
  })
})

describe('the session', () => {
  test.each([
    ['discard all', { kind: 'discard', what: 'all' }],
    ['discard temporary', { kind: 'discard', what: 'temp' }],
    ['deallocate prepare "Foo"', { kind: 'deallocate', name: 'Foo' }],
    ['deallocate all', { kind: 'deallocate', name: undefined }],
    ['close c', { kind: 'close_cursor', name: 'c' }],
    ['close all', { kind: 'close_cursor', name: undefined }],
    ['listen x', { kind: 'listen', tag: 'LISTEN' }],
    ['unlisten *', { kind: 'listen', tag: 'UNLISTEN' }],
    ["notify x, 'payload'", { kind: 'listen', tag: 'NOTIFY' }],
  ])('%s', (text, statement) => {
    expect(read(text)).toEqual(statement)
  })

  test.each(['discard', 'discard everything', 'deallocate', 'close 1', 'notify x, y'])(
    '%s is a syntax error',
    (text) => {
      expect(refusal(text).kind).toBe('syntax_error')
    },
  )
})

describe('roles', () => {
  test.each([
    ['create role Analysts', { kind: 'create_role', name: 'analysts' }],
    ['create role "a@b.c"', { kind: 'create_role', name: 'a@b.c' }],
    ['drop role if exists x', { kind: 'drop_role', name: 'x', ifExists: true }],
    ['drop role x', { kind: 'drop_role', name: 'x', ifExists: false }],
    ['alter role a rename to b', { kind: 'rename_role', name: 'a', newName: 'b' }],
    [
      'grant superuser, LOGIN to a, b',
      { kind: 'grant_cluster', attributes: ['SUPERUSER', 'LOGIN'], roles: ['a', 'b'] },
    ],
    [
      'revoke clusteradmin from a',
      { kind: 'revoke_cluster', attributes: ['CLUSTERADMIN'], roles: ['a'] },
    ],
    [
      'grant "superuser" to a',
      { kind: 'grant_roles', roles: ['superuser'], members: ['a'], adminOption: false },
    ],
    [
      'grant a, b to c, d with admin option',
      { kind: 'grant_roles', roles: ['a', 'b'], members: ['c', 'd'], adminOption: true },
    ],
    [
      'revoke admin option for a from b',
      { kind: 'revoke_roles', roles: ['a'], members: ['b'], adminOption: true },
    ],
    [
      'grant select, insert on table s.t, d.s.t to a, PUBLIC',
      {
        kind: 'grant_permissions',
        permissions: ['SELECT', 'INSERT'],
        target: {
          kind: 'table',
          names: [
            ['s', 't'],
            ['d', 's', 't'],
          ],
        },
        roles: ['a', 'public'],
      },
    ],
    [
      'grant select on t to group a',
      {
        kind: 'grant_permissions',
        permissions: ['SELECT'],
        target: { kind: 'table', names: [['t']] },
        roles: ['a'],
      },
    ],
    [
      'grant all privileges on database master to a',
      {
        kind: 'grant_permissions',
        permissions: 'ALL',
        target: { kind: 'database', names: ['master'] },
        roles: ['a'],
      },
    ],
    [
      'revoke all permissions on schema s, "T" from a restrict',
      {
        kind: 'revoke_permissions',
        permissions: 'ALL',
        target: { kind: 'schema', names: [['s'], ['T']] },
        roles: ['a'],
      },
    ],
    [
      'grant create function, connect on database master to a',
      {
        kind: 'grant_permissions',
        permissions: ['CREATE FUNCTION', 'CONNECT'],
        target: { kind: 'database', names: ['master'] },
        roles: ['a'],
      },
    ],
    [
      'grant execute, ddl on function f(), master.g to a',
      {
        kind: 'grant_permissions',
        permissions: ['EXECUTE', 'DDL'],
        target: { kind: 'function', names: [['f'], ['master', 'g']] },
        roles: ['a'],
      },
    ],
    [
      'revoke execute on all functions from a',
      {
        kind: 'revoke_permissions',
        permissions: ['EXECUTE'],
        target: { kind: 'all_functions' },
        roles: ['a'],
      },
    ],
    [
      'grant select (a, "B") on t to r',
      {
        kind: 'grant_permissions',
        permissions: ['SELECT'],
        target: { kind: 'column', columns: ['a', 'B'], tables: [['t']] },
        roles: ['r'],
      },
    ],
    [
      'grant select on column a, b in table s.t to r',
      {
        kind: 'grant_permissions',
        permissions: ['SELECT'],
        target: { kind: 'column', columns: ['a', 'b'], tables: [['s', 't']] },
        roles: ['r'],
      },
    ],
    [
      'revoke select from column a in table t from r',
      {
        kind: 'revoke_permissions',
        permissions: ['SELECT'],
        target: { kind: 'column', columns: ['a'], tables: [['t']] },
        roles: ['r'],
      },
    ],
    [
      'grant select on all columns in table t, s.u to r',
      {
        kind: 'grant_permissions',
        permissions: ['SELECT'],
        target: { kind: 'column', columns: 'ALL', tables: [['t'], ['s', 'u']] },
        roles: ['r'],
      },
    ],
    [
      'grant ddl on view v, "W" in schema s to r',
      {
        kind: 'grant_permissions',
        permissions: ['DDL'],
        target: {
          kind: 'view',
          names: [
            ['s', 'v'],
            ['s', 'W'],
          ],
        },
        roles: ['r'],
      },
    ],
    [
      'revoke all on all views in schema s from r',
      {
        kind: 'revoke_permissions',
        permissions: 'ALL',
        target: { kind: 'all', of: 'view', schemas: [['s']] },
        roles: ['r'],
      },
    ],
    [
      'grant create job on database master to r',
      {
        kind: 'grant_permissions',
        permissions: ['CREATE JOB'],
        target: { kind: 'database', names: ['master'] },
        roles: ['r'],
      },
    ],
    [
      'grant usage on all tables in schema s to r',
      {
        kind: 'grant_permissions',
        permissions: ['USAGE'],
        target: { kind: 'all', of: 'table', schemas: [['s']] },
        roles: ['r'],
      },
    ],
    [
      'grant select on all foreign tables in schema s to r',
      {
        kind: 'grant_permissions',
        permissions: ['SELECT'],
        target: { kind: 'all', of: 'foreign table', schemas: [['s']] },
        roles: ['r'],
      },
    ],
    [
      'revoke select on all columns in foreign table t from r',
      {
        kind: 'revoke_permissions',
        permissions: ['SELECT'],
        target: { kind: 'column', columns: 'ALL', tables: [['t']] },
        roles: ['r'],
      },
    ],
    [
      'grant usage on location samples, reports to r',
      {
        kind: 'grant_permissions',
        permissions: ['USAGE'],
        target: { kind: 'location', names: ['samples', 'reports'] },
        roles: ['r'],
      },
    ],
  ])('%s', (text, statement) => {
    expect(read(text)).toEqual(statement)
  })

  test.each([
    'create role',
    'create role a, b',
    'alter role a',
    'grant select on t',
    'grant select t to r',
    'grant frobnicate on t to r',
    'grant select on a.b.c.d to r',
    'grant select (a) on t, u to r',
    'grant select (a) on schema s to r',
    'grant all on schema public',
    'grant select on view s.v in schema s to r',
    'grant a to b.c',
    'revoke a to b',
  ])('%s is a syntax error', (text) => {
    expect(refusal(text).kind).toBe('syntax_error')
  })
})

describe('AUDITLOG', () => {
  test('takes every filter, in any order', () => {
    expect(
      read(`AUDITLOG STATUS IN (succeeded, 'failed') TIMEFRAME FROM '2026-01-01' TO '2026-02-01'
        USERNAME IN (Tableau_1, 'x y') SESSIONID IN ('s') QUERYID IN (1, 2) CATEGORY IN (SELECT)
        ADDITONALDETAILS LIKE '%a%' ERRORDETAILS LIKE 'b_' INITIATED BY (CLI, Jobs)`),
    ).toEqual({
      kind: 'auditlog',
      from: '2026-01-01',
      to: '2026-02-01',
      usernames: ['Tableau_1', 'x y'],
      sessionIds: ['s'],
      queryIds: ['1', '2'],
      statuses: ['succeeded', 'failed'],
      categories: ['SELECT'],
      additionalDetailsLike: '%a%',
      errorDetailsLike: 'b_',
      initiatedBy: ['cli', 'jobs'],
    })
    expect(read('audit_log')).toEqual({ kind: 'auditlog' })
    expect(read('auditlog initiated by all')).toEqual({ kind: 'auditlog', initiatedBy: ['all'] })
  })

  test.each([
    'auditlog timeframe',
    "auditlog timeframe from 'a'",
    'auditlog username in ()',
    'auditlog username in (a) username in (b)',
    'auditlog errordetails like x',
    'auditlog where a = 1',
  ])('%s is a syntax error', (text) => {
    expect(refusal(text).kind).toBe('syntax_error')
  })
})

test('no text makes the reader fail in another way than with a GatewayError', () => {
  const word = fc.constantFrom(...WORDS.split(' '))
  const words = fc.array(word, { maxLength: 12 })
  const noise = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(words, noise, (list, glue) => {
      for (const text of [list.join(' '), glue, list.join(glue)]) {
        expect(outcomeOf(text)).toMatch(/^(?:statements in their places|GatewayError)$/)
      }
    }),
    { numRuns: 500 },
  )
})

const WORDS =
  `grant revoke select on table to from set show reset begin commit all ( ) , ; . * = $$ ' "
  role with create drop if exists auditlog in like admin option for 1 $1 /* */ -- x E' transaction
  isolation level time zone`.replaceAll(/\s+/g, ' ')

function outcomeOf(text: string): string {
  try {
    const placed = readStatements(text, 'postgres').every((statement) =>
      text.slice(statement.start).startsWith(statement.text),
    )
    return placed ? 'statements in their places' : 'a statement elsewhere'
  } catch (thrown) {
    return thrown instanceof Error ? thrown.name : 'no error'
  }
}
