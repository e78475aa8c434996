import { expect, test } from 'vitest'
import { allPermissions } from './grant-rules.ts'
import { identityForTests } from './identity-for-tests.ts'
import type { ObjectRef } from './permission.ts'

const SCHEMA: ObjectRef = { kind: 'schema', databaseId: 'd', schemaId: 's' }
const TABLE: ObjectRef = { kind: 'table', databaseId: 'd', schemaId: 's', tableId: 't' }

test('a new cluster has public 0 and sqream 1; roles after them are numbered on', async () => {
  const { identity } = await identityForTests()
  await identity.createRole('analyst')
  expect(identity.listRoles().map(({ number, name }) => [number, name])).toEqual([
    [0, 'public'],
    [1, 'sqream'],
    [2, 'analyst'],
  ])
})

test.each(['analyst', 'Anna.Smith@example.org', '_x', '7up', 'a'.repeat(128)])(
  'a role can be named %j',
  async (name) => {
    const { identity } = await identityForTests()
    expect(await identity.createRole(name, { login: true })).toMatchObject({ name, login: true })
    expect(identity.findRole(name.toUpperCase())?.name).toBe(name)
  },
)

test.each([
  '',
  ' a',
  'a b',
  'ä',
  'a"b',
  '-a',
  'a'.repeat(129),
  'public',
  'PUBLIC',
  'creator_role',
  'a\nb',
])('a role cannot be named %j, and is told why', async (name) => {
  const { identity } = await identityForTests()
  await expect(identity.createRole(name)).rejects.toMatchObject({
    kind: 'invalid_parameter_value',
    hint: expect.any(String),
  })
  expect(identity.listRoles()).toHaveLength(2)
})

test('names of roles are unique whatever their case; a rename keeps the id and its grants', async () => {
  const { identity } = await identityForTests()
  const { id } = await identity.createRole('Reader')
  await identity.grant([{ role: 'reader', permission: 'SELECT', object: TABLE }])
  await expect(identity.createRole('READER')).rejects.toMatchObject({ kind: 'duplicate_object' })
  await identity.renameRole('reader', 'READER') // of its own name, another spelling
  await identity.renameRole('READER', 'viewer')
  expect(identity.findRole('reader')).toBeUndefined()
  expect(identity.findRole('viewer')?.id).toBe(id)
  expect(identity.grantsOf(id)).toEqual([{ permission: 'SELECT', object: TABLE }])
})

test('a dropped role takes its grants and memberships along; the name brings nothing back', async () => {
  const { identity } = await identityForTests()
  await identity.createRole('group')
  await identity.createRole('a')
  await identity.grantRoles(['group'], ['a'], true)
  await identity.grant([{ role: 'group', permission: 'SELECT', object: TABLE }])
  await identity.dropRole('group')
  expect(identity.findRole('a')?.memberOf).toEqual([])
  const { id } = await identity.createRole('group')
  expect(identity.grantsOf(id)).toEqual([])
  await expect(identity.dropRole('nobody')).rejects.toMatchObject({ kind: 'undefined_object' })
})

test('a role that clients use is not dropped, and they are named', async () => {
  const { identity } = await identityForTests()
  await identity.createRole('bi', { login: true })
  await identity.createClient({ name: 'tableau', role: 'bi' })
  await identity.createClient({ name: 'powerbi', role: 'bi' })
  await expect(identity.dropRole('bi')).rejects.toMatchObject({
    kind: 'dependent_objects_still_exist',
    detail: expect.stringContaining('powerbi, tableau'),
  })
  await identity.deleteClient('tableau')
  await identity.deleteClient('powerbi')
  await identity.dropRole('bi')
})

test.each(['public', 'sqream'])('the built-in role %s stays as it is', async (name) => {
  const { identity } = await identityForTests()
  const kind = 'insufficient_privilege'
  await expect(identity.dropRole(name)).rejects.toMatchObject({ kind })
  await expect(identity.renameRole(name, 'x')).rejects.toMatchObject({ kind })
  const attributes = { superuser: true }
  await expect(identity.setRoleAttributes(name, attributes)).rejects.toMatchObject({ kind })
})

