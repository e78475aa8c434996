import { connect as connectPlain } from 'node:net'
import { connect } from 'node:tls'
import type { ConnectionOptions } from 'node:tls'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeUser, openHttpsDoor, send, signedIn } from '../../../test/fixtures/https-door.ts'
import type { Browser, TestHttpsDoor } from '../../../test/fixtures/https-door.ts'
import { issueTestCertificate, testCertificate } from '../../../test/fixtures/pgwire-door.ts'

let door: TestHttpsDoor
beforeEach(async () => void (door = await openHttpsDoor()))
afterEach(() => door.close())

/** What the other side sends until it closes; with what it says as TLS where that is asked for. */
async function talk(port: number, text: string, options: ConnectionOptions = {}): Promise<string> {
  const { ca } = await testCertificate()
  return await new Promise((resolve, reject) => {
    const socket = connect({ host: 'localhost', port, ca, ...options }, () => socket.write(text))
    let heard = ''
    socket.setEncoding('utf8')
    socket.on('data', (part: string) => (heard += part))
    socket.on('error', reject)
    socket.on('close', () => resolve(heard))
  })
}

test.each([
  ['/', 503],
  ['/api/v1/me', 401],
  ['/api/v1/nothing', 404],
  ['/nothing.js', 404],
  ['/openapi.json', 200],
])(
  'the answer to %s forbids frames, foreign scripts, guessing and referrers',
  async (url, status) => {
    const answer = await send(door, url)
    expect(answer.status).toBe(status)
    expect(answer.headers).toMatchObject({
      'content-security-policy':
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    })
    const isApi = url.startsWith('/api/')
    expect(answer.headers['cache-control'] === 'no-store').toBe(isApi)
  },
)

test('what is no HTTP gets a problem document with the same headers', async () => {
  const heard = await talk(door.port, 'BLAH BLAH\r\n\r\n')
  expect(heard).toContain('HTTP/1.1 400 Bad Request')
  expect(heard).toContain("frame-ancestors 'none'")
  expect(JSON.parse(heard.slice(heard.indexOf('{')))).toMatchObject({ code: 'protocol_violation' })
})

test('TLS 1.2 and 1.3 are spoken, 1.1 and plain text are not', async () => {
  const request = 'GET /api/v1/me HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const only = { minVersion: version, maxVersion: version }
    expect(await talk(door.port, request, only)).toContain('401 Unauthorized')
  }
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const
  await expect(talk(door.port, request, old)).rejects.toThrow(/protocol|alert/i)
  const plain = await new Promise<string>((resolve) => {
    const socket = connectPlain(door.port, 'localhost', () => socket.write(request))
    let heard = ''
    socket.on('data', (part) => (heard += part.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(heard))
  })
  expect(plain).not.toContain('HTTP/')
})

test('a renewed certificate is shown to the next connection', async () => {
  const before = await testCertificate()
  let shown = { key: before.key, cert: before.cert }
  const renewing = await openHttpsDoor({ tls: () => shown })
  expect((await send(renewing, '/api/v1/me')).status).toBe(401)
  const { key, cert, ca } = await issueTestCertificate()
  shown = { key, cert }
  await expect(send(renewing, '/api/v1/me')).rejects.toThrow(/certificate|issuer/)
  const request = 'GET /api/v1/me HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'
  const answer = await talk(renewing.port, request, { ca })
  expect(answer).toContain('401 Unauthorized')
  await renewing.close()
})

test('strangers get so many connections; who was proven counts no more', async () => {
  const narrow = await openHttpsDoor({
    limits: { loginMs: 30_000, unauthenticatedMax: 2, unauthenticatedPerAddressMax: 1 },
  })
  await makeUser(narrow, 'ada')
  const { ca } = await testCertificate()
  const browser = await signedIn(narrow, 'ada')
  const held = connect({ host: 'localhost', port: narrow.port, ca })
  await new Promise((resolve) => held.once('secureConnect', resolve))
  await expect(send(narrow, '/api/v1/me')).rejects.toThrow(/socket|ECONNRESET|closed/) // no room beside the one that is held
  const closed = new Promise((resolve) => held.once('close', resolve))
  held.on('error', () => undefined)
  held.write(
    `GET /api/v1/me HTTP/1.1\r\nhost: localhost\r\ncookie: ${browser.cookie ?? ''}\r\n\r\n`,
  )
  await new Promise((resolve) => held.once('data', resolve))
  expect((await send(narrow, '/api/v1/me')).status).toBe(401) // the held one is proven now
  held.destroy()
  await closed
  await narrow.close()
})

test('a stranger who says nothing, or not all, is cut off', async () => {
  const quick = await openHttpsDoor({
    limits: { loginMs: 200, unauthenticatedMax: 9, unauthenticatedPerAddressMax: 9 },
  })
  const unfinished =
    'POST /api/v1/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99\r\n\r\n'
  const outcomes = await Promise.allSettled(
    ['', 'GET / HT', unfinished].map((text) => talk(quick.port, text)),
  )
  // A reset, a silent end, or the answer that the time is up: but an end.
  for (const outcome of outcomes) {
    expect(outcome.status === 'rejected' ? '' : outcome.value).not.toContain(' 200 ')
  }
  await quick.close()
})

