import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { GatewayError } from '../../base/gateway-error.ts'
import { PgWireClient, cancelRequest } from '../../../test/fixtures/pgwire-client.ts'
import { CLIENT, TOKEN, openTestDoor, testCertificate } from '../../../test/fixtures/pgwire-door.ts'
import type { TestDoor } from '../../../test/fixtures/pgwire-door.ts'
import type { PgWireOptions } from './listen-pgwire.ts'

const USER = { user: CLIENT, database: 'master' }

let door: TestDoor
const clients: PgWireClient[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await door.close()
})

async function open(options: Partial<PgWireOptions> = {}): Promise<void> {
  door = await openTestDoor(options)
}

/** A connection without a byte sent. */
async function knock(): Promise<PgWireClient> {
  const client = await PgWireClient.connect({ port: door.port })
  clients.push(client)
  return client
}

async function logIn(secure = false): Promise<PgWireClient> {
  const options = { port: door.port, ...(secure && { tls: await tls() }) }
  const client = await PgWireClient.logIn(options, TOKEN, USER)
  clients.push(client)
  return client
}

async function tls(): Promise<{ ca: string; servername: string }> {
  return { ca: (await testCertificate()).ca, servername: 'localhost' }
}

/** Lines of an attempt to log in, up to its end. */
async function attempt(
  client: PgWireClient,
  parameters: Record<string, string>,
  token = TOKEN,
  version?: number,
): Promise<string[]> {
  client.startUp(parameters, version)
  const lines: string[] = []
  for (;;) {
    const line = await client.line()
    lines.push(line)
    if (line === 'AuthenticationCleartextPassword') client.password(token)
    if (line === 'Closed' || line.startsWith('ReadyForQuery')) return lines
  }
}

const until = async (done: () => boolean): Promise<void> => {
  for (let i = 0; !done() && i < 400; i += 1) await new Promise((r) => setTimeout(r, 10))
  expect(done()).toBe(true)
}

// ── Start-up ─────────────────────────────────────────────────────────────────────────────────

test('through TLS a token opens a session, and everything a driver waits for is told', async () => {
  await open({ allowPlaintextOnLoopback: false })
  const client = await knock()
  await client.startTls(await tls())
  const lines = await attempt(client, { ...USER, application_name: 'psql' })
  expect(lines).toEqual([
    'AuthenticationCleartextPassword',
    'AuthenticationOk',
    'BackendKeyData',
    ...[
      ['application_name', 'psql'],
      ['client_encoding', 'UTF8'],
      ['DateStyle', 'ISO, MDY'],
      ['default_transaction_read_only', 'off'],
      ['in_hot_standby', 'off'],
      ['integer_datetimes', 'on'],
      ['IntervalStyle', 'postgres'],
      ['is_superuser', 'off'],
      ['search_path', 'public'],
      ['server_encoding', 'UTF8'],
      ['server_version', '15.4'],
      ['session_authorization', CLIENT],
      ['standard_conforming_strings', 'on'],
      ['TimeZone', 'UTC'],
    ].map(([name, value]) => `ParameterStatus ${name}=${value}`),
    'ReadyForQuery I',
  ])
  expect(door.sessions[0]?.session.origin).toEqual({
    door: 'postgres',
    address: '127.0.0.1',
    tool: 'psql',
    tlsVersion: 'TLSv1.3',
  })
})

test('TLS from the first byte works with its ALPN name, and not without', async () => {
  await open({ allowPlaintextOnLoopback: false })
  const direct = await knock()
  await direct.wrapInTls({ ...(await tls()), ALPNProtocols: ['postgresql'] })
  expect((await attempt(direct, USER)).at(-1)).toBe('ReadyForQuery I')

  const nameless = await knock()
  await nameless.wrapInTls(await tls()).catch(() => undefined)
  expect(await nameless.line()).toBe('Closed')

  const other = await knock()
  await expect(other.wrapInTls({ ...(await tls()), ALPNProtocols: ['http/1.1'] })).rejects.toThrow(
    /alert/,
  )
})

