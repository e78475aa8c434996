import { beforeEach, expect, test } from 'vitest'
import { apiForTests } from './api-for-tests.ts'
import type { ApiForTests } from './api-for-tests.ts'

let api: ApiForTests

beforeEach(async () => {
  api = await apiForTests()
  await api.call('POST', '/roles', { name: 'reader', login: true, connect: ['master'] })
})

async function make(name: string, more: object = {}): Promise<{ etag: string; token: string }> {
  const { body, status } = await api.call('POST', '/clients', { name, role: 'reader', ...more })
  expect(status).toBe(201)
  return { etag: body.client.etag, token: body.token }
}

// ── Lists ────────────────────────────────────────────────────────────────────────────────────

test('clients come in pages by name; search finds names and labels', async () => {
  for (const name of ['c', 'a', 'b']) await make(name, { label: `Label of ${name}` })
  const first = (await api.call('GET', '/clients?limit=2')).body
  expect(first).toMatchObject({ total: 3, items: [{ name: 'a' }, { name: 'b' }] })
  const rest = (await api.call('GET', `/clients?limit=2&after=${first.next}`)).body
  expect(rest).toMatchObject({ total: 3, items: [{ name: 'c' }], next: null })
  const found = (await api.call('GET', '/clients?search=LABEL%20of%20b')).body
  expect(found).toMatchObject({ total: 1, items: [{ name: 'b', openSessions: 0 }] })
})

test.each([
  ['limit=0', 'limit'],
  ['limit=1001', 'limit'],
  ['limit=many', 'limit'],
  ['after=nonsense%20', 'after'],
  ['colour=blue', 'colour'],
])('a list with %s is refused, naming the field', async (query, field) => {
  expect(await api.call('GET', `/clients?${query}`)).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter_value', field },
  })
})

// ── Making ───────────────────────────────────────────────────────────────────────────────────

test('a client that was made says where it is and in which state', async () => {
  const made = await api.call('POST', '/clients', { name: 'tableau', role: 'reader' })
  expect(made).toMatchObject({
    status: 201,
    headers: { location: '/api/v1/clients/tableau', etag: `"${made.body.client.etag}"` },
  })
  const got = await api.call('GET', '/clients/tableau')
  expect(got.body).toEqual(made.body.client)
  expect(got.headers['etag']).toBe(made.headers['etag'])
})

test.each([
  [{ name: 'BAD NAME', role: 'reader' }, 400, 'name'],
  [{ name: 'ok', role: 'nobody' }, 404, 'role'],
  [{ name: 'ok', role: 'public' }, 400, 'role'],
  [{ name: 'ok', role: 'reader', expiresAt: 'tomorrow' }, 400, 'expiresAt'],
  [{ name: 'ok', role: 'reader', expiresAt: '2001-01-01' }, 400, 'expiresAt'],
  [{ name: 'ok', role: 'reader', allowedAddresses: ['here'] }, 400, 'allowedAddresses'],
  [{ name: 'ok', role: 'reader', allowedAddresses: [7] }, 400, 'allowedAddresses.0'],
  [{ name: 'ok', role: 'reader', label: '\u0007' }, 400, 'label'],
  [{ name: 'ok' }, 400, 'role'],
  [{ name: 'ok', role: 'reader', colour: 'blue' }, 400, 'colour'],
])('%o makes no client, and the field is named', async (body, status, field) => {
  const refused = await api.call('POST', '/clients', body)
  expect(refused).toMatchObject({ status, body: { field, title: expect.any(String) } })
  expect((await api.call('GET', '/clients')).body.total).toBe(0)
})

test('a used name is a 409 that names it', async () => {
  await make('tableau')
  const refused = await api.call('POST', '/clients', { name: 'tableau', role: 'reader' })
  expect(refused).toMatchObject({ status: 409, body: { code: 'duplicate_object', field: 'name' } })
})

test('the same Idempotency-Key answers the same client and token; another body is a 409', async () => {
  const key = { 'idempotency-key': 'a1b2' }
  const ask = (body: object, headers = key) => api.call('POST', '/clients', body, headers)
  const made = await ask({ name: 'a', role: 'reader' })
  expect(await ask({ name: 'a', role: 'reader' })).toMatchObject({ status: 201, body: made.body })
  expect((await api.call('GET', '/clients')).body.total).toBe(1)
  expect(await ask({ name: 'b', role: 'reader' })).toMatchObject({
    status: 409,
    body: { code: 'duplicate_object', field: 'Idempotency-Key' },
  })
  const other = await ask({ name: 'b', role: 'reader' }, { 'idempotency-key': 'c3' })
  expect(other.status).toBe(201)
  expect(await ask({ name: 'c', role: 'reader' }, { 'idempotency-key': 'a b' })).toMatchObject({
    status: 400,
    body: { field: 'Idempotency-Key' },
  })
})

test('a key is its caller’s own', async () => {
  const key = { 'idempotency-key': 'a1b2' }
  await api.call('POST', '/roles', { name: 'admin', clusterAdmin: true })
  const mine = await api.call('POST', '/clients', { name: 'a', role: 'reader' }, key)
  api.as('admin')
  const theirs = await api.call('POST', '/clients', { name: 'b', role: 'reader' }, key)
  expect([mine.status, theirs.status]).toEqual([201, 201])
  expect(theirs.body.client.name).toBe('b')
})

// ── Changing ─────────────────────────────────────────────────────────────────────────────────

