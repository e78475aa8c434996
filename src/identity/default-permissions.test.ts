import { expect, test } from 'vitest'
import type { DefaultGrant } from './defaults.ts'
import { identityForTests } from './identity-for-tests.ts'
import { MemoryIdentityStore } from './memory-identity-store.ts'
import type { OpenIdentity } from './open-identity.ts'
import type { ObjectRef } from './permission.ts'

const SCHEMA: ObjectRef = { kind: 'schema', databaseId: 'd', schemaId: 's' }
const OTHER_SCHEMA: ObjectRef = { kind: 'schema', databaseId: 'd', schemaId: 's2' }
const TABLE: ObjectRef = { kind: 'table', databaseId: 'd', schemaId: 's', tableId: 't' }
const OTHER: ObjectRef = { kind: 'table', databaseId: 'd', schemaId: 's2', tableId: 't2' }

const TO_READERS: DefaultGrant = {
  creator: 'designers',
  objectKind: 'table',
  schema: SCHEMA,
  permission: 'SELECT',
  grantee: 'readers',
}

async function withRoles(store = new MemoryIdentityStore()) {
  const { identity } = await identityForTests({ store })
  for (const name of ['designers', 'readers', 'anna']) {
    if (!identity.findRole(name)) await identity.createRole(name)
  }
  return { identity, store }
}

const idOf = (identity: OpenIdentity, name: string) => identity.findRole(name)?.id ?? ''

function heldBy(identity: OpenIdentity, name: string): string[] {
  return identity
    .grantsOf(idOf(identity, name))
    .map(({ permission, object }) => `${permission} ${object.tableId ?? object.schemaId}`)
    .toSorted()
}

test('who creates gets what the shipped rules say', async () => {
  const { identity } = await withRoles()
  const view: ObjectRef = { ...TABLE, kind: 'view', tableId: 'v' }
  await identity.grantDefaults(idOf(identity, 'anna'), [SCHEMA, TABLE, view])
  expect(heldBy(identity, 'anna')).toEqual([
    'CREATE s',
    'DDL s',
    'DDL t',
    'DDL v',
    'DELETE t',
    'INSERT t',
    'SELECT t',
    'SELECT v',
    'UPDATE t',
    'USAGE s',
  ])
})

test('a shipped rule that was dropped stays dropped, also after a restart', async () => {
  const { identity, store } = await withRoles()
  const rules = identity.listDefaultGrants().filter(({ objectKind }) => objectKind === 'table')
  await identity.dropDefaultGrants(rules)
  await identity.stop()
  const again = (await withRoles(store)).identity
  await again.grantDefaults(idOf(again, 'anna'), [TABLE, SCHEMA])
  expect(heldBy(again, 'anna')).toEqual(['CREATE s', 'DDL s', 'USAGE s'])
})

test('a cluster that is older than functions is given their rules, and no others again', async () => {
  const { identity, store } = await withRoles()
  const rules = identity
    .listDefaultGrants()
    .filter(({ objectKind }) => ['function', 'view'].includes(objectKind))
  await identity.dropDefaultGrants(rules)
  await identity.stop()
  const { version } = await store.load()
  await store.commit(version, [{ kind: 'set_property', name: 'shippedDefaults', value: '1' }])
  const again = (await withRoles(store)).identity
  const called: ObjectRef = { kind: 'function', databaseId: 'd', functionId: 'f' }
  await again.grantDefaults(idOf(again, 'anna'), [called, { ...TABLE, kind: 'view' }])
  const held = again.grantsOf(idOf(again, 'anna'))
  expect(held.map(({ permission, object }) => [permission, object])).toEqual([
    ['EXECUTE', called],
    ['DDL', called],
  ])
})

test('the local administrator has every right already, and gets none as a creator', async () => {
  const { identity } = await withRoles()
  await identity.addDefaultGrants([{ ...TO_READERS, creator: undefined, schema: undefined }])
  await identity.grantDefaults(identity.localAdministrator().roleId, [TABLE])
  expect(heldBy(identity, 'sqream')).toEqual([])
  expect(heldBy(identity, 'readers')).toEqual(['SELECT t'])
})

test('a rule is for its creator and the members of that group, in its schema alone', async () => {
  const { identity } = await withRoles()
  await identity.addDefaultGrants([TO_READERS])
  await identity.grantDefaults(idOf(identity, 'anna'), [TABLE])
  expect(heldBy(identity, 'readers')).toEqual([])
  await identity.grantRoles(['designers'], ['anna'], false)
  await identity.grantDefaults(idOf(identity, 'anna'), [{ ...TABLE, tableId: 't3' }, OTHER])
  expect(heldBy(identity, 'readers')).toEqual(['SELECT t3'])
})

