import { expect, test } from 'vitest'
import { identityForTests } from './identity-for-tests.ts'
import type { OpenIdentity } from './open-identity.ts'
import type { Authority } from './authority.ts'
import type { ObjectRef } from './permission.ts'

const DATABASE: ObjectRef = { kind: 'database', databaseId: 'd' }
const SCHEMA: ObjectRef = { kind: 'schema', databaseId: 'd', schemaId: 's' }
const TABLE: ObjectRef = { kind: 'table', databaseId: 'd', schemaId: 's', tableId: 't' }
const OTHER: ObjectRef = { kind: 'table', databaseId: 'd', schemaId: 's2', tableId: 't2' }
const column = (name: string): ObjectRef => ({ ...TABLE, kind: 'column', column: name })

async function roles(...names: string[]): Promise<{
  identity: OpenIdentity
  authority: (name: string) => Authority
}> {
  const { identity } = await identityForTests()
  for (const name of names) await identity.createRole(name)
  return { identity, authority: (name) => identity.authority(identity.findRole(name)?.id ?? '') }
}

test('a new role may do nothing and knows of nothing', async () => {
  const { authority } = await roles('a')
  const nobody = authority('a')
  expect(nobody).toMatchObject({ superuser: false, clusterAdmin: false, login: false })
  expect(nobody.may('CONNECT', DATABASE)).toBe(false)
  expect(nobody.may('SELECT', TABLE)).toBe(false)
  expect(nobody.knows(TABLE)).toBe(false)
  expect(nobody.columns('SELECT', TABLE)).toEqual(new Set())
  expect(nobody.covers({ permission: 'SELECT', object: TABLE, name: 't', columns: [] })).toBe(false)
})

test('a grant gives that permission on that object alone, until it is revoked', async () => {
  const { identity, authority } = await roles('a', 'b')
  const grant = { role: 'a', permission: 'SELECT', object: TABLE } as const
  await identity.grant([grant])
  expect(authority('a').may('SELECT', TABLE)).toBe(true)
  expect(authority('a').may('SELECT', { ...TABLE, kind: 'view' })).toBe(true) // the id decides
  expect(authority('a').may('INSERT', TABLE)).toBe(false)
  expect(authority('a').may('SELECT', OTHER)).toBe(false)
  expect(authority('b').may('SELECT', TABLE)).toBe(false)
  await identity.revoke([grant])
  expect(authority('a').may('SELECT', TABLE)).toBe(false)
})

test('a grant on the table covers its columns; grants on columns do not cover the table', async () => {
  const { identity, authority } = await roles('whole', 'part')
  await identity.grant([
    { role: 'whole', permission: 'SELECT', object: TABLE },
    { role: 'part', permission: 'SELECT', object: column('Origin') },
    { role: 'part', permission: 'SELECT', object: column('delay') },
  ])
  const [whole, part] = [authority('whole'), authority('part')]
  const reads = (columns: string[]) =>
    ({ permission: 'SELECT', object: TABLE, name: 't', columns }) as const
  expect(whole.columns('SELECT', TABLE)).toBe('all')
  expect(whole.may('SELECT', column('secret'))).toBe(true)
  expect(whole.covers(reads(['secret']))).toBe(true)
  expect(part.columns('SELECT', TABLE)).toEqual(new Set(['Origin', 'delay']))
  expect(part.may('SELECT', column('ORIGIN'))).toBe(true)
  expect(part.may('SELECT', column('secret'))).toBe(false)
  expect(part.may('SELECT', TABLE)).toBe(false)
  expect(part.covers(reads(['origin', 'delay']))).toBe(true)
  expect(part.covers(reads(['origin', 'secret']))).toBe(false)
  expect(part.covers(reads([]))).toBe(true) // count(*)
  expect(part.covers({ permission: 'SELECT', object: TABLE, name: 't' })).toBe(false)
  expect(part.covers({ ...reads(['origin']), permission: 'INSERT' })).toBe(false)
  expect(part.columns('DDL', TABLE)).toEqual(new Set())
  expect(part.knows(TABLE)).toBe(true)
})