test('without TLS the password is never asked for', async () => {
  await open({ allowPlaintextOnLoopback: false })
  expect(await attempt(await knock(), USER)).toEqual([
    'ErrorResponse FATAL 28000 TLS is required, set sslmode=require',
    'Closed',
  ])
})

test('plain text is taken on loopback where that is allowed', async () => {
  await open({ allowPlaintextOnLoopback: true })
  expect((await attempt(await knock(), USER)).at(-1)).toBe('ReadyForQuery I')
})

test('plain text behind an SSLRequest is never read as if it were encrypted', async () => {
  await open()
  const client = await knock()
  client.raw(Buffer.from(`0000000804d2162f${'00000008' + '00030000'}`, 'hex'))
  expect(await client.line()).toContain('received unencrypted data after SSL request')
  expect(await client.line()).toBe('Closed')
})

test('GSS encryption is declined, and TLS may follow', async () => {
  await open()
  const client = await knock()
  client.raw(Buffer.from('0000000804d21630', 'hex'))
  expect(await client.byte()).toBe('N')
  await client.startTls(await tls())
  expect((await attempt(client, USER)).at(-1)).toBe('ReadyForQuery I')
})

test('a newer minor version and protocol options are answered with 3.0, and go on', async () => {
  await open()
  const lines = await attempt(await knock(), { ...USER, '_pq_.command': 'x' }, TOKEN, 0x30002)
  expect(lines[0]).toBe('NegotiateProtocolVersion 0 _pq_.command')
  expect(lines.at(-1)).toBe('ReadyForQuery I')
})

test.each([[{}], [{ database: CLIENT }], [{ database: 'master' }]])(
  'start-up with %j leads to the default database',
  async (extra) => {
    await open()
    const lines = await attempt(await knock(), { user: CLIENT, ...extra })
    expect(lines.at(-1)).toBe('ReadyForQuery I')
    expect(door.sessions[0]?.session.database).toBe('master')
  },
)

test('a database that does not exist is refused by name', async () => {
  await open()
  const lines = await attempt(await knock(), { user: CLIENT, database: 'nowhere' })
  expect(lines.slice(-2)).toEqual([
    'ErrorResponse FATAL 3D000 database "nowhere" does not exist',
    'Closed',
  ])
})

test('options and parameters of the start-up are settings; unknown ones get a notice', async () => {
  await open()
  const lines = await attempt(await knock(), {
    ...USER,
    options: '-c statement_timeout=5s -csearch_path=sales,public --geqo=off',
    TimeZone: 'Asia/Tokyo',
  })
  expect(lines).toContain('ParameterStatus TimeZone=Asia/Tokyo')
  expect(lines.filter((line) => line.startsWith('NoticeResponse'))).toEqual([
    expect.stringContaining('"geqo"'),
  ])
  const settings = door.sessions[0]?.session.settings
  expect(settings?.searchPath).toEqual(['sales', 'public'])
  expect(settings?.statementTimeoutMs).toBe(5000)
})

test.each([
  [{ client_encoding: 'LATIN1' }, '22023'],
  [{ replication: 'database' }, '0A000'],
  [{ options: '-d 5' }, '22023'],
  [{ threads: '4' }, '42501'],
])('start-up with %j is refused with %s, on record', async (extra, code) => {
  await open()
  const lines = await attempt(await knock(), { ...USER, ...extra })
  expect(lines.at(-2)).toContain(`ErrorResponse FATAL ${code}`)
  expect(door.refusals).toHaveLength(1)
  expect(door.sessions).toHaveLength(0)
})

// ── Tokens ───────────────────────────────────────────────────────────────────────────────────

