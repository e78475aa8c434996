import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  Browser,
  PASSWORD,
  makeUser,
  openHttpsDoor,
  secretOf,
  send,
  signedIn,
} from '../../../test/fixtures/https-door.ts'
import type { TestHttpsDoor } from '../../../test/fixtures/https-door.ts'

const MINUTE = 60_000

let door: TestHttpsDoor
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  door = await openHttpsDoor()
  await makeUser(door, 'ada')
})
afterEach(async () => {
  await door.close()
  vi.useRealTimers()
})

function later(ms: number): void {
  vi.setSystemTime(Date.now() + ms)
}

async function statusOfMe(browser: Browser): Promise<number> {
  return (await browser.get('/api/v1/me')).status
}

test('a user signs in, is known by the cookie, and signs out', async () => {
  const browser = new Browser(door)
  const answer = await browser.signIn('ADA')
  expect(answer.json()).toEqual({
    kind: 'user',
    name: 'ada',
    role: 'sqream',
    superuser: true,
    clusterAdmin: true,
    provenUntil: new Date(Date.now() + 5 * MINUTE).toISOString(),
    expiresAt: new Date(Date.now() + 15 * MINUTE).toISOString(),
  })
  expect(answer.headers['set-cookie']).toEqual([
    expect.stringMatching(
      /^__Host-bluegate=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    ),
  ])
  expect((await browser.get('/api/v1/me')).json()).toMatchObject({ kind: 'user', name: 'ada' })
  const old = new Browser(door, browser.cookie)
  const out = await browser.post('/api/v1/sign-out')
  expect(out.status).toBe(204)
  expect(out.headers['set-cookie']?.[0]).toContain('Max-Age=0')
  expect(await statusOfMe(old)).toBe(401)
  expect(door.audit.records.map(({ action }) => action)).toEqual(['sign_in', 'sign_out'])
  expect(door.audit.records[0]).toMatchObject({
    category: 'SESSION',
    outcome: 'succeeded',
    username: 'ada',
    roleName: 'sqream',
    door: 'http',
    address: '127.0.0.1',
    initiatedBy: 'Blue_UI_User',
  })
})

test('an id that was known before the sign-in is worth nothing after it', async () => {
  const planted = `__Host-bluegate=${'A'.repeat(43)}`
  const victim = new Browser(door, planted)
  await victim.signIn('ada')
  expect(victim.cookie).not.toBe(planted)
  expect(await statusOfMe(new Browser(door, planted))).toBe(401)
  const first = new Browser(door, victim.cookie)
  await victim.signIn('ada') // again, with a living session: that one ends
  expect(await statusOfMe(first)).toBe(401)
  expect(await statusOfMe(victim)).toBe(200)
})

test('a proof of the password gives a new cookie and ends the old one', async () => {
  const browser = await signedIn(door, 'ada')
  const old = new Browser(door, browser.cookie)
  later(6 * MINUTE)
  expect((await browser.get('/api/v1/me')).json()['provenUntil']).toBeUndefined()
  const wrong = await browser.post('/api/v1/prove-password', { password: 'not the password' })
  expect(wrong.status).toBe(401)
  expect(browser.cookie).toBe(old.cookie)
  const proven = await browser.post('/api/v1/prove-password', { password: PASSWORD })
  expect(proven.json()['provenUntil']).toBe(new Date(Date.now() + 5 * MINUTE).toISOString())
  expect(await statusOfMe(old)).toBe(401)
  expect(await statusOfMe(browser)).toBe(200)
})

test('a session ends after 15 minutes without activity, which a page that refreshes is not', async () => {
  const [busy, idle] = [await signedIn(door, 'ada'), await signedIn(door, 'ada')]
  later(10 * MINUTE)
  expect(await statusOfMe(busy)).toBe(200)
  expect((await idle.get('/api/v1/me', { 'x-bluegate-background': '1' })).status).toBe(200)
  const stream = { accept: 'text/event-stream' }
  expect((await idle.get('/api/v1/me', stream)).status).toBe(200)
  later(5 * MINUTE)
  expect(await statusOfMe(busy)).toBe(200)
  expect(await statusOfMe(idle)).toBe(401)
})

test('a session ends after eight hours, however busy', async () => {
  const browser = await signedIn(door, 'ada')
  for (let minutes = 0; minutes < 8 * 60 - 10; minutes += 10) {
    later(10 * MINUTE)
    expect(await statusOfMe(browser)).toBe(200)
  }
  later(10 * MINUTE)
  expect(await statusOfMe(browser)).toBe(401)
})

