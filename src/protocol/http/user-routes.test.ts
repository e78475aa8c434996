import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  Browser,
  makeUser,
  openHttpsDoor,
  secretOf,
  signedIn,
} from '../../../test/fixtures/https-door.ts'
import type { Answer, TestHttpsDoor } from '../../../test/fixtures/https-door.ts'

const DAY = 86_400_000

let door: TestHttpsDoor
let ada: Browser
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  door = await openHttpsDoor()
  await makeUser(door, 'ada')
  ada = await signedIn(door, 'ada')
})
afterEach(async () => {
  await door.close()
  vi.useRealTimers()
})

async function invite(name: string, role = 'sqream'): Promise<string> {
  const created = await ada.post('/api/v1/users', { name, role })
  expect(created.status).toBe(201)
  return secretOf((created.json()['link'] as { url: string }).url)
}

function use(secret: string, password: string, more: object = {}): Promise<Answer> {
  return new Browser(door).post('/api/v1/one-time-links/use', { secret, password, ...more })
}

test('a user is invited by a link whose secret is in the fragment, chooses a password, and is in', async () => {
  await door.identity.createRole('analysts', { login: true })
  const created = await ada.post('/api/v1/users', { name: 'Bob@Example.org', role: 'analysts' })
  expect(created.headers['location']).toBe('/api/v1/users/Bob%40Example.org')
  expect(created.json()).toEqual({
    user: {
      id: expect.any(String),
      name: 'Bob@Example.org',
      role: 'analysts',
      enabled: true,
      hasPassword: false,
      createdAt: new Date().toISOString(),
      etag: expect.any(String),
    },
    link: {
      url: expect.stringMatching(/^https:\/\/localhost:8443\/welcome#[\w-]{43}$/),
      purpose: 'invitation',
      expiresAt: new Date(Date.now() + DAY).toISOString(),
    },
  })
  const secret = secretOf((created.json()['link'] as { url: string }).url)
  const look = await new Browser(door).post('/api/v1/one-time-links/look', { secret })
  expect(look.json()).toMatchObject({ purpose: 'invitation', userName: 'Bob@Example.org' })
  const bob = new Browser(door)
  const used = await bob.post('/api/v1/one-time-links/use', {
    secret,
    password: 'long enough for bob',
  })
  expect(used.json()).toMatchObject({ kind: 'user', name: 'Bob@Example.org', clusterAdmin: false })
  expect((await bob.get('/api/v1/me')).status).toBe(200)
  expect((await new Browser(door).signIn('bob@example.org', 'long enough for bob')).status).toBe(
    200,
  )
  const shown = await ada.get('/api/v1/users/bob%40example.org')
  expect(shown.json()).toMatchObject({ hasPassword: true, lastSignInAt: new Date().toISOString() })
  expect(door.audit.records.map(({ action, username }) => `${action} ${username}`)).toEqual([
    'sign_in ada',
    'user_created ada',
    'one_time_link_used Bob@Example.org',
    'sign_in Bob@Example.org',
    'sign_in Bob@Example.org',
  ])
})

test('a link works once, until a newer one is made, and for a day', async () => {
  const invalid = { code: 'undefined_object', title: 'this link is not valid' }
  const first = await invite('bob')
  const second = secretOf(String((await ada.post('/api/v1/users/bob/one-time-link')).json()['url']))
  expect((await use(first, 'long enough for bob')).json()).toMatchObject(invalid)
  expect((await use(second, 'long enough for bob')).status).toBe(200)
  expect((await use(second, 'long enough for eve')).json()).toMatchObject(invalid)
  const reset = (await ada.post('/api/v1/users/bob/one-time-link')).json()
  expect(reset['purpose']).toBe('reset')
  vi.setSystemTime(Date.now() + DAY)
  const late = await use(secretOf(String(reset['url'])), 'long enough for eve')
  expect(late.json()).toMatchObject(invalid)
  for (const secret of ['', 'x', 'A'.repeat(43), 'A'.repeat(255)]) {
    expect((await use(secret, 'long enough for eve')).status).toBe(404)
  }
  expect((await new Browser(door).signIn('bob', 'long enough for bob')).status).toBe(200)
})

test('a reset ends every session of the user, and a link of a disabled user is not valid', async () => {
  await makeUser(door, 'bob')
  const bob = await signedIn(door, 'bob')
  const make = async () =>
    secretOf(String((await ada.post('/api/v1/users/bob/one-time-link')).json()['url']))
  const secret = await make()
  expect((await bob.get('/api/v1/me')).status).toBe(200)
  expect((await use(secret, 'another long password')).status).toBe(200)
  expect((await bob.get('/api/v1/me')).status).toBe(401)
  const unused = await make()
  await ada.post('/api/v1/users/bob/disable')
  expect((await use(unused, 'another long password')).status).toBe(404)
  await ada.post('/api/v1/users/bob/enable')
  expect((await use(unused, 'another long password')).status).toBe(200)
})

test.each([
  ['elf Zeichen', 'is too short'],
  ['Qwertyuiop123', 'tried first'],
  ['abcabcabcabcabc', 'tried first'],
  ['bob@example.org', 'name of the user'],
  ['x'.repeat(1_025), 'too long'],
])('the password %s is refused, and the link stays valid', async (password, text) => {
  const secret = await invite('bob@example.org')
  const refused = await use(secret, password)
  expect(refused.status).toBe(400)
  expect(refused.json()).toMatchObject({ field: 'password', hint: expect.any(String) })
  expect(refused.json()['title']).toContain(text)
  expect(refused.text).not.toContain(password)
  expect((await use(secret, 'Zwölf Zeichen ✓')).status).toBe(200)
})

test('the first user is made by the setup link, once; after that there is none', async () => {
  const fresh = await openHttpsDoor()
  const link = await fresh.identity.makeSetupLink()
  const newer = await fresh.identity.makeSetupLink()
  const setUp = (secret: string | undefined, userName?: string) =>
    new Browser(fresh).post('/api/v1/one-time-links/use', {
      secret,
      password: 'long enough for ada',
      ...(userName !== undefined && { userName }),
    })
  expect((await setUp(link?.secret, 'ada')).status).toBe(404)
  expect((await setUp(newer?.secret)).json()).toMatchObject({ field: 'userName' })
  expect((await setUp(newer?.secret, ' ada')).json()).toMatchObject({ field: 'name' })
  const both = await Promise.all([setUp(newer?.secret, 'ada'), setUp(newer?.secret, 'eve')])
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404])
  expect(fresh.identity.listUsers()).toMatchObject([{ role: 'sqream', hasPassword: true }])
  expect(await fresh.identity.makeSetupLink()).toBeUndefined()
  await fresh.close()
})

