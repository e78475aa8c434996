/** Every route of the API, as its description lists them, asked by those who may not. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { makeUser, openHttpsDoor, send, signedIn } from '../../../test/fixtures/https-door.ts'
import type { Browser, TestHttpsDoor } from '../../../test/fixtures/https-door.ts'

interface Route {
  readonly method: string
  readonly url: string
  readonly needs: string
}

vi.setConfig({ testTimeout: 120_000 }) // a connection of its own for each request

let door: TestHttpsDoor
let routes: Route[]
let analyst: Browser
let administrator: Browser

beforeAll(async () => {
  door = await openHttpsDoor()
  await door.identity.createRole('analysts', { login: true })
  await makeUser(door, 'ada')
  await makeUser(door, 'bob', 'analysts')
  administrator = await signedIn(door, 'ada')
  analyst = await signedIn(door, 'bob')
  const { paths } = (await send(door, '/openapi.json')).json() as unknown as {
    paths: Record<string, Record<string, { 'x-needs': string }>>
  }
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({
      method: method.toUpperCase(),
      url: path.replaceAll(/\{\w+\}/g, 'x'),
      needs: one['x-needs'],
    })),
  )
})
afterAll(() => door.close())

function of(needs: string): Route[] {
  return routes.filter((route) => route.needs === needs)
}

test('nobody gets further than 401 where somebody is needed', async () => {
  const some = routes.filter(({ needs }) => needs !== 'nothing')
  expect(some.length).toBeGreaterThan(25)
  for (const { method, url } of some) {
    const { status, headers, text } = await send(door, url, { method })
    expect([method, url, status]).toEqual([method, url, 401])
    expect(headers['content-type']).toContain('application/problem+json')
    const isApi = url.startsWith('/api/')
    expect(headers['cache-control'] === 'no-store').toBe(isApi)
    expect(text).not.toContain('<')
  }
})

test('a user without CLUSTERADMIN gets 403 where that is needed; one with it gets further', async () => {
  expect(of('clusterAdmin').length).toBeGreaterThan(20)
  for (const { method, url } of of('clusterAdmin')) {
    const refused = await analyst.send(url, { method })
    expect([method, url, refused.status]).toEqual([method, url, 403])
    expect(refused.json()).toMatchObject({ title: 'this needs a role with CLUSTERADMIN' })
  }
  for (const url of ['/api/v1/users', '/api/v1/clients', '/api/v1/roles']) {
    expect([url, (await administrator.get(url)).status]).toEqual([url, 200])
  }
})

test('every signed-in user gets into what needs no more', async () => {
  expect(of('signedIn').length).toBeGreaterThan(3)
  expect((await analyst.get('/api/v1/me')).json()).toMatchObject({
    name: 'bob',
    clusterAdmin: false,
  })
  expect((await analyst.get('/api/v1/status')).status).toBe(200)
})