test('a change with the cookie needs the header of the console, and no foreign origin', async () => {
  const browser = await signedIn(door, 'ada')
  const cookie = browser.cookie ?? ''
  const own = `https://localhost:${door.port}`
  const create = (headers: Record<string, string>) =>
    send(door, '/api/v1/roles', {
      body: { name: 'made' },
      headers: { host: `localhost:${door.port}`, cookie, ...headers },
    })
  const console = { 'x-bluegate-console': '1' }
  for (const headers of [
    {},
    { 'x-bluegate-console': '0' },
    { origin: own },
    { ...console, origin: 'https://evil.example' },
    { ...console, origin: `http://localhost:${door.port}` },
    { ...console, origin: 'https://localhost:1' },
    { ...console, origin: 'null' },
  ]) {
    const refused = await create(headers)
    expect(refused.status).toBe(403)
    expect(refused.json()).toMatchObject({ code: 'insufficient_privilege' })
  }
  expect(door.identity.findRole('made')).toBeUndefined()
  expect((await create({ ...console, origin: own })).status).toBe(201)
  expect((await send(door, '/api/v1/me', { headers: { cookie } })).status).toBe(200) // reading needs none
})

test('another site cannot sign a browser in', async () => {
  const body = { user: 'ada', password: PASSWORD }
  const foreign = { origin: 'https://evil.example' }
  const refused = await send(door, '/api/v1/sign-in', { body, headers: foreign })
  expect(refused.status).toBe(403)
  expect(refused.headers['set-cookie']).toBeUndefined()
  const form = { 'content-type': 'text/plain', origin: `https://localhost:${door.port}` }
  const text = await send(door, '/api/v1/sign-in', { body: JSON.stringify(body), headers: form })
  expect(text.status).toBe(400)
  expect((await send(door, '/api/v1/sign-in', { body })).status).toBe(200)
})

test('unknown, disabled, not yet with a password, wrong password: one answer, four reasons on record', async () => {
  await makeUser(door, 'disabled')
  await door.identity.setUserEnabled('disabled', false)
  await door.identity.createUser({ name: 'invited', role: 'sqream' })
  const answers = [
    await new Browser(door).signIn('nobody'),
    await new Browser(door).signIn('disabled'),
    await new Browser(door).signIn('invited'),
    await new Browser(door).signIn('ada', 'a wrong password'),
  ]
  const [first] = answers
  expect(first?.status).toBe(401)
  for (const { status, text, headers } of answers) {
    expect([status, text]).toEqual([401, first?.text])
    expect(Object.keys(headers)).toEqual(Object.keys(first?.headers ?? {}))
  }
  expect(door.audit.records.map(({ error }) => /\((\w+)\)$/.exec(error ?? '')?.[1])).toEqual([
    'unknown_user',
    'disabled_user',
    'no_password_yet',
    'wrong_password',
  ])
  expect(door.audit.records[0]).toMatchObject({
    action: 'sign_in_refused',
    outcome: 'refused',
    username: 'nobody',
  })
})

test('a role without LOGIN is told only after the proof, and let in once it has it', async () => {
  await door.identity.createRole('guests')
  await makeUser(door, 'gus', 'guests')
  expect((await new Browser(door).signIn('gus', 'a wrong password')).status).toBe(401)
  const refused = await new Browser(door).signIn('gus')
  expect(refused.status).toBe(403)
  expect(refused.json()).toMatchObject({ hint: expect.stringContaining('GRANT LOGIN TO "guests"') })
  await door.identity.setRoleAttributes('guests', { login: true })
  const browser = await signedIn(door, 'gus')
  await door.identity.setRoleAttributes('guests', { login: false })
  const cutOff = await browser.get('/api/v1/me')
  expect(cutOff.status).toBe(401)
  expect(cutOff.json()['detail']).toContain('no longer permitted to log in')
})

test('ten wrong passwords are followed by a wait, which is said; others are let in', async () => {
  await makeUser(door, 'bob')
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    expect((await new Browser(door).signIn('ada', `wrong password ${attempt}`)).status).toBe(401)
  }
  const refused = await new Browser(door).signIn('ada') // the right one
  expect(refused.status).toBe(429)
  expect(refused.json()).toMatchObject({
    code: 'too_many_attempts',
    title: 'too many failed sign-ins from this address',
    hint: expect.stringContaining('Wait 15 minutes'),
  })
  expect(door.audit.records.at(-1)?.error).toContain('(throttled)')
  await signedIn(door, 'bob')
  later(15 * MINUTE)
  await signedIn(door, 'ada')
})