test('PATCH changes what it names, answers the new state, and is on record without the token', async () => {
  const { token } = await make('tableau', { expiresAt: '2999-01-01T00:00:00Z' })
  const changed = await api.call('PATCH', '/clients/tableau', {
    label: 'Finance',
    allowedAddresses: ['10.0.0.0/8'],
    expiresAt: null,
  })
  expect(changed).toMatchObject({
    status: 200,
    body: { label: 'Finance', allowedAddresses: ['10.0.0.0/8'], role: 'reader' },
  })
  expect(changed.body.token).not.toHaveProperty('expiresAt')
  expect(changed.headers['etag']).toBe(`"${changed.body.etag}"`)
  expect(api.audit.records.at(-1)).toMatchObject({
    action: 'client_changed',
    outcome: 'succeeded',
    details: expect.stringContaining('"label":"Finance"'),
  })
  expect(JSON.stringify(api.audit.records)).not.toContain(token.slice(22))
  expect((await api.call('PATCH', '/clients/tableau', { label: null })).body).not.toHaveProperty(
    'label',
  )
})

test.each([
  [{ label: 7 }, 'label'],
  [{ expiresAt: 'soon' }, 'expiresAt'],
  [{ role: 'nobody' }, 'role'],
  [{ name: 'other' }, 'name'],
])('PATCH with %o changes nothing, and names the field', async (body, field) => {
  const { etag } = await make('tableau')
  const refused = await api.call('PATCH', '/clients/tableau', body)
  expect(refused.status).toBeGreaterThanOrEqual(400)
  expect(refused.body.field).toBe(field)
  expect((await api.call('GET', '/clients/tableau')).body.etag).toBe(etag)
})

test.each([
  ['PATCH', '', { label: 'mine' }],
  ['POST', '/disable', undefined],
  ['POST', '/enable', undefined],
  ['POST', '/regenerate', {}],
  ['POST', '/show-token', undefined],
  ['POST', '/designate-jobs', undefined],
  ['DELETE', '', undefined],
] as const)(
  '%s %s knows what its caller saw: another state is 412, this one goes through',
  async (method, path, body) => {
    const { etag } = await make('tableau')
    await api.call('PATCH', '/clients/tableau', { label: 'theirs' })
    const late = await api.call(method, `/clients/tableau${path}`, body, {
      'if-match': `"${etag}"`,
    })
    expect(late).toMatchObject({
      status: 412,
      body: { code: 'conflict', title: 'somebody else changed it meanwhile', field: 'If-Match' },
    })
    const { etag: now, label, enabled } = (await api.call('GET', '/clients/tableau')).body
    expect({ label, enabled }).toEqual({ label: 'theirs', enabled: true })
    const fresh = await api.call(method, `/clients/tableau${path}`, body, {
      'if-match': `"${now}"`,
    })
    expect(fresh.status).toBeLessThan(300)
  },
)

test('an etag is of what lasts: not of uses, and the same state has the same one', async () => {
  const { etag } = await make('tableau')
  const { identity } = api.parts
  identity.recordUse(identity.findClient('tableau')?.token.id ?? '', { address: '::1', tool: 'x' })
  const { body } = await api.call('GET', '/clients/tableau')
  expect(body).toMatchObject({ etag, token: { lastUse: { tool: 'x' } } })
  await api.call('POST', '/clients/tableau/disable')
  await api.call('POST', '/clients/tableau/enable')
  expect((await api.call('GET', '/clients/tableau')).body.etag).toBe(etag)
  await api.call('POST', '/clients/tableau/regenerate', {})
  expect((await api.call('GET', '/clients/tableau')).body.etag).not.toBe(etag)
})

test('If-Match takes any state as *, a list, and a weak tag', async () => {
  const { etag } = await make('tableau')
  for (const tag of ['*', `"x", "${etag}"`, `W/"${etag}"`]) {
    const path = '/clients/tableau/enable'
    expect((await api.call('POST', path, undefined, { 'if-match': tag })).status).toBe(200)
  }
})

// ── Impact ───────────────────────────────────────────────────────────────────────────────────

test('impact tells what was counted over 30 days, and is a 404 for nobody', async () => {
  await make('tableau')
  const { identity } = api.parts
  const use = { address: '203.0.113.5', tool: 'Tableau' }
  const tokenId = identity.findClient('tableau')?.token.id ?? ''
  for (let time = 0; time < 3; time += 1) identity.recordUse(tokenId, use)
  expect((await api.call('GET', '/clients/tableau/impact')).body).toEqual({
    openSessions: [],
    recentUses: [
      { ...use, firstUsedAt: expect.any(String), lastUsedAt: expect.any(String), uses: 3 },
    ],
    jobs: false,
    schedules: [],
  })
  expect((await api.call('GET', '/clients/nobody/impact')).status).toBe(404)
})

// ── Connect ──────────────────────────────────────────────────────────────────────────────────

test('the connect kit has this server’s address and the place of the token, never a token', async () => {
  const { token } = await make('tableau')
  const { body, text } = await api.call('GET', '/clients/tableau/connect?caFile=/ca%20files/ca.crt')
  expect(body.server).toEqual({
    host: 'localhost',
    port: 5439,
    database: 'master',
    user: 'tableau',
    sslMode: 'verify-full',
    caFileUrl: 'https://localhost:8443/api/v1/ca.crt',
    httpsUrl: 'https://localhost:8443',
  })
  expect(new Set(body.snippets.map((one: { tool: string }) => one.tool))).toEqual(
    new Set([
      'psql',
      'curl',
      'JDBC',
      'ODBC',
      'Python',
      'R',
      'PHP',
      'Airflow',
      'Power BI',
      'Tableau',
    ]),
  )
  expect(text).toContain('{{token}}')
  expect(text).not.toContain(token)
  expect((await api.call('GET', '/clients/tableau/connect?caFile=a%0Ab')).body).toMatchObject({
    field: 'caFile',
  })
})
