/** The conversation of the BLUE door, call by call, over real sockets. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chunksOf, headOf } from '../../../test/fixtures/blue-client.ts'
import type { BlueClient } from '../../../test/fixtures/blue-client.ts'
import { CLIENT, TOKEN, openBlueDoor } from '../../../test/fixtures/blue-door.ts'
import type { TestBlueDoor } from '../../../test/fixtures/blue-door.ts'
import { GatewayError } from '../../base/gateway-error.ts'

let door: TestBlueDoor
beforeEach(async () => {
  door = await openBlueDoor()
})
afterEach(() => door.close())

const UNAUTHENTICATED = 16
const NOT_FOUND = 5

describe('Auth and Session', () => {
  test('a token opens a session, whatever user name stands beside it', async () => {
    const client = door.client()
    const { token, error } = await client.auth({ authType: 2, accessToken: TOKEN, user: 'nobody' })
    expect(error).toBeNull()
    client.useBearer(token)
    const opened = await client.session({
      database: 'master',
      poolName: 'nightly',
      sourceIp: '10.9.8.7',
      clientInfo: { version: 'pysqream-blue_V1.0.48', sourceType: 4 },
    })
    expect(opened).toMatchObject({
      error: null,
      contextId: door.sessions[0]?.session.id,
      sqreamVersion: 'Bluegate 1.2.3',
    })
    expect(door.sessions[0]?.session).toMatchObject({
      origin: {
        door: 'grpc',
        address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) as string,
        claimedAddress: '10.9.8.7',
        tool: 'pysqream-blue_V1.0.48',
        tlsVersion: 'TLSv1.3',
        initiatedBy: 'Jobs',
      },
      settings: { dialect: 'blue', pool: 'nightly' },
    })
  })

  test('the client’s name and its token are user and password', async () => {
    const client = door.client()
    const { token } = await client.auth({ authType: 1, user: CLIENT, password: TOKEN })
    expect(token).not.toBe('')
  })

  test.each([
    ['a token that is wrong', { authType: 2, accessToken: 'x' }, 'authentication failed.'],
    [
      'a password that is wrong',
      { authType: 1, user: 'sqream', password: 'sqream' },
      "wrong password for role 'sqream'. Hint: The user is the name of the client, and the password its access token.",
    ],
    ['nothing', {}, 'send an access token, or a user and a password.'],
  ])('%s is refused in the reply, and on record', async (_, request, message) => {
    expect(await door.client().auth(request)).toMatchObject({ token: '', error: { message } })
    expect(door.refusals).toHaveLength(1)
    expect(door.sessions).toHaveLength(0)
  })

  test('a token in the place of the user is on no record', async () => {
    await door.client().auth({ authType: 1, user: TOKEN, password: 'x' })
    expect(JSON.stringify(door.refusals)).not.toContain('aaaa')
  })

  test('a database that is not there is refused in the reply', async () => {
    await expect(door.client().logIn(TOKEN, { database: 'nix' })).rejects.toThrow(
      'database "nix" does not exist',
    )
    expect(door.refusals).toMatchObject([{ clientName: CLIENT, database: 'nix' }])
  })

  test.each([undefined, 'garbage', TOKEN])('with the bearer %s nothing goes', async (bearer) => {
    const good = await door.loggedIn()
    const { contextId } = await good.compile('SELECT 1')
    const client = door.client()
    client.useBearer(bearer)
    const calls = [
      client.session({ database: 'master' }),
      client.compile('SELECT 1', { contextId: good.sessionId }),
      client.execute(contextId),
      client.status(contextId),
      client.fetch(contextId),
    ]
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: UNAUTHENTICATED })
    expect(await client.closeStatement(contextId)).toEqual({
      closeResponse: { closed: false, error: null },
    })
    expect(await client.closeSession(good.sessionId)).toMatchObject({
      closeResponse: { closed: false },
    })
    expect((await good.run('SELECT 1')).rows).toBe(1)
  })

  test('RefreshToken gives another bearer for the same sessions', async () => {
    const client = await door.loggedIn()
    const other = door.client()
    const first = await client.logIn(TOKEN)
    const { accessToken, error } = await other.refreshToken(first)
    expect([error, accessToken === first]).toEqual([null, false])
    other.useBearer(accessToken)
    expect(await other.compile('SELECT 1', { contextId: client.sessionId })).toMatchObject({
      error: null,
    })
    expect(await other.refreshToken('nobody’s')).toMatchObject({
      error: { message: expect.stringContaining('not known') as string },
    })
  })
})

describe('a statement', () => {
  let client: BlueClient
  beforeEach(async () => {
    client = await door.loggedIn()
  })

  test('a query: columns at Compile, rows, and the end of them in a reply of its own', async () => {
    const { contextId, columns, queryType, error } = await client.compile('SELECT 2')
    expect({ columns, queryType, error }).toEqual({
      columns: [
        {
          type: 4,
          nullable: true,
          truVarchar: false,
          name: 'n',
          valueSize: '4',
          scale: 0,
          precision: 0,
          subType: 0,
        },
      ],
      queryType: 1,
      error: null,
    })
    expect(contextId).toBe(`${client.sessionId}:1`)
    expect(await client.execute(contextId)).toEqual({ contextId, error: null })
    expect(await client.waitFor(contextId)).toEqual({ status: 2, error: null })
    const first = Buffer.from((await client.fetch(contextId)).queryResult ?? [])
    expect(headOf(first)).toEqual({ rows: 2, colSzs: [2, 8] })
    expect(chunksOf(first).map((chunk) => chunk.toString('hex'))).toEqual([
      '0000',
      '0100000002000000',
    ])
    const end = Buffer.from((await client.fetch(contextId)).queryResult ?? [])
    expect(end.toString('latin1')).toBe(`\x16\0\0\0\0\0\0\0{"colSzs":[],"rows":0}`)
    expect(await client.fetch(contextId)).toMatchObject({ queryResult: end, error: null })
    expect(door.sessions[0]?.open).toBe(0)
  })

  test('an empty result is its end at once', async () => {
    expect(await client.run('SELECT 0')).toMatchObject({ rows: 0, error: undefined })
  })

  test('a long result comes in pieces of about a megabyte, and whole', async () => {
    const { rows, results } = await client.run('SELECT 1000000')
    expect(rows).toBe(1_000_000)
    expect(results.length).toBeGreaterThan(2)
    expect(Math.max(...results.map(({ length }) => length))).toBeLessThan(2 * 1024 ** 2)
    const last = present(results.at(-1))
    expect(chunksOf(last)[1]?.readInt32LE(headOf(last).rows * 4 - 4)).toBe(1_000_000)
  })

  test('what returns no rows is committed when it has succeeded', async () => {
    const { compiled, error } = await client.run('CREATE')
    expect([compiled.queryType, compiled.columns, error]).toEqual([2, [], undefined])
    expect(door.sessions[0]?.commits).toEqual(['succeeded'])
    expect(await client.fetch(compiled.contextId)).toMatchObject({
      error: { message: expect.stringContaining('returns no rows') as string },
    })
  })

  test('the rows of a write are told after its commit', async () => {
    const { contextId } = await client.compile('INSERT 3000')
    await client.execute(contextId)
    await client.waitFor(contextId)
    expect(door.sessions[0]).toMatchObject({ open: 0, commits: ['succeeded'] })
    expect((await client.run('INSERT 3000')).rows).toBe(3000)
  })

  test('an error of the text has a statement id, and a position', async () => {
    expect(await client.compile('SELECT')).toMatchObject({
      contextId: `${client.sessionId}:1`,
      error: { code: 0, message: 'at the end (at character 7).' },
    })
  })

  test.each([
    ['SELECT 1; SELECT 1', 'expected one statement, got 2.'],
    ['', 'expected one statement, got 0.'],
    [Buffer.from([0xff]), 'the statement is not valid UTF-8.'],
  ])('%j is no statement', async (sql, message) => {
    expect(await client.compile(sql)).toMatchObject({ error: { message } })
  })

  test('one semicolon at the end is no second statement', async () => {
    expect((await client.run('SELECT 1;')).rows).toBe(1)
  })

  test('a transaction block is refused: statements are committed one by one', async () => {
    expect((await client.compile('BEGIN')).error?.message).toContain('transaction block')
  })

  test('an error after rows is an error of Fetch, and never the end of them', async () => {
    const { error, rows } = await client.run('SELECT 1000000 FAIL')
    expect(error).toBe('division by zero.')
    expect(rows).toBeLessThan(1_000_000)
    expect(door.sessions[0]?.open).toBe(0)
  })

  test('an error before the first row is an error of Status, and of whatever is asked then', async () => {
    const { compiled, error } = await client.run('SELECT 0 FAIL')
    expect(error).toBe('division by zero.')
    expect(await client.status(compiled.contextId)).toMatchObject({ status: 3 })
    expect(await client.fetch(compiled.contextId)).toMatchObject({ error: { message: error } })
  })

  test('a second Execute runs nothing again', async () => {
    const { contextId } = await client.compile('INSERT 1')
    await Promise.all([client.execute(contextId), client.execute(contextId)])
    await client.waitFor(contextId)
    await client.execute(contextId)
    expect(door.sessions[0]?.commits).toEqual(['succeeded'])
  })

  test('Status and Fetch before Execute are answered with an error', async () => {
    const { contextId } = await client.compile('SELECT 1')
    expect(await client.status(contextId)).toMatchObject({ status: 3, error: {} })
    expect(await client.fetch(contextId)).toMatchObject({
      error: { message: 'Fetch comes after Execute.' },
    })
  })

  test('Fetch while it runs waits', async () => {
    const { contextId } = await client.compile('SELECT 1 SLEEP 300')
    await client.execute(contextId)
    expect(await client.fetch(contextId)).toMatchObject({ error: null, retryFetch: false })
  })

  test('without rows for a while Fetch says: again', async () => {
    const { contextId } = await client.compile('SELECT 1 FOREVER')
    await client.execute(contextId)
    await client.waitFor(contextId)
    expect((await client.fetch(contextId)).retryFetch).toBe(false)
    const startedMs = performance.now()
    expect(await client.fetch(contextId)).toMatchObject({ retryFetch: true, error: null })
    expect(performance.now() - startedMs).toBeGreaterThan(1000) // connectors ask again without a pause
  })

  test('statements of a session run side by side', async () => {
    const slow = client.run('SELECT 1 SLEEP 1000')
    const ended: string[] = []
    await Promise.all([
      slow.then(() => ended.push('slow')),
      client.run('SELECT 5').then(() => ended.push('quick')),
      ...Array.from({ length: 30 }, () => client.run('SELECT 1 SLEEP 10')),
    ])
    expect(ended).toEqual(['quick', 'slow'])
    expect(door.sessions[0]?.lanes).toBeLessThanOrEqual(16)
  })

  test('another Compile does not touch the result before', async () => {
    const { contextId } = await client.compile('SELECT 1000000')
    await client.execute(contextId)
    await client.waitFor(contextId)
    expect((await client.run('SELECT 3')).rows).toBe(3)
    const fetched = await client.fetch(contextId)
    expect(headOf(Buffer.from(fetched.queryResult ?? [])).rows).toBeGreaterThan(1000)
  })
})

describe('stopping', () => {
  let client: BlueClient
  beforeEach(async () => {
    client = await door.loggedIn()
  })

  test('Cancel comes without a bearer, on a connection that has shown it', async () => {
    const { contextId } = await client.compile('SELECT 1 SLEEP 60000')
    await client.execute(contextId)
    client.useBearer(undefined)
    expect(await client.cancel(contextId)).toEqual({ canceled: true, error: null })
  })

  test('a statement that is cancelled says so, to Status and to Fetch', async () => {
    const { contextId } = await client.compile('SELECT 1 SLEEP 60000')
    await client.execute(contextId)
    const waiting = client.waitFor(contextId)
    expect(await client.cancel(contextId)).toMatchObject({ canceled: true })
    const message = 'canceling statement due to user request.'
    expect(await waiting).toMatchObject({ status: 4, error: { message } })
    expect(await client.fetch(contextId)).toMatchObject({ error: { message } })
    expect(await client.cancel(contextId)).toEqual({ canceled: false, error: null })
  })

  test('a result is cancelled while its client waits for more of it', async () => {
    const { contextId } = await client.compile('SELECT 1 FOREVER')
    await client.execute(contextId)
    await client.waitFor(contextId)
    await client.fetch(contextId)
    const fetched = client.fetch(contextId)
    await sleep(100)
    await client.cancel(contextId)
    expect(await fetched).toMatchObject({ error: {} })
    expect(door.sessions[0]?.open).toBe(0)
  })

  test.each(['', 'x', '00000000-0000-0000-0000-000000000000:1'])(
    'Cancel of %j is no error, and changes nothing',
    async (id) => {
      expect(await client.cancel(id)).toEqual({ canceled: false, error: null })
    },
  )

  test('nobody cancels from a connection that has not shown the bearer', async () => {
    const { contextId } = await client.compile('SELECT 1 SLEEP 300')
    await client.execute(contextId)
    const stranger = await door.loggedIn()
    expect(await stranger.cancel(contextId)).toEqual({ canceled: false, error: null })
    expect(await client.waitFor(contextId)).toEqual({ status: 2, error: null })
  })

  test('the time that the client gave is over', async () => {
    const { contextId } = await client.compile('SELECT 1 SLEEP 60000', { queryTimeout: 1 })
    await client.execute(contextId)
    expect(await client.waitFor(contextId)).toMatchObject({
      status: 8,
      error: { message: expect.stringMatching(/^Connection timeout expired: .* 1 s\.$/) as string },
    })
  })

  test('what the client does between two fetches does not count', async () => {
    const { contextId } = await client.compile('SELECT 1000000', { queryTimeout: 1 })
    await client.execute(contextId)
    await client.waitFor(contextId)
    await client.fetch(contextId)
    await sleep(1200)
    expect(await client.fetch(contextId)).toMatchObject({ error: null })
  })

  test('CloseStatement gives the engine back, and forgets the id', async () => {
    const { contextId } = await client.compile('SELECT 1000000')
    await client.execute(contextId)
    await client.waitFor(contextId)
    expect(await client.closeStatement(contextId)).toMatchObject({
      closeResponse: { closed: true },
    })
    expect(door.sessions[0]?.open).toBe(0)
    await expect(client.fetch(contextId)).rejects.toMatchObject({ code: NOT_FOUND })
    for (const id of [contextId, '', 'x']) {
      expect(await client.closeStatement(id)).toMatchObject({ closeResponse: { closed: false } })
    }
  })

  test('CloseSession ends its statements; its id is nobody’s then', async () => {
    const { contextId } = await client.compile('SELECT 1 SLEEP 60000')
    await client.execute(contextId)
    expect(await client.closeSession()).toMatchObject({ closeResponse: { closed: true } })
    expect(door.sessions[0]?.closedWith).toBe('the client closed it')
    await expect(client.status(contextId)).rejects.toMatchObject({ code: NOT_FOUND })
    await expect(client.compile('SELECT 1')).rejects.toMatchObject({ code: NOT_FOUND })
    expect(await client.closeSession()).toMatchObject({ closeResponse: { closed: false } })
  })

  test('a session that is cut off says why, and gives out nothing that was held', async () => {
    const { contextId } = await client.compile('SELECT 5')
    await client.execute(contextId)
    await client.waitFor(contextId)
    const why = 'terminating connection: the client was disabled'
    door.sessions[0]?.session.end(new GatewayError('admin_shutdown', why))
    const error = { message: `${why}.` }
    expect(await client.fetch(contextId)).toMatchObject({ queryResult: Buffer.alloc(0), error })
    expect(await client.status(contextId)).toMatchObject({ error })
    expect(await client.compile('SELECT 1')).toMatchObject({ error })
  })
})

describe('other people’s ids', () => {
  test('one login reaches nothing of another, and cannot tell it from what is not there', async () => {
    const [mine, theirs] = [await door.loggedIn(), await door.loggedIn()]
    const { contextId } = await theirs.compile('SELECT 5')
    await theirs.execute(contextId)
    await theirs.waitFor(contextId)
    for (const id of [contextId, '00000000-0000-0000-0000-000000000000:1']) {
      for (const call of [mine.execute(id), mine.status(id), mine.fetch(id)]) {
        await expect(call).rejects.toMatchObject({
          code: NOT_FOUND,
          details: 'there is no such statement',
        })
      }
      expect(await mine.closeStatement(id)).toMatchObject({ closeResponse: { closed: false } })
    }
    await expect(mine.compile('SELECT 1', { contextId: theirs.sessionId })).rejects.toMatchObject({
      code: NOT_FOUND,
    })
    expect(await mine.closeSession(theirs.sessionId)).toMatchObject({
      closeResponse: { closed: false },
    })
    expect(headOf(Buffer.from((await theirs.fetch(contextId)).queryResult ?? [])).rows).toBe(5)
  })

  test('ids have more than 122 random bits', async () => {
    const { sessionId } = await door.loggedIn()
    expect(sessionId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })
})

test('a door that stops takes nobody in, and lets those finish who are in', async () => {
  const client = await door.loggedIn()
  door.stopTaking()
  expect((await client.run('SELECT 3')).rows).toBe(3)
  const refused = { code: 14, details: 'the gateway is shutting down' }
  await expect(client.auth({ authType: 2, accessToken: TOKEN })).rejects.toMatchObject(refused)
  await expect(client.session({ database: 'master' })).rejects.toMatchObject(refused)
})

describe('clients that go away', () => {
  test('a session whose client has no connection any more is ended', async () => {
    await door.close()
    door = await openBlueDoor({ limits: { sessionLostMs: 200 } })
    const client = await door.loggedIn()
    const stays = await door.loggedIn()
    const { contextId } = await client.compile('SELECT 1 SLEEP 60000')
    await client.execute(contextId)
    client.close()
    await expect
      .poll(() => door.sessions[0]?.closedWith, { timeout: 5000 })
      .toBe('the client is gone')
    expect((await stays.run('SELECT 1')).rows).toBe(1)
  })

  test('a session that is asked nothing for long is ended, connection or not', async () => {
    await door.close()
    door = await openBlueDoor({ limits: { sessionIdleMs: 300, sessionLostMs: 100 } })
    const client = await door.loggedIn()
    await expect
      .poll(() => door.sessions[0]?.closedWith, { timeout: 5000 })
      .toBe('nothing was asked of it for too long')
    await expect(client.compile('SELECT 1')).rejects.toMatchObject({ code: NOT_FOUND })
  })

  async function leaveUnread(client: BlueClient, sql: string, results: number): Promise<string[]> {
    const ids: string[] = []
    for (let k = 0; k < results; k += 1) {
      const { contextId } = await client.compile(sql)
      await client.execute(contextId)
      await client.waitFor(contextId)
      ids.push(contextId)
    }
    return ids
  }

  const dropped = {
    error: { message: expect.stringContaining('the result was dropped') as string },
  }

  test('of results that nobody reads 256 are kept; the oldest are dropped, and no more', async () => {
    const client = await door.loggedIn()
    const ids = await leaveUnread(client, 'SELECT 2000', 258)
    expect((await client.fetch(ids[2] ?? '')).error).toBeNull()
    await expect(client.fetch(ids[1] ?? '')).resolves.toMatchObject(dropped)
  })

  test('so are they when what is held of them is too much', async () => {
    const client = await door.loggedIn()
    const ids = await leaveUnread(client, 'SELECT 100000', 256)
    expect((await client.fetch(ids.at(-1) ?? '')).error).toBeNull()
    await expect(client.fetch(ids[0] ?? '')).resolves.toMatchObject(dropped)
    expect(door.sessions[0]?.open).toBeLessThan(256)
  })
})

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('nothing there')
  return value
}
