import { describe, expect, test } from 'vitest'
import { readStatements } from './read-statements.ts'

function read(text: string): object {
  const [{ text: _, start: __, source: ___, ...body } = { text, start: 0, source: text }] =
    readStatements(text, 'postgres')
  return body
}

const RULE = {
  kind: 'alter_default_permissions',
  verb: 'grant',
  creator: 'designers',
  schemas: [],
  objectKind: 'table',
  permissions: ['SELECT'],
  grantees: ['readers'],
}

describe('ALTER DEFAULT PERMISSIONS', () => {
  test.each([
    ['for designers for tables grant select to readers', RULE],
    ['for designers for tables grant select to role readers', RULE],
    ['for designers for tables drop grant select to readers', { ...RULE, verb: 'drop' }],
    ['for all roles for tables grant select to readers', { ...RULE, creator: undefined }],
    [
      'for designers for foreign tables grant select to readers',
      { ...RULE, objectKind: 'foreign table' },
    ],
    [
      'for "D@x.org" in s, master.t for views grant select, ddl to a, public',
      {
        ...RULE,
        creator: 'D@x.org',
        schemas: [['s'], ['master', 't']],
        objectKind: 'view',
        permissions: ['SELECT', 'DDL'],
        grantees: ['a', 'public'],
      },
    ],
    [
      'for designers in schema s for tables grant all permissions to creator_role',
      { ...RULE, schemas: [['s']], permissions: 'ALL', grantees: [undefined] },
    ],
    [
      'for designers in schema for tables grant select to readers',
      { ...RULE, schemas: [['schema']] },
    ],
    [
      'for designers for functions grant execute to readers',
      { ...RULE, objectKind: 'function', permissions: ['EXECUTE'] },
    ],
    [
      'for all roles for schemas grant superuser to creator_role',
      {
        ...RULE,
        creator: undefined,
        objectKind: 'schema',
        permissions: ['SUPERUSER'],
        grantees: [undefined],
      },
    ],
    [
      'for designers for sequences grant usage to readers',
      { ...RULE, objectKind: 'sequence', permissions: ['USAGE'] },
    ],
  ])('%s', (text, statement) => {
    expect(read(`alter default permissions ${text}`)).toEqual(statement)
  })

  test.each([
    ['for a for columns grant select to b', 'ALTER DEFAULT PERMISSIONS … FOR COLUMNS'],
    ['for a for catalogs grant select to b', 'ALTER DEFAULT PERMISSIONS … FOR CATALOGS'],
    ['for a for tables grant truncate to b', 'ALTER DEFAULT PERMISSIONS … GRANT TRUNCATE'],
  ])('%s is known and not offered', (text, name) => {
    expect(read(`alter default permissions ${text}`)).toEqual({ kind: 'unsupported', name })
  })

  test.each([
    'for a grant select to b',
    'for a for tables select to b',
    'for a for tables grant select',
    'for a for tables drop select to b',
    'for a, b for tables grant select to c',
    'for a for rows grant select to b',
    'for a in for tables grant select to b',
    'for a for tables grant select to b with grant option',
  ])('%s is a syntax error', (text) => {
    expect(() => readStatements(`alter default permissions ${text}`, 'postgres')).toThrow(
      expect.objectContaining({ kind: 'syntax_error' }),
    )
  })
})

test('ALTER DEFAULT SCHEMA names a role and a schema', () => {
  expect(read('alter default schema for bi to master."Sales"')).toEqual({
    kind: 'alter_default_schema',
    role: 'bi',
    schema: ['master', 'Sales'],
  })
  expect(() => read('alter default schema for bi, x to s')).toThrow('syntax error')
  expect(() => read('alter default schema for bi to')).toThrow('syntax error')
})

test("PostgreSQL's ALTER DEFAULT PRIVILEGES is named as not offered", () => {
  expect(read('alter default privileges in schema s grant select on tables to r')).toEqual({
    kind: 'unsupported',
    name: 'ALTER DEFAULT PRIVILEGES',
  })
})