test('of strangers nothing long is read', async () => {
  const long = await send(door, '/api/v1/sign-in', {
    body: { user: 'ada', password: 'x'.repeat(20_000) },
  })
  expect(long.status).toBe(413)
  expect(long.json()).toMatchObject({ code: 'program_limit' })
})

test('closing ends requests that go on for longer than the grace', async () => {
  const { ca } = await testCertificate()
  const hanging = await openHttpsDoor()
  const socket = connect({ host: 'localhost', port: hanging.port, ca }, () =>
    socket.write('POST /api/v1/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99\r\n\r\n'),
  )
  const ended = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => undefined).resume() // one that does not read does not see the end
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  await hanging.close(50)
  await ended
  expect(socket.destroyed).toBe(true)
})

test('files of the console are served, its page for every address, and of the API never a page', async () => {
  door.buildConsole()
  const html = { headers: { accept: 'text/html,*/*;q=0.8' } }
  for (const url of ['/', '/clients/tableau', '/welcome', '/apis']) {
    const page = await send(door, url, html)
    expect(page.text).toContain('the console')
    expect(page.headers['cache-control']).toBe('no-cache')
    expect(page.headers['content-type']).toContain('text/html')
  }
  const asset = await send(door, '/assets/app-1a2b3c.js')
  expect(asset.text).toBe('start()')
  expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  for (const url of ['/api', '/api/', '/api/v1/nothing', '/api/v9', '/api?x=1']) {
    const answer = await send(door, url, html)
    expect(answer.status).toBe(404)
    expect(answer.headers['content-type']).toContain('application/problem+json')
  }
})

test.each([
  '/assets/gone.js',
  '/.secret.js',
  '/assets/..%2f.secret.js',
  '/..%2f..%2fetc%2fpasswd.txt',
  '/%2e%2e/%2e%2e/package.json',
  '/assets/%00.js',
])('%s is not there', async (url) => {
  door.buildConsole()
  const answer = await send(door, url)
  expect([400, 403, 404]).toContain(answer.status)
  expect(answer.text).not.toMatch(/hidden|root:|"name"/)
})

test('a console that was not built says how to build it; a program gets no page', async () => {
  const page = await send(door, '/', { headers: { accept: 'text/html' } })
  expect(page.status).toBe(503)
  expect(page.text).toContain('npm start')
  const program = await send(door, '/metrics-of-some-kind', {
    headers: { accept: 'application/json' },
  })
  expect(program.status).toBe(404)
  door.buildConsole()
  expect((await send(door, '/')).text).toContain('the console')
})

test('a token is proven as Bearer and as Basic, and its use is noted once', async () => {
  await door.identity.createRole('bi', { login: true })
  const { client, token } = await door.identity.createClient({ name: 'tableau', role: 'bi' })
  const basic = (name: string, secret: string) =>
    `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`
  for (const authorization of [`Bearer ${token}`, `bearer ${token}`, basic('tableau', token)]) {
    const me = await send(door, '/api/v1/me', { headers: { authorization, 'user-agent': 'dbt/1' } })
    expect(me.json()).toEqual({
      kind: 'client',
      name: 'tableau',
      role: 'bi',
      superuser: false,
      clusterAdmin: false,
    })
  }
  expect(await door.identity.recentUses('tableau', 0)).toMatchObject([{ tool: 'dbt/1', uses: 1 }])
  const wrong = `bluegate_${'a'.repeat(68)}`
  for (const authorization of [
    `Bearer ${wrong}`,
    basic('tableau', wrong),
    basic('other', token),
    'Digest x',
    'Basic !',
    `Bearer ${'x'.repeat(2_000)}`,
  ]) {
    const refused = await send(door, '/api/v1/me', { headers: { authorization } })
    expect(refused.status).toBe(401)
    expect(refused.json()['code']).toBe('invalid_password')
  }
  const refusals = door.audit.records.filter(({ action }) => action === 'login_refused')
  expect(refusals).toHaveLength(6)
  expect(refusals[2]).toMatchObject({
    username: 'other',
    door: 'http',
    address: '127.0.0.1',
    outcome: 'refused',
    error: expect.stringContaining('(other_client)'),
    reason: 'other_client',
    tokenId: client.token.id,
  })
  expect(refusals[3]).toMatchObject({ username: 'unknown', reason: 'invalid_password' })
  expect(refusals[3]).not.toHaveProperty('tokenId')
  const kept = JSON.stringify([door.audit.records, door.logged])
  expect(kept).not.toContain(token.slice(22))
  await door.identity.setClientEnabled(client.name, false)
  const disabled = await send(door, '/api/v1/me', { headers: { authorization: `Bearer ${token}` } })
  expect(disabled.status).toBe(403)
})

