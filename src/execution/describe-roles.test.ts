import { beforeEach, expect, test } from 'vitest'
import { SMALL_DEFINITIONS } from '../../test/fixtures/definitions.ts'
import { buildSnapshot } from '../catalog/build-snapshot.ts'
import { databaseRef, schemaRef, tableRef } from '../catalog/catalog-snapshot.ts'
import { present } from '../base/assert.ts'
import { identityForTests } from '../identity/identity-for-tests.ts'
import type { OpenIdentity } from '../identity/open-identity.ts'
import {
  describeConnectPermissions,
  describeRolePermissions,
  describeRoles,
  ownPermissions,
} from './describe-roles.ts'
import { administeredRoles, heldRoles } from '../identity/held-roles.ts'
import { roleDdl } from './role-ddl.ts'

const catalog = buildSnapshot(SMALL_DEFINITIONS)
const DATABASE = databaseRef(present(catalog.database('master'), 'master'))
const SALES = schemaRef(present(catalog.schema('master', 'sales'), 'sales'))
const PUBLIC = schemaRef(present(catalog.schema('master', 'public'), 'public'))
const ORDERS = tableRef(present(catalog.table('master', 'sales', 'orders'), 'orders'))
const FLIGHTS = tableRef(present(catalog.table('master', 'public', 'flights'), 'flights'))
const DELAY = { ...FLIGHTS, kind: 'column', column: 'delay' } as const

let identity: OpenIdentity

/** `bi` is a member of `readers`; `readers` may read orders, but has no USAGE on their schema. */
beforeEach(async () => {
  identity = (await identityForTests()).identity
  await identity.createRole('readers')
  await identity.createRole('bi', { login: true })
  await identity.createRole('boss', { login: true, superuser: true })
  await identity.grantRoles(['readers'], ['bi'], false)
  await identity.grant([
    { role: 'readers', permission: 'CONNECT', object: DATABASE },
    { role: 'readers', permission: 'SELECT', object: ORDERS },
    { role: 'bi', permission: 'SELECT', object: DELAY },
    { role: 'public', permission: 'USAGE', object: PUBLIC },
  ])
})

function asking(name: string) {
  const roleId = identity.findRole(name)?.id ?? ''
  return { identity, authority: identity.authority(roleId), catalog, database: 'master' }
}

const about = (role: string, permissionIds?: readonly number[]) =>
  ({ kind: 'describe_role_permissions', role, permissionIds }) as const

const refused = expect.objectContaining({ kind: 'insufficient_privilege' }) as Error

test('roles are listed for SUPERUSER alone, by a LIKE pattern', () => {
  expect(describeRoles(asking('boss'), { kind: 'describe_roles', like: 'b%' })).toEqual([
    [3, 'bi', false, false, true],
    [4, 'boss', true, false, true],
  ])
  expect(describeRoles(asking('boss'), { kind: 'describe_roles', like: undefined })).toHaveLength(5)
  expect(() => describeRoles(asking('bi'), { kind: 'describe_roles', like: 'bi' })).toThrow(refused)
})

test('permissions of a role come with those of its groups and of PUBLIC, under their names', () => {
  expect(describeRolePermissions(asking('boss'), about('bi'))).toEqual([
    [3, 'bi', 'column master.public.flights.delay', 5000, 'Select', false, false, true],
    [2, 'readers', 'database master', 1003, 'Connect', false, false, false],
    [2, 'readers', 'table master.sales.orders', 3000, 'Select', false, false, false],
    [0, 'public', 'schema master.public', 2003, 'Usage', false, false, false],
  ])
  const ids = describeRolePermissions(asking('boss'), about('bi', [1003])).map(([, , , id]) => id)
  expect(ids).toEqual([1003])
})