test('an unknown client and a wrong token get the same words, and are put on record', async () => {
  await open()
  const wrong = await attempt(await knock(), USER, `${TOKEN.slice(0, -1)}x`)
  const unknown = await attempt(await knock(), { ...USER, user: 'tableax' })
  expect(wrong.at(-2)).toBe(
    `ErrorResponse FATAL 28P01 password authentication failed for user "${CLIENT}"`,
  )
  expect(unknown.at(-2)?.replace('tableax', CLIENT)).toBe(wrong.at(-2))
  expect(door.refusals.map(({ clientName, origin }) => [clientName, origin.address])).toEqual([
    [CLIENT, '127.0.0.1'],
    ['tableax', '127.0.0.1'],
  ])
})

test('a token in the wrong field is in no answer, no record and no log', async () => {
  await open()
  const lines = [
    ...(await attempt(await knock(), { user: TOKEN, database: 'master' }, CLIENT)),
    ...(await attempt(await knock(), { user: CLIENT, database: TOKEN })),
    ...(await attempt(await knock(), { user: TOKEN, application_name: TOKEN }, TOKEN)),
    ...(await attempt(await knock(), USER, `${TOKEN}!`)),
  ]
  const all = [...lines, JSON.stringify(door.refusals), ...door.logged].join('\n')
  expect(lines.filter((line) => line.startsWith('ErrorResponse'))).toHaveLength(4)
  expect(all).not.toContain(TOKEN)
})

test('a client that goes away instead of sending its password leaves nothing', async () => {
  await open()
  const client = await knock()
  client.startUp(USER)
  expect(await client.line()).toBe('AuthenticationCleartextPassword')
  client.close()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(door.refusals).toHaveLength(0)
})

test('something else in place of the password, and one that is too long, end the login', async () => {
  await open()
  const query = await knock()
  query.startUp(USER)
  await query.line()
  query.send('Query SELECT 1')
  expect(await query.line()).toContain('FATAL 08P01')

  const long = await attempt(await knock(), USER, 'x'.repeat(5000))
  expect(long.at(-2)).toContain('FATAL 54000')
})

// ── Bounds before the login ──────────────────────────────────────────────────────────────────

test('a login that takes too long is cut off', async () => {
  await open({ limits: { loginMs: 100 } })
  const silent = await knock()
  const half = await knock()
  half.raw(Buffer.from([0, 0, 0]))
  const inTls = await knock()
  inTls.raw(Buffer.from('0000000804d2162f', 'hex'))
  expect(await inTls.byte()).toBe('S')
  expect(await silent.line()).toBe('Closed')
  expect(await half.line()).toBe('Closed')
  expect(await inTls.line()).toBe('Closed')
})

test('strangers are counted, in all and by address; whoever logged in is none', async () => {
  await open({ limits: { unauthenticatedPerAddressMax: 2 } })
  const sessions = [await logIn(), await logIn(), await logIn()]
  const waiting = [await knock(), await knock()]
  const third = await knock()
  expect(await third.line()).toContain('FATAL 53300')
  expect(await third.line()).toBe('Closed')
  for (const client of waiting) client.close()
  await until(() => true)
  await new Promise((resolve) => setTimeout(resolve, 50))
  sessions.push(await logIn())
  expect(sessions).toHaveLength(4)
})

test('a start-up packet longer than PostgreSQL’s own bound is refused', async () => {
  await open()
  const client = await knock()
  client.startUp({ ...USER, application_name: 'x'.repeat(10_000) })
  expect(await client.line()).toContain('FATAL 08P01')
})

// ── Sessions ─────────────────────────────────────────────────────────────────────────────────

test('a cancel stops the running statement of its session, and no other', async () => {
  await open()
  const client = await logIn()
  const other = await logIn()
  client.send('Query SELECT pg_sleep(30)')
  other.send('Query SELECT pg_sleep(1)')
  await until(() => door.sessions.every(({ calls }) => calls.length === 1))
  const key = client.cancelKey ?? { processId: 0, secret: 0 }
  const guess = await knock()
  guess.raw(cancelRequest({ ...key, secret: key.secret ^ 1 }))
  expect(await guess.line()).toBe('Closed')
  const cancel = await knock()
  await cancel.startTls(await tls())
  cancel.raw(cancelRequest(key))
  expect(await cancel.line()).toBe('Closed')
  expect(await client.linesUntilReady()).toEqual([
    'RowDescription pg_sleep:1043',
    'ErrorResponse ERROR 57014 canceling statement due to user request',
    'ReadyForQuery I',
  ])
  expect((await other.linesUntilReady()).at(-2)).toBe('CommandComplete SELECT 1')
  expect(await client.query('SELECT 1')).toContain('DataRow "1"')
})