test('disabling, deleting and another role sign a user out at once', async () => {
  await door.identity.createRole('admins', { login: true, clusterAdmin: true })
  await makeUser(door, 'bob')
  const cutOff = async (act: () => Promise<Answer>): Promise<void> => {
    const bob = await signedIn(door, 'bob')
    const { status } = await act()
    expect(status).toBeLessThan(300)
    expect((await bob.get('/api/v1/me')).status).toBe(401)
  }
  await cutOff(() => ada.post('/api/v1/users/bob/disable'))
  expect((await new Browser(door).signIn('bob')).status).toBe(401)
  await ada.post('/api/v1/users/bob/enable')
  await cutOff(() => ada.send('/api/v1/users/bob', { method: 'PATCH', body: { role: 'admins' } }))
  expect((await signedIn(door, 'bob')).cookie).toBeDefined()
  await cutOff(() => ada.send('/api/v1/users/bob', { method: 'DELETE' }))
  expect((await ada.get('/api/v1/users/bob')).status).toBe(404)
})

test('the last one who can administer stays: enabled, with a password, with that right', async () => {
  await door.identity.createRole('analysts', { login: true })
  await invite('bob') // who has no password yet
  const acts = () => [
    ada.post('/api/v1/users/ada/disable'),
    ada.send('/api/v1/users/ada', { method: 'DELETE' }),
    ada.send('/api/v1/users/ada', { method: 'PATCH', body: { role: 'analysts' } }),
  ]
  for (const act of acts()) expect((await act).json()).toMatchObject({ code: 'object_in_use' })
  await makeUser(door, 'eve')
  expect((await ada.post('/api/v1/users/ada/disable')).status).toBe(200)
})

test('the last administrators keep their role as it is, whichever way it would be taken', async () => {
  const { identity } = door
  await identity.createRole('admins', { login: true, clusterAdmin: true })
  await identity.createRole('group', { clusterAdmin: true })
  await identity.createRole('team', { login: true })
  await identity.grantRoles(['group'], ['team'], true)
  const lose = [
    () => identity.changeRole('admins', { clusterAdmin: false }),
    () => identity.changeRole('admins', { login: false }),
    () => identity.changeRole('group', { clusterAdmin: false }),
    () => identity.changeRole('team', { login: false }),
    () => identity.revokeRoles(['group'], ['team'], false),
    () => identity.dropRole('group'),
  ]
  await identity.setUserRole('ada', 'admins')
  ada = await signedIn(door, 'ada')
  const refused = await ada.send('/api/v1/roles/admins', {
    method: 'PATCH',
    body: { clusterAdmin: false },
  })
  expect(refused.json()).toMatchObject({
    code: 'object_in_use',
    title: 'user "ada" is the last one who can administer this gateway',
  })
  for (const act of lose.slice(0, 2))
    await expect(act()).rejects.toMatchObject({ kind: 'object_in_use' })
  await identity.setUserRole('ada', 'team')
  for (const act of lose.slice(2))
    await expect(act()).rejects.toMatchObject({ kind: 'object_in_use' })
  await identity.revokeRoles(['group'], ['team'], true) // the ADMIN OPTION alone
  await makeUser(door, 'bob', 'team')
  await expect(identity.dropRole('group')).rejects.toThrow(
    'users "ada", "bob" are the last ones who can administer this gateway',
  )
  await makeUser(door, 'eve')
  for (const act of lose) await act() // eve administers
})

