import { beforeEach, expect, test } from 'vitest'
import { apiForTests } from './api-for-tests.ts'
import type { ApiForTests } from './api-for-tests.ts'

/** `admin` has CLUSTERADMIN alone; `root` is SUPERUSER, `heir` by its membership; `power` is both. */
let api: ApiForTests

beforeEach(async () => {
  api = await apiForTests()
  const { identity } = api.parts
  await identity.createRole('admin', { clusterAdmin: true })
  await identity.createRole('power', { clusterAdmin: true, superuser: true })
  await identity.createRole('root', { superuser: true, login: true })
  await identity.createRole('heir', { login: true })
  await identity.createRole('reader', { login: true })
  await identity.grantRoles(['root'], ['heir'], false)
  for (const role of ['root', 'heir', 'reader']) {
    await identity.createClient({ name: `of-${role}`, role })
  }
})

type Act = [method: 'POST' | 'PATCH' | 'DELETE', path: string, body: object | undefined]

function actsOnClient(name: string): Act[] {
  return [
    ['PATCH', `/clients/${name}`, { label: 'x' }],
    ['PATCH', `/clients/${name}`, { role: 'reader' }],
    ['POST', `/clients/${name}/disable`, undefined],
    ['POST', `/clients/${name}/enable`, undefined],
    ['POST', `/clients/${name}/show-token`, undefined],
    ['POST', `/clients/${name}/regenerate`, {}],
    ['POST', `/clients/${name}/designate-jobs`, undefined],
    ['DELETE', `/clients/${name}`, undefined],
  ]
}

const UPWARDS: Act[] = [
  ...actsOnClient('of-root'),
  ...actsOnClient('of-heir'),
  ['POST', '/clients', { name: 'new', role: 'root' }],
  ['POST', '/clients', { name: 'new', role: 'heir' }],
  ['POST', '/clients', { name: 'new', role: 'sqream' }],
  ['PATCH', '/clients/of-reader', { role: 'root' }],
  ['PATCH', '/clients/of-reader', { role: 'heir' }],
  ['POST', '/roles', { name: 'new', superuser: true }],
  ['POST', '/roles', { name: 'new', clusterAdmin: true }],
  ['POST', '/roles', { name: 'new', connect: ['master'] }],
  ['PATCH', '/roles/reader', { superuser: true }],
  ['PATCH', '/roles/reader', { clusterAdmin: true }],
  ['PATCH', '/roles/admin', { superuser: true }],
  ['PATCH', '/roles/root', { superuser: false }],
  ['PATCH', '/roles/heir', { name: 'mine' }],
  ['DELETE', '/roles/power', undefined],
]

test.each(UPWARDS)(
  'without SUPERUSER, %s %s %o is a 403 and changes nothing',
  async (method, path, body) => {
    const { identity } = api.parts
    const before = JSON.stringify([identity.listClients(), identity.listRoles()])
    api.as('admin')
    const refused = await api.call(method, path, body)
    expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_privilege' } })
    expect(JSON.stringify([identity.listClients(), identity.listRoles()])).toBe(before)
    expect(api.audit.records.at(-1)).toMatchObject({ outcome: 'failed', username: 'ada' })
  },
)

test.each(UPWARDS.filter(([, path]) => path !== '/roles/power'))(
  'with SUPERUSER, %s %s %o goes through',
  async (method, path, body) => {
    api.as('power')
    expect((await api.call(method, path, body)).status).toBeLessThan(300)
  },
)

const SIDEWAYS: Act[] = [
  ...actsOnClient('of-reader'),
  ['POST', '/clients', { name: 'new', role: 'reader' }],
  ['POST', '/roles', { name: 'new', login: true }],
  ['PATCH', '/roles/reader', { name: 'writer', login: false }],
]

test.each(SIDEWAYS)(
  'without SUPERUSER, %s %s %o below it goes through',
  async (method, path, body) => {
    api.as('admin')
    expect((await api.call(method, path, body)).status).toBeLessThan(300)
  },
)

test('the refusal says which role it is about', async () => {
  api.as('admin')
  expect((await api.call('POST', '/clients/of-heir/show-token')).body).toMatchObject({
    title: 'this needs SUPERUSER, because role "heir" is',
  })
  expect((await api.call('POST', '/roles', { name: 'new', superuser: true })).body).toMatchObject({
    title: 'this needs SUPERUSER, because it gives SUPERUSER',
    field: 'superuser',
  })
})

test('a caller gives CONNECT on databases that it may enter itself', async () => {
  const { identity, catalog } = api.parts
  const [database] = (await catalog.current()).databases
  const object = { kind: 'database', databaseId: database?.id ?? '' } as const
  await identity.grant([{ role: 'admin', permission: 'CONNECT', object }])
  api.as('admin')
  const made = await api.call('POST', '/roles', { name: 'new', connect: ['master'] })
  expect(made.status).toBe(201)
})

test('without CLUSTERADMIN every route of the administration is a 403, without proof a 401', async () => {
  await api.app.ready()
  const { paths } = api.app.swagger() as unknown as {
    paths: Record<string, Record<string, { 'x-needs': string }>>
  }
  const answers: Record<string, number[]> = {}
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { 'x-needs': needs }] of Object.entries(methods)) {
      if (needs !== 'clusterAdmin') continue
      const url = path.replace('{name}', 'of-reader').replace('{id}', 'x').replace('{queryId}', '1')
      const ask = async (): Promise<number> =>
        (await api.app.inject({ method: method.toUpperCase() as 'GET', url })).statusCode
      api.as('reader')
      const asReader = await ask()
      api.asNobody()
      answers[`${method} ${path}`] = [asReader, await ask()]
    }
  }
  expect(Object.keys(answers).length).toBeGreaterThan(20)
  expect(new Set(Object.values(answers).map(String))).toEqual(new Set(['403,401']))
})