test('the admin option is given and taken alone', async () => {
  const { identity } = await identityForTests()
  for (const name of ['group', 'a']) await identity.createRole(name)
  await identity.grantRoles(['group'], ['a'], true)
  await identity.grantRoles(['group'], ['a'], false) // does not take it away, as in PostgreSQL
  expect(identity.findRole('a')?.memberOf).toEqual([{ role: 'group', adminOption: true }])
  await identity.revokeRoles(['group'], ['a'], true)
  expect(identity.findRole('a')?.memberOf).toEqual([{ role: 'group', adminOption: false }])
  await identity.revokeRoles(['group'], ['a'], false)
  expect(identity.findRole('a')?.memberOf).toEqual([])
  await expect(identity.grantRoles(['public'], ['a'], false)).rejects.toThrow('every role')
  await expect(identity.grantRoles(['a'], ['public'], false)).rejects.toThrow('every role')
})

test('a permission that the object does not have is refused with those it has', async () => {
  const { identity } = await identityForTests()
  await identity.createRole('a')
  const view: ObjectRef = { ...TABLE, kind: 'view' }
  await expect(
    identity.grant([
      { role: 'a', permission: 'SELECT', object: view },
      { role: 'a', permission: 'INSERT', object: view },
    ]),
  ).rejects.toMatchObject({
    kind: 'invalid_parameter_value',
    hint: 'On a view there are: SELECT, DDL.',
  })
  expect(identity.grantsOf(identity.findRole('a')?.id ?? '')).toEqual([]) // all or nothing
  await expect(
    identity.grant([{ role: 'public', permission: 'SUPERUSER', object: SCHEMA }]),
  ).rejects.toThrow('cannot be granted to PUBLIC')
})

test('ALL is everything but SUPERUSER', () => {
  expect(allPermissions('database')).toEqual([
    'CONNECT',
    'CREATE',
    'CREATE FUNCTION',
    'CREATE JOB',
    'DDL',
  ])
  expect(allPermissions('schema')).toEqual(['USAGE', 'CREATE', 'DDL'])
})

test('a repeated grant or revoke changes nothing and no version', async () => {
  const { identity, told } = await identityForTests()
  await identity.createRole('a')
  const grant = { role: 'a', permission: 'SELECT', object: TABLE } as const
  await identity.grant([grant])
  const { grantsVersion } = identity
  told.length = 0
  await identity.grant([grant])
  expect({ told, grantsVersion: identity.grantsVersion }).toEqual({ told: [], grantsVersion })
  await identity.revoke([grant])
  expect(told).toEqual([{ kind: 'grants_changed', grantsVersion: grantsVersion + 1 }])
  await identity.revoke([grant])
  expect(told).toHaveLength(1)
})

test('the sweep forgets grants on what does not exist; forgetting an object takes what is in it', async () => {
  const { identity } = await identityForTests()
  const { id } = await identity.createRole('a')
  const column: ObjectRef = { ...TABLE, kind: 'column', column: 'x' }
  const other: ObjectRef = { ...TABLE, tableId: 't2', schemaId: 's2' }
  const gone: ObjectRef = { ...TABLE, tableId: 'gone' }
  await identity.grant([
    { role: 'a', permission: 'USAGE', object: SCHEMA },
    { role: 'a', permission: 'SELECT', object: column },
    { role: 'a', permission: 'SELECT', object: other },
    { role: 'a', permission: 'SELECT', object: gone },
  ])
  const sweep = await identity.sweepGrants(new Set(['d', 's', 's2', 't', 't2']))
  expect(sweep).toEqual({ swept: 1 })
  await identity.forgetObjects(new Set(['s'])) // a dropped schema
  expect(identity.grantsOf(id)).toEqual([{ permission: 'SELECT', object: other }])
})

test('PUBLIC gets USAGE on the first schema once; what was revoked stays revoked', async () => {
  const { identity, store } = await identityForTests()
  const first = { databaseId: 'd', schemaId: 's', publicCreate: false }
  const publicId = identity.findRole('public')?.id ?? ''
  await identity.bootstrap(first)
  expect(identity.grantsOf(publicId)).toEqual([{ permission: 'USAGE', object: SCHEMA }])
  await identity.revoke([{ role: 'public', permission: 'USAGE', object: SCHEMA }])
  await identity.stop()
  const again = await identityForTests({ store })
  await again.identity.bootstrap(first)
  expect(again.identity.grantsOf(publicId)).toEqual([])
  const open = await identityForTests()
  await open.identity.bootstrap({ ...first, publicCreate: true })
  expect(open.identity.grantsOf(publicId).map(({ permission }) => permission)).toEqual([
    'USAGE',
    'CREATE',
  ])
})
