import { beforeEach, expect, test } from 'vitest'
import { buildSnapshot } from '../../catalog/build-snapshot.ts'
import { apiForTests } from './api-for-tests.ts'
import type { ApiForTests } from './api-for-tests.ts'

let api: ApiForTests

const SNAPSHOT = buildSnapshot({
  catalogVersion: 1,
  databases: [{ id: 'd1', name: 'master' }],
  schemas: [
    { id: 's2', database: 'master', name: 'sales' },
    { id: 's1', database: 'master', name: 'public' },
  ],
  tables: [
    {
      kind: 'table',
      id: 't1',
      database: 'master',
      schema: 'public',
      name: 'flights',
      columns: [
        { name: 'carrier', typeName: 'VARCHAR', nullable: true, defaultExpression: undefined },
        { name: 'price', typeName: 'DECIMAL(10,2)', nullable: true, defaultExpression: undefined },
      ],
      primaryKey: [],
      estimatedRows: 7,
    },
  ],
})

beforeEach(async () => {
  api = await apiForTests({
    catalog: { current: () => Promise.resolve(SNAPSHOT) },
  })
})

test('roles come in pages in the order of their making; search finds names', async () => {
  for (const name of ['zeta', 'alpha', 'Beta']) await api.call('POST', '/roles', { name })
  const names = (body: { items: { name: string }[] }): string[] =>
    body.items.map(({ name }) => name)
  const first = (await api.call('GET', '/roles?limit=3')).body
  expect(names(first)).toEqual(['public', 'sqream', 'zeta'])
  const rest = (await api.call('GET', `/roles?limit=3&after=${first.next}`)).body
  expect(names(rest)).toEqual(['alpha', 'Beta'])
  expect(names((await api.call('GET', '/roles?search=beta')).body)).toEqual(['Beta'])
})

test('a role is shown with members, grants by name, and who uses it', async () => {
  const { identity } = api.parts
  await api.call('POST', '/roles', { name: 'reader', login: true, connect: ['master'] })
  await api.call('POST', '/roles', { name: 'member' })
  await identity.grantRoles(['reader'], ['member'], true)
  const table = { databaseId: 'd1', schemaId: 's1', tableId: 't1' } as const
  await identity.grant([
    {
      role: 'reader',
      permission: 'USAGE',
      object: { kind: 'schema', databaseId: 'd1', schemaId: 's1' },
    },
    { role: 'reader', permission: 'SELECT', object: { kind: 'column', column: 'price', ...table } },
    { role: 'reader', permission: 'SELECT', object: { kind: 'table', ...table, tableId: 'gone' } },
  ])
  for (let i = 0; i < 101; i += 1) {
    await identity.createClient({ name: `c${String(i).padStart(3, '0')}`, role: 'reader' })
  }
  for (const name of ['bob', 'ada']) await identity.createUser({ name, role: 'reader' })
  const { body, headers } = await api.call('GET', '/roles/reader')
  expect(body).toMatchObject({
    name: 'reader',
    members: [{ role: 'member', adminOption: true }],
    grants: [
      { permission: 'CONNECT', objectKind: 'database', database: 'master' },
      { permission: 'USAGE', objectKind: 'schema', database: 'master', schema: 'public' },
      {
        permission: 'SELECT',
        objectKind: 'column',
        database: 'master',
        schema: 'public',
        table: 'flights',
        column: 'price',
      },
    ],
    clients: { total: 101 },
    users: { names: ['ada', 'bob'], total: 2 },
  })
  expect(body.grants).toHaveLength(3)
  expect(body.clients.names).toHaveLength(100)
  expect(headers['etag']).toBe(`"${body.etag}"`)
})

test('PATCH renames and gives attributes as one, and knows what its caller saw', async () => {
  const { etag } = (await api.call('POST', '/roles', { name: 'reader' })).body
  const match = { 'if-match': `"${etag}"` }
  const changed = await api.call('PATCH', '/roles/reader', { name: 'analyst', login: true }, match)
  expect(changed).toMatchObject({ status: 200, body: { name: 'analyst', login: true } })
  expect(await api.call('PATCH', '/roles/analyst', { login: false }, match)).toMatchObject({
    status: 412,
    body: { code: 'conflict' },
  })
  expect(await api.call('DELETE', '/roles/analyst', undefined, match)).toMatchObject({
    status: 412,
  })
  const now = { 'if-match': `"${changed.body.etag}"` }
  expect((await api.call('DELETE', '/roles/analyst', undefined, now)).status).toBe(204)
  expect(api.audit.records.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
    'role_created succeeded',
    'role_changed succeeded',
    'role_changed failed',
    'role_dropped failed',
    'role_dropped succeeded',
  ])
})

test.each([
  [{ name: 'a b' }, 400, 'name'],
  [{ name: 'PUBLIC' }, 400, 'name'],
  [{ name: 'other' }, 409, 'name'],
  [{ login: 'yes' }, 400, 'login'],
  [{ colour: 'blue' }, 400, 'colour'],
])('PATCH with %o changes nothing, and names the field', async (body, status, field) => {
  for (const name of ['reader', 'other']) await api.call('POST', '/roles', { name })
  const before = (await api.call('GET', '/roles/reader')).body
  expect(await api.call('PATCH', '/roles/reader', body)).toMatchObject({ status, body: { field } })
  expect((await api.call('GET', '/roles/reader')).body).toEqual(before)
})

test('the same Idempotency-Key makes one role', async () => {
  const key = { 'idempotency-key': 'k' }
  const body = { name: 'reader', connect: ['master'] }
  const first = await api.call('POST', '/roles', body, key)
  const second = await api.call('POST', '/roles', body, key)
  expect(second).toMatchObject({ status: 201, body: first.body })
  expect(first.headers['location']).toBe('/api/v1/roles/reader')
})

test('a role in use cannot be dropped, and the answer says who uses it', async () => {
  await api.call('POST', '/roles', { name: 'reader' })
  await api.call('POST', '/clients', { name: 'tableau', role: 'reader' })
  expect(await api.call('DELETE', '/roles/reader')).toMatchObject({
    status: 409,
    body: { code: 'dependent_objects_still_exist', detail: expect.stringContaining('tableau') },
  })
})

test('the tree of objects is whole and in the order of names', async () => {
  expect((await api.call('GET', '/objects')).body).toEqual({
    databases: [
      {
        name: 'master',
        functions: [],
        schemas: [
          {
            name: 'public',
            tables: [
              {
                name: 'flights',
                kind: 'table',
                columns: [
                  { name: 'carrier', type: 'VARCHAR' },
                  { name: 'price', type: 'DECIMAL(10,2)' },
                ],
              },
            ],
            sequences: [],
          },
          { name: 'sales', tables: [], sequences: [] },
        ],
      },
    ],
    locations: [],
  })
})