test('keys of sessions that ended cancel nothing, and no two are alike', async () => {
  await open()
  const [one, two] = [await logIn(), await logIn()]
  expect(one.cancelKey).not.toEqual(two.cancelKey)
  one.send('Terminate')
  expect(await one.line()).toBe('Closed')
  const cancel = await knock()
  cancel.raw(cancelRequest(one.cancelKey ?? { processId: 0, secret: 0 }))
  expect(await cancel.line()).toBe('Closed')
  expect(await two.query('SELECT 1')).toContain('DataRow "1"')
})

test('statement_timeout ends a statement with 57014 and leaves the session usable', async () => {
  await open()
  const client = await logIn()
  await client.query('SET statement_timeout = 50')
  const expected = 'ErrorResponse ERROR 57014 canceling statement due to statement timeout'
  expect(await client.query('SELECT pg_sleep(30)')).toContain(expected)
  client.send('Parse {"text":"SELECT pg_sleep(30)"}', 'Bind {}', 'Execute {}', 'Sync')
  expect(await client.linesUntilReady()).toContain(expected)
  expect(await client.query('SELECT 1')).toContain('DataRow "1"')
})

test('a transaction left alone ends with 25P03; without a transaction time means nothing', async () => {
  await open()
  const client = await logIn()
  await client.query('SET idle_in_transaction_session_timeout = 80')
  await new Promise((resolve) => setTimeout(resolve, 150))
  await client.query('BEGIN')
  expect(await client.line()).toBe(
    'ErrorResponse FATAL 25P03 terminating connection due to idle-in-transaction timeout',
  )
  expect(await client.line()).toBe('Closed')
  await until(() => /idle-in-transaction/.test(door.sessions[0]?.closedWith ?? ''))
})

test.each(['destroy', 'end'] as const)(
  'a client that is gone (%s) stops its statement, and its session is closed',
  async (how) => {
    await open()
    const client = await logIn()
    client.send('Query SELECT pg_sleep(30)')
    await until(() => door.sessions[0]?.open === 1)
    client.socket[how]()
    await until(() => door.sessions[0]?.closedWith === 'the client disconnected')
    expect(door.sessions[0]?.open).toBe(0)
  },
)

test('a session that is ended is told why, at once, also in the middle of a statement', async () => {
  await open()
  const [idle, busy] = [await logIn(), await logIn()]
  busy.send('Query SELECT pg_sleep(30)')
  await until(() => door.sessions[1]?.open === 1)
  const reason = new GatewayError('admin_shutdown', 'client "tableau" was disabled')
  for (const { session } of door.sessions) session.end(reason)
  for (const client of [idle, busy]) {
    const lines = [await client.line(), await client.line()]
    expect(lines).toEqual(['ErrorResponse FATAL 57P01 client "tableau" was disabled', 'Closed'])
  }
  await until(() => door.sessions.every(({ closedWith, open }) => closedWith && open === 0))
})