test('one sees of oneself what one may know of: no table in a schema without USAGE', async () => {
  const layers = () =>
    describeRolePermissions(asking('bi'), about('BI')).map(([, , layer]) => layer)
  expect(layers()).not.toContain('table master.sales.orders')
  expect(ownPermissions(asking('bi'))).toEqual([
    ['LOGIN', 'cluster', null],
    ['SELECT', 'column', 'master.public.flights.delay'],
    ['CONNECT', 'database', 'master'],
    ['USAGE', 'schema', 'master.public'],
  ])
  await identity.grant([{ role: 'bi', permission: 'USAGE', object: SALES }])
  expect(layers()).toContain('table master.sales.orders')
})

test('another role, and one that there is not, are refused alike', () => {
  expect(() => describeRolePermissions(asking('bi'), about('boss'))).toThrow(refused)
  expect(() => describeRolePermissions(asking('bi'), about('nobody'))).toThrow(refused)
  expect(() => describeRolePermissions(asking('boss'), about('nobody'))).toThrow('does not exist')
})

test('who may connect is told with the permission that opens the database', () => {
  const query = {
    kind: 'describe_connect_permissions',
    database: undefined,
    roleIds: undefined,
    permissionIds: undefined,
  } as const
  expect(describeConnectPermissions(asking('boss'), query)).toEqual([
    [1, 'sqream', 'master', 1002, true, true],
    [2, 'readers', 'master', 1003, false, false],
    [4, 'boss', 'master', 1002, true, false],
  ])
  expect(describeConnectPermissions(asking('bi'), query)).toEqual([
    [2, 'readers', 'master', 1003, false, false],
  ])
  const filtered = { ...query, database: 'MASTER', roleIds: [4, 2], permissionIds: [1002] }
  expect(describeConnectPermissions(asking('boss'), filtered).map(([id]) => id)).toEqual([4])
  expect(describeConnectPermissions(asking('boss'), { ...query, database: 'x' })).toEqual([])
})

test('the DDL of all roles makes them again: roles, then memberships, then what they hold', async () => {
  await identity.addDefaultGrants([
    {
      creator: 'bi',
      objectKind: 'table',
      schema: SALES,
      permission: 'SELECT',
      grantee: 'readers',
    },
  ])
  await identity.setDefaultSchema('bi', SALES)
  const lines = (scope: 'global' | 'database', role?: string) =>
    roleDdl(asking('boss'), { kind: 'role_ddl', scope, role }).flat()
  expect(lines('global')).toEqual([
    'create role "readers";',
    'create role "bi"; grant login to "bi";',
    'create role "boss"; grant superuser, login to "boss";',
    'grant "readers" to "bi";',
  ])
  expect(lines('database', 'bi')).toEqual([
    'grant select on column "delay" in table "master"."public"."flights" to "bi"; ' +
      'alter default schema for "bi" to "sales"; ' +
      'alter default permissions for "bi" in "master"."sales" for tables grant select to "readers";',
  ])
  const all = lines('database')
  expect(all[0]).toBe('grant usage on schema "master"."public" to "public";')
  expect(all.at(-1)).toContain(
    'alter default permissions for all roles for tables grant select to creator_role;',
  )
})

test('the DDL of oneself is told, of others and of all it is refused', () => {
  const ddl = (role?: string) =>
    roleDdl(asking('bi'), { kind: 'role_ddl', scope: 'database', role }).flat()
  expect(ddl('bi')).toHaveLength(1)
  expect(() => ddl('readers')).toThrow(refused)
  expect(() => ddl()).toThrow(refused)
})

test('the admin option of a group is that of its members, however far away', async () => {
  await identity.createRole('officers')
  await identity.createRole('olga')
  await identity.grantRoles(['readers'], ['officers'], true)
  await identity.grantRoles(['officers'], ['olga'], false)
  expect([...administeredRoles(identity, 'olga')]).toEqual(['readers'])
  expect([...administeredRoles(identity, 'bi')]).toEqual([])
  expect(heldRoles(identity, 'olga').map(({ name }) => name)).toEqual([
    'olga',
    'officers',
    'readers',
    'public',
  ])
  expect(heldRoles(identity, 'nobody')).toEqual([])
})
