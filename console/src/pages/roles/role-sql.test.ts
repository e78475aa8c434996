import { expect, test } from 'vitest'
import type { Grant } from '../../api/roles.ts'
import type { RoleChange } from './role-change.ts'
import { roleSql } from './role-sql.ts'

const flights = { database: 'master', schema: 'public', table: 'flights' }

function grant(grant: Grant): RoleChange {
  return { kind: 'permission', verb: 'grant', grant }
}

test('the permissions of one object are one statement', () => {
  expect(
    roleSql('reader', [
      grant({ permission: 'SELECT', objectKind: 'table', ...flights }),
      grant({ permission: 'INSERT', objectKind: 'table', ...flights }),
      grant({ permission: 'CONNECT', objectKind: 'database', database: 'master' }),
    ]),
  ).toEqual([
    'GRANT SELECT, INSERT ON TABLE master.public.flights TO reader',
    'GRANT CONNECT ON DATABASE master TO reader',
  ])
})

test('the columns of one table are one statement, apart from the table itself', () => {
  expect(
    roleSql('reader', [
      grant({ permission: 'SELECT', objectKind: 'column', ...flights, column: 'date' }),
      grant({ permission: 'SELECT', objectKind: 'table', ...flights }),
      grant({ permission: 'SELECT', objectKind: 'column', ...flights, column: 'Delay in min' }),
    ]),
  ).toEqual([
    'GRANT SELECT ON COLUMN date, "Delay in min" IN TABLE master.public.flights TO reader',
    'GRANT SELECT ON TABLE master.public.flights TO reader',
  ])
})

test('foreign tables and locations have words of their own', () => {
  expect(
    roleSql('reader', [
      grant({ permission: 'SELECT', objectKind: 'foreign table', ...flights }),
      grant({ permission: 'USAGE', objectKind: 'location', location: 'reports' }),
      grant({ permission: 'USAGE', objectKind: 'location', location: 'exports' }),
    ]),
  ).toEqual([
    'GRANT SELECT ON FOREIGN TABLE master.public.flights TO reader',
    'GRANT USAGE ON LOCATION reports TO reader',
    'GRANT USAGE ON LOCATION exports TO reader',
  ])
})

test('what is taken away goes first', () => {
  const revoked: RoleChange = {
    kind: 'permission',
    verb: 'revoke',
    grant: { permission: 'USAGE', objectKind: 'schema', database: 'master', schema: 'public' },
  }
  expect(
    roleSql('reader', [
      grant({ permission: 'SELECT', objectKind: 'view', ...flights }),
      revoked,
      { kind: 'membership', verb: 'revoke', role: 'staff', member: 'reader' },
    ]),
  ).toEqual([
    'REVOKE staff FROM reader',
    'REVOKE USAGE ON SCHEMA master.public FROM reader',
    'GRANT SELECT ON TABLE master.public.flights TO reader',
  ])
})

test('a name that would read as something else is quoted', () => {
  expect(
    roleSql('Ann@example.com', [
      { kind: 'membership', verb: 'grant', role: 'login', member: 'a"; DROP ROLE b; --' },
      grant({ permission: 'SELECT', objectKind: 'table', ...flights, table: 'order' }),
    ]),
  ).toEqual([
    'GRANT "login" TO "a""; DROP ROLE b; --"',
    'GRANT SELECT ON TABLE master.public."order" TO "Ann@example.com"',
  ])
})

test('a function is named with its database', () => {
  const area = { objectKind: 'function', database: 'master', function: 'area' } as const
  expect(
    roleSql('reader', [
      grant({ permission: 'EXECUTE', ...area }),
      grant({ permission: 'DDL', ...area }),
      grant({ permission: 'EXECUTE', ...area, function: 'twice' }),
    ]),
  ).toEqual([
    'GRANT EXECUTE, DDL ON FUNCTION master.area TO reader',
    'GRANT EXECUTE ON FUNCTION master.twice TO reader',
  ])
})