test.each([['plain text', false] as const, ['TLS', true] as const])(
  'a client that does not read is not waited for when its session ends (%s)',
  async (_, secure) => {
    await open()
    const client = await logIn(secure)
    let received = 0
    client.socket.on('data', (chunk) => (received += chunk.length))
    client.socket.pause()
    client.send('Query SELECT flood()')
    await until(() => door.sessions[0]?.open === 1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const begun = Date.now()
    door.sessions[0]?.session.end(new GatewayError('admin_shutdown', 'cut off'))
    await until(() => door.sessions[0]?.closedWith !== undefined)
    expect(Date.now() - begun).toBeLessThan(300)
    expect(door.sessions[0]?.open).toBe(0)
    // What the system still held for it was thrown away with the reset, not sent: only what its
    // own system had taken already is left.
    client.socket.resume()
    await until(() => client.socket.destroyed)
    expect(received).toBeLessThan(16 * 1024 * 1024)
  },
)

test('a client that closed its half and does not read is let go', async () => {
  await open()
  const client = await logIn()
  client.socket.pause()
  client.send('Query SELECT flood()')
  await until(() => door.sessions[0]?.open === 1)
  client.socket.end()
  await until(() => door.sessions[0]?.closedWith !== undefined)
  expect(door.sessions[0]?.open).toBe(0)
  await door.close() // resolves: nothing waits for the client
})

test('an engine is asked for no more rows than the client takes', async () => {
  await open({ limits: { unsentBytesMax: 1024 * 1024 } })
  const client = await logIn()
  client.socket.pause()
  const before = process.memoryUsage().arrayBuffers
  client.send('Query SELECT flood()')
  await new Promise((resolve) => setTimeout(resolve, 300))
  const held = process.memoryUsage().arrayBuffers - before
  expect(held).toBeLessThan(64 * 1024 * 1024)
  expect(door.sessions[0]?.open).toBe(1)
})

test('a timeout ends a statement whose client does not read, and the client learns it later', async () => {
  await open()
  const client = await logIn()
  await client.query('SET statement_timeout = 200')
  client.socket.pause()
  client.send('Query SELECT flood()')
  await until(() => door.sessions[0]?.open === 1)
  await until(() => door.sessions[0]?.open === 0)
  client.socket.resume()
  const lines = await client.linesUntilReady()
  expect(lines.at(-2)).toBe(
    'ErrorResponse ERROR 57014 canceling statement due to statement timeout',
  )
})

test('what a client sends ahead is bounded: its socket waits, and nothing is lost', async () => {
  await open({ limits: { readAheadBytesMax: 4096 } })
  const client = await logIn()
  const comment = `-- ${'x'.repeat(2000)}`
  client.send('Query SELECT pg_sleep(1)')
  for (let i = 0; i < 300; i += 1) client.send(`Query SELECT ${i} ${comment}`)
  expect((await client.linesUntilReady()).at(-2)).toBe('CommandComplete SELECT 1')
  for (let i = 0; i < 300; i += 1) {
    expect(await client.linesUntilReady()).toContain(`DataRow "${i}"`)
  }
})

test('a message over the bound ends the session with clear words, one below it is served', async () => {
  await open({ limits: { messageBytesMax: 100_000 } })
  const client = await logIn()
  expect(await client.query(`SELECT 1 -- ${'x'.repeat(90_000)}`)).toContain('DataRow "1"')
  client.send(`Query SELECT 1 -- ${'x'.repeat(110_000)}`)
  expect(await client.line()).toMatch(/FATAL 54000 a message of 110017 bytes is longer/)
})

test('prepared statements and portals are bounded in number', async () => {
  await open({ limits: { preparedStatementsMax: 2, portalsMax: 2 } })
  const client = await logIn()
  const parse = (name: string): string => `Parse {"name":"${name}","text":"SELECT 1"}`
  const bind = (name: string): string => `Bind {"portal":"${name}","statement":"a"}`
  client.send(parse('a'), parse('b'), parse('c'), 'Sync')
  expect(await client.linesUntilReady()).toEqual([
    'ParseComplete',
    'ParseComplete',
    'ErrorResponse ERROR 53400 too many prepared statements in one session',
    'ReadyForQuery I',
  ])
  client.send('Close {"statement":"b"}', parse('c'), bind('p'), bind('q'), bind('r'), 'Sync')
  expect(await client.linesUntilReady()).toEqual([
    'CloseComplete',
    'ParseComplete',
    'BindComplete',
    'BindComplete',
    'ErrorResponse ERROR 53400 too many portals in one session',
    'ReadyForQuery I',
  ])
})

test('statements that SQL prepared count like those of the protocol', async () => {
  await open({ limits: { preparedStatementsMax: 2 } })
  const client = await logIn()
  client.send('Parse {"name":"a","text":"SELECT 1"}', 'Sync')
  await client.linesUntilReady()
  expect(await client.query('PREPARE b AS SELECT 1')).toContain('CommandComplete PREPARE')
  expect(await client.query('PREPARE c AS SELECT 1')).toContain(
    'ErrorResponse ERROR 53400 too many prepared statements in one session',
  )
  await client.query('DEALLOCATE a')
  expect(await client.query('PREPARE c AS SELECT 1')).toContain('CommandComplete PREPARE')
})

test('a small answer leaves in one piece', async () => {
  await open()
  const client = await logIn()
  let chunks = 0
  client.socket.on('data', () => (chunks += 1))
  await client.query('SELECT 1')
  client.send(
    'Parse {"text":"SELECT 1"}',
    'Bind {}',
    'Describe {"portal":""}',
    'Execute {}',
    'Sync',
  )
  await client.linesUntilReady()
  expect(chunks).toBe(2)
})

test('the implicit transaction of a text is committed before its last answer, and once', async () => {
  await open()
  const client = await logIn()
  await client.query('INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)')
  await client.query('INSERT INTO t VALUES (1); SELECT 1/0')
  client.send('Parse {"text":"INSERT INTO t VALUES (3)"}', 'Bind {}', 'Execute {}', 'Sync')
  await client.linesUntilReady()
  expect(door.sessions[0]?.calls.filter((call) => !call.startsWith('run'))).toEqual([
    'commit',
    'rollback',
    'commit',
  ])
})

test('an error inside is logged with its cause and told without it', async () => {
  await open()
  const client = await logIn()
  expect(await client.query('SELECT secret')).toContain(
    'ErrorResponse ERROR XX000 internal error: see the log of the gateway',
  )
  expect(door.logged.join()).toContain('a path or a value that no client may see')
})

test('closing the door ends idle sessions at once, and busy ones after the grace', async () => {
  await open()
  const [idle, busy] = [await logIn(), await logIn()]
  busy.send('Query SELECT pg_sleep(30)')
  await until(() => door.sessions[1]?.open === 1)
  const begun = Date.now()
  const closed = door.close(300)
  const words = 'ErrorResponse FATAL 57P01 terminating connection due to administrator command'
  expect([await idle.line(), await idle.line()]).toEqual([words, 'Closed'])
  expect(Date.now() - begun).toBeLessThan(250)
  await closed
  expect(Date.now() - begun).toBeGreaterThanOrEqual(290)
  expect([await busy.line(), await busy.line()]).toEqual([words, 'Closed'])
})

test('a statement that ends within the grace is answered before the door closes', async () => {
  await open()
  const client = await logIn()
  client.send('Query SELECT pg_sleep(1)')
  await until(() => door.sessions[0]?.open === 1)
  const closed = door.close(5000)
  expect((await client.linesUntilReady()).at(-2)).toBe('CommandComplete SELECT 1')
  await closed
  await expect(PgWireClient.connect({ port: door.port })).rejects.toThrow('ECONNREFUSED')
})

test('noise of any kind ends a connection and leaves the door open', async () => {
  await open()
  for (let i = 0; i < 50; i += 1) {
    const socket = connect({ port: door.port, host: '127.0.0.1' })
    socket.on('error', () => undefined)
    socket.write(Buffer.from(Array.from({ length: 1 + i * 7 }, () => Math.random() * 256)))
    socket.end()
  }
  const client = await logIn()
  for (let i = 0; i < 20; i += 1) {
    const body = Buffer.from(Array.from({ length: i * 3 }, () => Math.random() * 256))
    const length = Buffer.alloc(4)
    length.writeInt32BE(4 + body.length)
    client.raw(Buffer.concat([Buffer.from('PBDECQ'.charAt(i % 6)), length, body]))
  }
  client.send('Sync')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await (await logIn()).query('SELECT 1')).toContain('DataRow "1"')
})