test('a rule without a schema holds everywhere, and one for PUBLIC reaches everybody', async () => {
  const { identity } = await withRoles()
  const rule = { ...TO_READERS, creator: undefined, schema: undefined, grantee: 'public' }
  await identity.addDefaultGrants([rule, rule]) // once is enough
  await identity.grantDefaults(idOf(identity, 'designers'), [TABLE, OTHER])
  expect(heldBy(identity, 'public')).toEqual(['SELECT t', 'SELECT t2'])
  await identity.dropDefaultGrants([rule])
  await identity.grantDefaults(idOf(identity, 'designers'), [{ ...TABLE, tableId: 't4' }])
  expect(heldBy(identity, 'public')).not.toContain('SELECT t4')
})

test.each([
  [{ creator: 'nobody' }, 'undefined_object', 'role "nobody" does not exist'],
  [{ grantee: 'nobody' }, 'undefined_object', 'role "nobody" does not exist'],
  [{ creator: 'public' }, 'invalid_parameter_value', 'PUBLIC creates nothing'],
  [{ permission: 'USAGE' }, 'invalid_parameter_value', 'USAGE is not a permission on a table'],
  [
    { objectKind: 'schema', permission: 'USAGE' },
    'invalid_parameter_value',
    'not made in a schema',
  ],
  [
    { objectKind: 'schema', schema: undefined, permission: 'SUPERUSER', grantee: 'public' },
    'invalid_parameter_value',
    'SUPERUSER cannot be granted to PUBLIC',
  ],
] as const)('%o is refused, and with it all that came along', async (wrong, kind, message) => {
  const { identity } = await withRoles()
  const before = identity.listDefaultGrants()
  const rules = [TO_READERS, { ...TO_READERS, ...wrong }]
  await expect(identity.addDefaultGrants(rules)).rejects.toMatchObject({
    kind,
    message: expect.stringContaining(message),
  })
  expect(identity.listDefaultGrants()).toEqual(before)
})

test('dropping a rule that there is not is an error that drops nothing', async () => {
  const { identity } = await withRoles()
  await identity.addDefaultGrants([TO_READERS])
  const other = { ...TO_READERS, schema: undefined } // wider: not that rule
  await expect(identity.dropDefaultGrants([TO_READERS, other])).rejects.toMatchObject({
    kind: 'undefined_object',
    hint: expect.stringContaining('GET_ALL_ROLES_DATABASE_DDL'),
  })
  expect(identity.listDefaultGrants()).toContainEqual(TO_READERS)
})

test('with a role go the rules for it and to it, and its default schema', async () => {
  const { identity, store } = await withRoles()
  await identity.addDefaultGrants([TO_READERS, { ...TO_READERS, creator: undefined }])
  await identity.setDefaultSchema('designers', SCHEMA)
  await identity.dropRole('designers')
  expect(identity.listDefaultGrants()).toContainEqual({ ...TO_READERS, creator: undefined })
  await identity.dropRole('readers')
  expect(identity.listDefaultGrants().filter(({ schema }) => schema)).toEqual([])
  expect((await store.load()).defaultSchemas).toEqual([])
})

test('with a schema go the rules in it and defaults that name it: dropped, or lost in a crash', async () => {
  const { identity } = await withRoles()
  const there = { ...TO_READERS, schema: OTHER_SCHEMA }
  await identity.addDefaultGrants([TO_READERS, there])
  await identity.setDefaultSchema('anna', SCHEMA)
  await identity.setDefaultSchema('readers', OTHER_SCHEMA)
  await identity.forgetObjects(new Set(['s']))
  expect(identity.listDefaultGrants().filter(({ schema }) => schema)).toEqual([there])
  expect(identity.defaultSchemaOf(idOf(identity, 'anna'), 'd')).toBeUndefined()
  expect(identity.defaultSchemaOf(idOf(identity, 'readers'), 'd')).toBe('s2')
  expect(await identity.sweepGrants(new Set(['d']))).toEqual({ swept: 2 })
  expect(identity.defaultSchemaOf(idOf(identity, 'readers'), 'd')).toBeUndefined()
})

test('a default schema is one for each database, and the last one counts', async () => {
  const { identity, store } = await withRoles()
  await identity.setDefaultSchema('ANNA', SCHEMA)
  await identity.setDefaultSchema('anna', OTHER_SCHEMA)
  await identity.setDefaultSchema('anna', { ...SCHEMA, databaseId: 'd2' })
  const again = (await withRoles(store)).identity
  expect(again.defaultSchemaOf(idOf(again, 'anna'), 'd')).toBe('s2')
  expect(again.defaultSchemaOf(idOf(again, 'anna'), 'd2')).toBe('s')
  await expect(again.setDefaultSchema('public', SCHEMA)).rejects.toThrow('opens no sessions')
  await expect(again.setDefaultSchema('nobody', SCHEMA)).rejects.toThrow('does not exist')
})