test('revoking from the table takes the columns too; a column of a granted table is not revoked silently', async () => {
  const { identity, authority } = await roles('a')
  const whole = { role: 'a', permission: 'SELECT', object: TABLE } as const
  const part = { role: 'a', permission: 'SELECT', object: column('x') } as const
  await identity.grant([whole, part])
  await expect(identity.revoke([part])).rejects.toMatchObject({
    kind: 'object_not_in_prerequisite_state',
    hint: expect.stringContaining('Revoke it from the table'),
  })
  await identity.revoke([whole])
  expect(authority('a').columns('SELECT', TABLE)).toEqual(new Set())
  await identity.grant([part])
  await identity.revoke([part])
  expect(authority('a').knows(TABLE)).toBe(false)
})

test('SUPERUSER of a schema covers what is in it, of a database what is in that, of the cluster all', async () => {
  const { identity, authority } = await roles('schema', 'database', 'cluster')
  await identity.grant([
    { role: 'schema', permission: 'SUPERUSER', object: SCHEMA },
    { role: 'database', permission: 'SUPERUSER', object: DATABASE },
  ])
  await identity.setRoleAttributes('cluster', { superuser: true })
  const held = (name: string) => {
    const role = authority(name)
    return {
      table: role.may('DELETE', TABLE) && role.knows(TABLE) && role.may('SELECT', column('x')),
      schema: role.may('CREATE', SCHEMA),
      other: role.may('SELECT', OTHER),
      database: role.may('CONNECT', DATABASE),
      elsewhere: role.may('CONNECT', { kind: 'database', databaseId: 'd2' }),
    }
  }
  const nothing = { table: false, schema: false, other: false, database: false, elsewhere: false }
  expect(held('schema')).toEqual({ ...nothing, table: true, schema: true })
  expect(held('database')).toEqual({
    ...nothing,
    table: true,
    schema: true,
    other: true,
    database: true,
  })
  expect(Object.values(held('cluster'))).not.toContain(false)
  expect(authority('schema').superuser).toBe(false)
})

test('rights are inherited through any number of memberships, and from PUBLIC', async () => {
  const { identity, authority } = await roles('readers', 'staff', 'anna')
  await identity.grantRoles(['readers'], ['staff'], false)
  await identity.grantRoles(['staff'], ['anna'], false)
  await identity.grant([
    { role: 'readers', permission: 'SELECT', object: TABLE },
    { role: 'public', permission: 'USAGE', object: SCHEMA },
  ])
  expect(authority('anna').may('SELECT', TABLE)).toBe(true)
  expect(authority('anna').may('USAGE', SCHEMA)).toBe(true)
  await identity.setRoleAttributes('readers', { login: true, clusterAdmin: true })
  expect(authority('anna')).toMatchObject({ login: false, clusterAdmin: true })
  await identity.revokeRoles(['readers'], ['staff'], false)
  expect(authority('anna').may('SELECT', TABLE)).toBe(false)
  expect(authority('anna').clusterAdmin).toBe(false)
})

test('a membership that would close a circle is refused, also over others', async () => {
  const { identity } = await roles('a', 'b', 'c')
  await identity.grantRoles(['a'], ['b'], false)
  await identity.grantRoles(['b'], ['c'], false)
  for (const [role, member] of [
    ['a', 'a'],
    ['b', 'a'],
    ['c', 'a'],
  ] as const) {
    const circle = identity.grantRoles([role], [member], false)
    await expect(circle).rejects.toMatchObject({ kind: 'invalid_parameter_value' })
  }
  await identity.grantRoles(['a'], ['c'], false) // a second way, no circle
  expect(
    identity
      .findRole('c')
      ?.memberOf.map(({ role }) => role)
      .toSorted(),
  ).toEqual(['a', 'b'])
})

test('an authority belongs to one version of the grants and is made once for it', async () => {
  const { identity, authority } = await roles('a')
  const before = authority('a')
  expect(authority('a')).toBe(before)
  await identity.grant([{ role: 'a', permission: 'SELECT', object: TABLE }])
  expect(before.may('SELECT', TABLE)).toBe(false)
  expect(authority('a').grantsVersion).toBeGreaterThan(before.grantsVersion)
})

test('the local administrator may everything', async () => {
  const { identity } = await roles()
  const { roleId } = identity.localAdministrator()
  expect(identity.authority(roleId)).toMatchObject({ superuser: true, clusterAdmin: true })
  expect(() => identity.authority('dropped')).toThrow('does not exist')
})