test('a change of the password needs the old one, and ends the other sessions of the user', async () => {
  const [mine, other] = [await signedIn(door, 'ada'), await signedIn(door, 'ada')]
  const change = (password: string, newPassword: string) =>
    mine.post('/api/v1/me/password', { password, newPassword })
  expect((await change('a wrong password', 'another long password')).status).toBe(401)
  const weak = await change(PASSWORD, 'too short')
  expect(weak.json()).toMatchObject({ code: 'invalid_parameter_value', field: 'password' })
  expect(await statusOfMe(other)).toBe(200)
  expect((await change(PASSWORD, 'another long password')).status).toBe(204)
  expect(await statusOfMe(mine)).toBe(200)
  expect(await statusOfMe(other)).toBe(401)
  expect((await new Browser(door).signIn('ada')).status).toBe(401)
  expect((await new Browser(door).signIn('ada', 'another long password')).status).toBe(200)
  expect(door.audit.records.filter(({ action }) => action === 'password_changed')).toMatchObject([
    { outcome: 'failed', category: 'USER' },
    { outcome: 'failed' },
    { outcome: 'succeeded', username: 'ada' },
  ])
})

test('tokens of clients are no sessions: nothing to sign out of, no password to change', async () => {
  await door.identity.createRole('bi', { login: true })
  const { token } = await door.identity.createClient({ name: 'tableau', role: 'bi' })
  const headers = { authorization: `Bearer ${token}` }
  for (const [url, body] of [
    ['/api/v1/sign-out', {}],
    ['/api/v1/prove-password', { password: PASSWORD }],
    ['/api/v1/me/password', { password: PASSWORD, newPassword: 'another long password' }],
  ] as const) {
    const refused = await send(door, url, { headers, body })
    expect(refused.status).toBe(403)
    expect(refused.json()).toMatchObject({ code: 'invalid_authorization' })
  }
})

test('a token is shown to a user with a fresh proof, and to nobody who only found the session open', async () => {
  await door.identity.createRole('bi', { login: true, clusterAdmin: true })
  const { token } = await door.identity.createClient({ name: 'tableau', role: 'bi' })
  const browser = await signedIn(door, 'ada')
  const show = () => browser.send('/api/v1/clients/tableau/show-token', { method: 'POST' })
  expect((await show()).json()).toEqual({ token })
  later(5 * MINUTE)
  const stale = await show()
  expect(stale.status).toBe(403)
  expect(stale.json()).toMatchObject({ code: 'password_proof_required' })
  await browser.post('/api/v1/prove-password', { password: PASSWORD })
  expect((await show()).json()).toEqual({ token })
  // A client has no password: that of a user has to come along.
  const byToken = (body: object) =>
    send(door, '/api/v1/clients/tableau/show-token', {
      body,
      headers: { authorization: `Bearer ${token}` },
    })
  expect((await byToken({})).json()).toMatchObject({ code: 'password_proof_required' })
  expect((await byToken({ user: 'ada', password: 'a wrong password' })).status).toBe(401)
  expect((await byToken({ user: 'ada', password: PASSWORD })).json()).toEqual({ token })
})

test('nothing that was kept or logged holds a password, a cookie, a link or a token', async () => {
  const browser = await signedIn(door, 'ada')
  const secrets = [
    PASSWORD,
    'a wrong password',
    'another long password',
    secretOf(browser.cookie ?? ''),
  ]
  await new Browser(door).signIn('ada', 'a wrong password')
  await new Browser(door).signIn(`bluegate_${'x'.repeat(68)}`, PASSWORD) // pasted into the wrong field
  await browser.post('/api/v1/prove-password', { password: PASSWORD })
  secrets.push(secretOf(browser.cookie ?? ''))
  const created = await browser.post('/api/v1/users', { name: 'bob', role: 'sqream' })
  const link = secretOf((created.json()['link'] as { url: string }).url)
  await new Browser(door).post('/api/v1/one-time-links/look', { secret: link })
  await new Browser(door).post('/api/v1/one-time-links/use', { secret: link, password: 'short' })
  const bob = new Browser(door)
  await bob.post('/api/v1/one-time-links/use', { secret: link, password: 'another long password' })
  await bob.post('/api/v1/one-time-links/use', { secret: link, password: 'another long password' })
  secrets.push(link, secretOf(bob.cookie ?? ''))
  await browser.post('/api/v1/me/password', {
    password: PASSWORD,
    newPassword: 'another long password',
  })
  await browser.post('/api/v1/clients', { name: 'tableau', role: 'sqream' })
  const shown = await browser.post('/api/v1/clients/tableau/show-token')
  secrets.push(String(shown.json()['token']).slice(22))
  await browser.send('/api/v1/sign-in', { body: `{"user":"ada","password":"${PASSWORD}"` })
  const kept = JSON.stringify([door.audit.records, door.logged])
  expect(door.audit.records.length).toBeGreaterThan(8)
  expect(kept).not.toContain('xxxxxxxx')
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(9)
    expect(kept).not.toContain(secret)
  }
})