test('401 asks for a token, never for a name and a password; a stale cookie is cleared', async () => {
  await makeUser(door, 'ada')
  const stranger = await send(door, '/api/v1/me')
  expect(stranger.headers['www-authenticate']).toBe('Bearer realm="Bluegate"')
  expect(stranger.headers['set-cookie']).toBeUndefined()
  const wrong = await send(door, '/api/v1/me', { headers: { authorization: 'Bearer x' } })
  expect(wrong.headers['www-authenticate']).toBe('Bearer realm="Bluegate", error="invalid_token"')

  const ada = await signedIn(door, 'ada')
  const cookie = ada.cookie ?? ''
  const mistyped = await ada.post('/api/v1/prove-password', { password: 'not that one' })
  expect([mistyped.status, mistyped.headers['set-cookie']]).toEqual([401, undefined])
  expect((await ada.get('/api/v1/me')).headers['www-authenticate']).toBeUndefined()
  await ada.post('/api/v1/sign-out')
  const stale = await send(door, '/api/v1/me', { headers: { cookie } })
  expect(stale.status).toBe(401)
  expect(stale.headers['set-cookie']).toEqual([
    expect.stringMatching(
      /^__Host-bluegate=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    ),
  ])
})

/** A live stream that is open; `ended` when the other side has ended it. */
async function openStream(at: TestHttpsDoor, cookie: string): Promise<{ ended: Promise<unknown> }> {
  const { ca } = await testCertificate()
  const lines = ['GET /api/v1/changes HTTP/1.1', 'host: localhost', `cookie: ${cookie}`, '', '']
  const socket = connect({ host: 'localhost', port: at.port, ca }, () =>
    socket.write(lines.join('\r\n')),
  )
  socket.on('error', () => undefined)
  let heard = ''
  const begun = new Promise<void>((resolve) => {
    socket.on('data', (part) => {
      heard += part.toString()
      if (heard.includes('retry:')) resolve()
    })
  })
  const ended = new Promise((resolve) => {
    socket.on('data', () => heard.endsWith('\r\n0\r\n\r\n') && resolve('whole'))
    socket.once('close', () => resolve('closed'))
  })
  await begun
  expect(heard).toContain('HTTP/1.1 200 OK')
  return { ended }
}

test('the door closes at once though a live stream is open', async () => {
  const closing = await openHttpsDoor()
  await makeUser(closing, 'ada')
  const { cookie = '' } = await signedIn(closing, 'ada')
  const { ended } = await openStream(closing, cookie)
  await closing.close(3_600_000) // the grace, which this test would not live to see
  expect(['whole', 'closed']).toContain(await ended)
})

test.each([
  ['the user signs out', (ada: Browser) => ada.post('/api/v1/sign-out')],
  ['the user is disabled', () => door.identity.setUserEnabled('ada', false)],
  ['the user gets another role', () => door.identity.setUserRole('ada', 'analysts')],
])('a live stream ends when %s', async (_, act) => {
  await door.identity.createRole('analysts', { login: true })
  await makeUser(door, 'ada')
  await makeUser(door, 'eve')
  const ada = await signedIn(door, 'ada')
  const { ended } = await openStream(door, ada.cookie ?? '')
  await act(ada)
  expect(await ended).toBe('whole')
})

test('an upload that moves is not cut, however long it takes', async () => {
  const quick = await openHttpsDoor({
    limits: { loginMs: 150, unauthenticatedMax: 9, unauthenticatedPerAddressMax: 9 },
  })
  const { identity } = quick
  await identity.createRole('bi', { login: true })
  const { token } = await identity.createClient({ name: 'tableau', role: 'bi' })
  const { ca } = await testCertificate()
  const rows = 20
  const lines = [
    'POST /api/v1/loads?format=csv&fileName=slow.csv HTTP/1.1',
    'host: localhost',
    'content-type: application/octet-stream',
    `content-length: ${4 + rows * 4}`,
    `authorization: Bearer ${token}`,
    'connection: close',
    '',
    'a,b\n',
  ]
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect({ host: 'localhost', port: quick.port, ca }, () => void feed())
    let heard = ''
    const feed = async (): Promise<void> => {
      socket.write(lines.join('\r\n'))
      for (let row = 0; row < rows; row += 1) {
        await new Promise((done) => setTimeout(done, 20)) // longer in all than a stranger has
        socket.write('1,2\n')
      }
    }
    socket.on('data', (part) => (heard += part.toString()))
    socket.on('error', reject)
    socket.on('close', () => resolve(heard))
  })
  expect(answer).toContain('HTTP/1.1 201 Created')
  expect(answer).toContain(`"bytes":${4 + rows * 4}`)
  await quick.close()
})

test('when the audit cannot be written nobody signs in, and no session is left', async () => {
  await makeUser(door, 'ada')
  vi.spyOn(door.audit, 'append').mockRejectedValue(new Error('the disk is full'))
  const refused = await send(door, '/api/v1/sign-in', {
    body: { user: 'ada', password: 'a password of ada' },
  })
  expect(refused.status).toBe(500)
  expect(refused.headers['set-cookie']).toBeUndefined()
  expect(refused.text).not.toContain('disk')
  vi.restoreAllMocks()
  await signedIn(door, 'ada')
})
