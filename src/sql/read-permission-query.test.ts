import { expect, test } from 'vitest'
import { readStatements } from './read-statements.ts'
import type { Dialect } from './dialect.ts'

function read(text: string, dialect: Dialect = 'postgres'): object {
  const [{ text: _, start: __, source: ___, ...body } = { text, start: 0, source: text }] =
    readStatements(text, dialect)
  return body
}

test.each([
  ['describe roles', { kind: 'describe_roles', like: undefined }],
  ["desc roles like 'b%'", { kind: 'describe_roles', like: 'b%' }],
  [
    'describe role permissions role name "A@x" permission id in (1003, 2003)',
    { kind: 'describe_role_permissions', role: 'A@x', permissionIds: [1003, 2003] },
  ],
  [
    'DESCRIBE ROLE PERMISSIONS ROLE NAME bi',
    { kind: 'describe_role_permissions', role: 'bi', permissionIds: undefined },
  ],
  [
    'describe connect permissions',
    {
      kind: 'describe_connect_permissions',
      database: undefined,
      roleIds: undefined,
      permissionIds: undefined,
    },
  ],
  [
    'describe connect permissions database master role id in (0,1) permission id in (1003)',
    {
      kind: 'describe_connect_permissions',
      database: 'master',
      roleIds: [0, 1],
      permissionIds: [1003],
    },
  ],
  [
    "select get_statement_permissions('select ''x'' from t')",
    { kind: 'statement_permissions', statement: "select 'x' from t" },
  ],
  [
    'SELECT GET_STATEMENT_PERMISSIONS($$select 1; select 2$$)',
    { kind: 'statement_permissions', statement: 'select 1; select 2' },
  ],
  ['select get_role_permissions()', { kind: 'role_permissions' }],
  ["select get_role_global_ddl('bi')", { kind: 'role_ddl', scope: 'global', role: 'bi' }],
  ['select get_role_database_ddl("Bi")', { kind: 'role_ddl', scope: 'database', role: 'Bi' }],
  ['select get_all_roles_global_ddl()', { kind: 'role_ddl', scope: 'global', role: undefined }],
  ['select get_all_roles_database_ddl()', { kind: 'role_ddl', scope: 'database', role: undefined }],
])('%s', (text, query) => {
  expect(read(text)).toEqual(query)
})

test('a function of another name, and a column of this one, are the engine’s', () => {
  const select = { kind: 'engine', form: 'select' }
  expect(read('select get_role_permission()')).toEqual(select)
  expect(read('select get_role_permissions from t')).toEqual(select)
  expect(read('describe roles', 'duckdb')).toEqual(select)
})

test.each([
  'describe roles like b',
  'describe roles bi',
  'describe role permissions role bi',
  'describe role permissions role name bi permission id in (a)',
  'describe role permissions role name bi permission id in (1.5)',
  'select get_statement_permissions(t)',
  "select get_statement_permissions('select 1') from t",
  'select get_role_permissions(1)',
  'select get_role_global_ddl()',
])('%s is a syntax error', (text) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ kind: 'syntax_error' }))
})
