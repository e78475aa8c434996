/** What the fuzzer found (`npm run fuzz:pgwire`), and what a client that breaks the protocol may see. */
import { afterEach, expect, test } from 'vitest'
import { PgWireClient } from '../../../test/fixtures/pgwire-client.ts'
import { CLIENT, TOKEN, openTestDoor } from '../../../test/fixtures/pgwire-door.ts'
import type { TestDoor } from '../../../test/fixtures/pgwire-door.ts'
import type { PgWireOptions } from './listen-pgwire.ts'

const USER = { user: CLIENT, database: 'master' }
const HTTP = Buffer.from('GET / HTTP/1.1\r\n\r\n')
const NOT_A_TYPE = 'ErrorResponse FATAL 08P01 invalid frontend message type 71'

let door: TestDoor
let client: PgWireClient

afterEach(async () => {
  client.close()
  await door.close()
})

async function logIn(options: Partial<PgWireOptions> = {}): Promise<void> {
  door = await openTestDoor(options)
  client = await PgWireClient.logIn({ port: door.port }, TOKEN, USER)
}

/** All that `write` writes leaves in one piece. */
function atOnce(write: () => void): void {
  client.socket.cork()
  write()
  client.socket.uncork()
}

/** What is still answered, to the end of the connection. */
async function linesUntilClosed(): Promise<string[]> {
  const lines: string[] = []
  while (lines.at(-1) !== 'Closed') lines.push(await client.line())
  return lines
}

test('what came before an invalid frame is answered in full, then why it ends, then nothing', async () => {
  await logIn()
  atOnce(() => {
    client.send('Query SELECT 1', 'Parse {"text":"SELECT 2"}')
    client.raw(HTTP)
  })
  expect(await linesUntilClosed()).toEqual([
    'RowDescription ?column?:23',
    'DataRow "1"',
    'CommandComplete SELECT 1',
    'ReadyForQuery I',
    'ParseComplete',
    NOT_A_TYPE,
    'Closed',
  ])
})

test('who sends something else than the password is told so, also when it came at once', async () => {
  door = await openTestDoor()
  client = await PgWireClient.connect({ port: door.port })
  atOnce(() => {
    client.startUp(USER)
    client.send('Query SELECT 1')
  })
  expect(await linesUntilClosed()).toEqual([
    'AuthenticationCleartextPassword',
    'ErrorResponse FATAL 08P01 expected password response, got message type 81',
    'Closed',
  ])
})

test('a byte that begins no message is refused without waiting for more of it', async () => {
  await logIn()
  client.raw(HTTP.subarray(0, 1))
  expect(await linesUntilClosed()).toEqual([NOT_A_TYPE, 'Closed'])
})

test('behind a malformed Sync nothing is skipped any more', async () => {
  await logIn()
  client.send('Describe {"statement":"missing"}', 'Raw 53 00000005 00')
  expect(await client.linesUntilReady()).toEqual([
    'ErrorResponse ERROR 26000 prepared statement "missing" does not exist',
    'ErrorResponse ERROR 08P01 sync: 1 bytes after the last field',
    'ReadyForQuery I',
  ])
  expect(await client.query('SELECT 1')).toContain('DataRow "1"')
})

test('a Parse that is refused takes the unnamed statement of before away', async () => {
  await logIn()
  client.send('Parse {"text":"SELECT 1"}', 'Sync')
  await client.linesUntilReady()
  client.send('Parse {"text":"SELECT 1; SELECT 2"}', 'Sync')
  await client.linesUntilReady()
  client.send('Bind {}', 'Execute {}', 'Sync')
  expect(await client.linesUntilReady()).toEqual([
    'ErrorResponse ERROR 26000 unnamed prepared statement does not exist',
    'ReadyForQuery I',
  ])
})

test('a Bind with fewer values than its text has parameters is refused, whatever was declared', async () => {
  await logIn()
  client.send('Parse {"text":"SELECT $1::integer AS x"}', 'Bind {}', 'Sync')
  expect((await client.linesUntilReady())[1]).toMatch(/ERROR 08P01 bind message supplies 0/)
  client.send('Parse {"text":"INSERT INTO t VALUES ($1, $2)","oids":[23]}')
  client.send('Bind {"values":["1"]}', 'Sync')
  expect((await client.linesUntilReady())[1]).toMatch(/ERROR 08P01 bind message supplies 1/)
})

test('of a text with PREPARE what is prepared is kept, and counts', async () => {
  await logIn({ limits: { preparedBytesMax: 10_000 } })
  const comment = `/* ${'x'.repeat(9000)} */`
  for (const name of ['a', 'b', 'c']) {
    const sql = `${comment} PREPARE ${name} AS SELECT 1 ${comment}`
    expect(await client.query(sql)).toContain('CommandComplete PREPARE')
  }
  const long = `PREPARE d AS SELECT '${'x'.repeat(6000)}'::varchar AS x`
  expect((await client.query(long))[0]).toMatch(/ERROR 53400 too many prepared statements/)
})

test('names, and values that are NULL or empty, count for what a session may keep', async () => {
  await logIn({ limits: { preparedBytesMax: 10_000, portalBytesMax: 10_000 } })
  const long = 'x'.repeat(6000)
  const nulls = Array.from({ length: 200 }, () => null)
  const oids = nulls.map(() => 23)
  client.send(`Parse {"name":"${long}","text":"SELECT 1"}`, 'Sync')
  expect((await client.linesUntilReady())[0]).toMatch(/ERROR 53400 too many prepared statements/)
  client.send(`Parse ${JSON.stringify({ text: 'SELECT 1', oids })}`)
  client.send(`Bind ${JSON.stringify({ portal: 'p', values: nulls })}`, 'Sync')
  expect((await client.linesUntilReady())[1]).toMatch(/ERROR 53400 too many portals/)
  client.send('Parse {"text":"SELECT 1"}', `Bind {"portal":"${long}"}`, 'Sync')
  expect((await client.linesUntilReady())[1]).toMatch(/ERROR 53400 too many portals/)
})
