/**
 * What is acknowledged was flushed before: a trace of the system calls of the whole server shows,
 * for each kind of acknowledged act, that at the first byte of the reply the files that hold the
 * act had been flushed since (design, decision 13).
 */
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { present } from '../../src/base/assert.ts'
import { ControlClient } from '../../src/cli/control-client.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { fileAt, readTrace, traceCommand } from './harness/system-call-trace.ts'
import type { FileAtReply } from './harness/system-call-trace.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'

/** The trace lags a little behind the client, which has the reply already. */
const TRACE_MS_MAX = 5000

/** The audit flushes what it only wrote within a second: after that nothing is under way. */
const QUIET_MS = 1500

let server: BluegateServer
let client: pg.Client
let control: ControlClient
const directory = mkdtempSync(path.join(os.tmpdir(), 'bluegate-trace-'))
const traceFile = path.join(directory, 'trace')

beforeAll(async () => {
  if (AGAINST_POSTGRESQL) return
  server = await startBluegate({
    wrapper: traceCommand(traceFile),
    env: { UV_USE_IO_URING: '0' }, // a flush through a ring would not be seen
  })
  control = new ControlClient(server.dataDirectory)
  await server.admin('create table ledger (id integer)')
  await server.admin('create role reader')
  const { name, token } = await server.createClient('writer', ['INSERT ON TABLE ledger'])
  await server.admin('grant superuser to writer_role')
  client = new pg.Client({
    host: server.host,
    port: server.port,
    database: 'master',
    user: name,
    password: token,
    ssl: { ca: readFileSync(server.caFile, 'utf8') },
  })
  await client.connect()
})

afterAll(async () => {
  await client?.end()
  await server?.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** How `files` stood when the reply to `act`, or its piece of that number, left for `socket`. */
async function filesAtReply(
  act: () => Promise<unknown>,
  socket: string,
  files: readonly string[],
  piece = 1,
): Promise<FileAtReply[]> {
  await sleep(QUIET_MS)
  const before = readTrace(traceFile).length
  await act()
  const deadline = performance.now() + TRACE_MS_MAX
  for (;;) {
    const moments = readTrace(traceFile).slice(before)
    const replies = moments.filter(
      ({ at, kind, target }) => at === 'begin' && kind === 'write' && target.endsWith(socket),
    )
    const reply = replies[piece - 1]
    if (reply) return files.map((file) => fileAt(moments, file, reply))
    if (performance.now() > deadline) throw new Error('the trace has no reply')
    await sleep(50)
  }
}

function inData(...names: string[]): string {
  return path.join(realpathSync(server.dataDirectory), ...names)
}

function auditSegment(): string {
  return inData('audit', present(readdirSync(inData('audit')).toSorted().at(-1), 'a segment'))
}

const engineLog = (): string => inData('engine/databases/master.duckdb.wal')
const metadataLog = (): string => inData('metadata.sqlite-wal')

/** The gateway's end of the client's connection, as strace tells it. */
function clientSocket(): string {
  // the driver's own socket, inside the encrypted one
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  return `:${present(stream.localPort, 'a connected socket')}]`
}

const controlSocket = (): string => `${inData('control.sock')}"]`

function areFlushed(files: readonly FileAtReply[]): boolean {
  return files.every(({ flushed, unflushed }) => flushed > 0 && unflushed === 0)
}

describe.skipIf(AGAINST_POSTGRESQL)('on disk before the reply is sent', () => {
  test('an INSERT: the log of the engine, and the audit', async () => {
    const act = (): Promise<unknown> => client.query('insert into ledger values (1)')
    expect(await filesAtReply(act, clientSocket(), [engineLog(), auditSegment()])).toSatisfy(
      areFlushed,
    )
  })

  test('an INSERT with a parameter, through the extended protocol', async () => {
    const act = (): Promise<unknown> => client.query('insert into ledger values ($1)', [2])
    expect(await filesAtReply(act, clientSocket(), [engineLog(), auditSegment()])).toSatisfy(
      areFlushed,
    )
  })

  test('the COMMIT of a transaction: its own statement may be put on record a second later', async () => {
    await client.query('begin')
    await client.query('insert into ledger values (3)')
    const act = (): Promise<unknown> => client.query('commit')
    const files = [engineLog(), auditSegment()]
    const [engine, audit] = await filesAtReply(act, clientSocket(), files)
    expect(engine).toEqual({ flushed: 1, unflushed: 0 })
    expect(audit?.flushed).toBeGreaterThan(0)
  })

  test('a CREATE TABLE: the log of the engine, the grants of its maker, the audit', async () => {
    const act = (): Promise<unknown> => client.query('create table fresh (id integer)')
    const files = [engineLog(), metadataLog(), auditSegment()]
    expect(await filesAtReply(act, clientSocket(), files)).toSatisfy(areFlushed)
  })

  test('a GRANT and a REVOKE: the log of the metadata, and the audit', async () => {
    for (const sql of [
      'grant select on table ledger to reader',
      'revoke select on table ledger from reader',
    ]) {
      const act = (): Promise<unknown> => client.query(sql)
      expect(await filesAtReply(act, clientSocket(), [metadataLog(), auditSegment()])).toSatisfy(
        areFlushed,
      )
    }
  })

  test('a new client, and its token regenerated: the log of the metadata, and the audit', async () => {
    const files = [metadataLog(), auditSegment()]
    const create = (): Promise<unknown> =>
      control.post('/api/v1/clients', { name: 'fresh', role: 'reader' })
    expect(await filesAtReply(create, controlSocket(), files)).toSatisfy(areFlushed)
    const regenerate = (): Promise<unknown> => control.post('/api/v1/clients/fresh/regenerate')
    expect(await filesAtReply(regenerate, controlSocket(), files)).toSatisfy(areFlushed)
  })

  test('an INSERT by the local administrator: its end is told after its commit', async () => {
    const act = async (): Promise<void> => {
      const lines: string[] = []
      const text = 'insert into ledger values (4)'
      for await (const line of control.lines('/api/v1/sql', text)) lines.push(line)
      expect(lines.at(-1)).toContain('INSERT 0 1')
    }
    // the first piece of the answer tells the columns, before anything ran
    const files = [engineLog(), auditSegment()]
    expect(await filesAtReply(act, controlSocket(), files, 2)).toSatisfy(areFlushed)
  })
})