test('the same Idempotency-Key makes one user, with a new link each time, until it is used', async () => {
  const ask = (body: object) =>
    ada.send('/api/v1/users', { body, headers: { 'idempotency-key': 'k1' } })
  const body = { name: 'bob', role: 'sqream' }
  const first = (await ask(body)).json() as { user: object; link: { url: string } }
  const again = (await ask(body)).json() as { user: object; link: { url: string } }
  expect(again.user).toEqual(first.user)
  expect((await use(secretOf(first.link.url), 'long enough for bob')).status).toBe(404)
  expect((await ask({ ...body, name: 'eve' })).json()).toMatchObject({
    code: 'duplicate_object',
    field: 'Idempotency-Key',
  })
  expect((await use(secretOf(again.link.url), 'long enough for bob')).status).toBe(200)
  expect((await ask(body)).json()).toMatchObject({ code: 'object_not_in_prerequisite_state' })
  expect(door.identity.listUsers()).toHaveLength(2)
})

test('who is not SUPERUSER touches no user who is, and makes none', async () => {
  await door.identity.createRole('admins', { login: true, clusterAdmin: true })
  await door.identity.createRole('owners', { login: true })
  await door.identity.grantRoles(['sqream'], ['owners'], false) // SUPERUSER by membership
  await makeUser(door, 'bob', 'admins')
  await makeUser(door, 'zoe', 'admins')
  const bob = await signedIn(door, 'bob')
  const needsSuperuser = { code: 'insufficient_privilege' }
  for (const answer of [
    await bob.post('/api/v1/users', { name: 'eve', role: 'sqream' }),
    await bob.post('/api/v1/users', { name: 'eve', role: 'owners' }),
    await bob.send('/api/v1/users/bob', { method: 'PATCH', body: { role: 'owners' } }),
    await bob.send('/api/v1/users/ada', { method: 'PATCH', body: { role: 'admins' } }),
    await bob.send('/api/v1/users/ada', { method: 'DELETE' }),
    await bob.post('/api/v1/users/ada/disable'),
    await bob.post('/api/v1/users/ada/one-time-link'),
  ]) {
    expect(answer.status).toBe(403)
    expect(answer.json()).toMatchObject(needsSuperuser)
    expect(answer.json()['title']).toContain('needs SUPERUSER')
  }
  expect((await ada.get('/api/v1/me')).status).toBe(200)
  expect((await bob.post('/api/v1/users/zoe/one-time-link')).status).toBe(201)
  expect((await bob.post('/api/v1/users', { name: 'eve', role: 'admins' })).status).toBe(201)
})

test('an act on a state that somebody else changed is refused', async () => {
  await makeUser(door, 'bob')
  const seen = (await ada.get('/api/v1/users/bob')).headers['etag'] ?? ''
  const disable = (etag: string) =>
    ada.send('/api/v1/users/bob/disable', { method: 'POST', headers: { 'if-match': etag } })
  expect((await disable(seen)).status).toBe(200)
  const late = await disable(seen)
  expect(late.status).toBe(412)
  expect(late.json()).toMatchObject({ code: 'conflict' })
})

test('users are listed in pages and found by a part of their name', async () => {
  for (const name of ['bob', 'Bobby', 'eve']) await invite(name)
  const list = async (query: string) => (await ada.get(`/api/v1/users${query}`)).json()
  const page = await list('?limit=2')
  expect(page).toMatchObject({ total: 4, next: expect.any(String) })
  const rest = await list(`?limit=2&after=${String(page['next'])}`)
  const names = [page, rest].flatMap(({ items }) =>
    (items as { name: string }[]).map(({ name }) => name),
  )
  expect(names.toSorted()).toEqual(['Bobby', 'ada', 'bob', 'eve'])
  expect(await list('?search=BOB')).toMatchObject({ total: 2 })
})

test.each([
  [{ name: 'local', role: 'sqream' }, /reserved/],
  [{ name: ' bob', role: 'sqream' }, /cannot name a user/],
  [{ name: 'b\u202eob', role: 'sqream' }, /cannot name a user/],
  [{ name: '', role: 'sqream' }, /cannot name a user/],
  [{ name: 'x'.repeat(256), role: 'sqream' }, /cannot name a user/],
  [{ name: 'ADA', role: 'sqream' }, /user "ada" already exists/],
  [{ name: 'Tableau', role: 'sqream' }, /client "tableau" already exists/],
  [{ name: 'bob', role: 'public' }, /cannot act as "public"/],
  [{ name: 'bob', role: 'nobody' }, /role "nobody" does not exist/],
  [{ name: 'bob' }, /role/],
])('a user %o is refused', async (body, title) => {
  await door.identity.createClient({ name: 'tableau', role: 'sqream' })
  const refused = await ada.post('/api/v1/users', body)
  expect(refused.status).toBeGreaterThanOrEqual(400)
  expect(refused.json()['title']).toMatch(title)
  expect(door.identity.listUsers()).toHaveLength(1)
})
