import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MemoryAuditLog } from '../audit/memory-audit-log.ts'
import { apiPartsForTests } from '../protocol/http/api-parts-for-tests.ts'
import { listenControlSocket } from '../protocol/http/listen-control-socket.ts'
import type { ControlSocket } from '../protocol/http/listen-control-socket.ts'
import type { ServeRequest } from './cli-ports.ts'
import { cliPortsForTests } from './cli-ports-for-tests.ts'
import { runCli } from './run-cli.ts'

let dataDir: string
let socket: ControlSocket

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'bluegate-cli-'))
  writeFileSync(path.join(dataDir, 'control.sock'), 'left over by a gateway that was killed')
  socket = await listenControlSocket(dataDir, await apiPartsForTests(new MemoryAuditLog()))
})
afterAll(async () => {
  await socket.stop()
  rmSync(dataDir, { recursive: true })
})

interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
  readonly served: ServeRequest | undefined
}

async function bluegate(...args: string[]): Promise<Run> {
  const run = { out: '', err: '', served: undefined as ServeRequest | undefined }
  const code = await runCli(args, {
    ...cliPortsForTests(run),
    readInput: () => Promise.resolve('select 1 rows'),
    dataDirectory: (flag) => flag ?? dataDir,
    serve: (request) => {
      run.served = request
      return Promise.resolve(0)
    },
  })
  return { code, ...run }
}

async function json(...args: string[]): Promise<unknown> {
  const { out, err, code } = await bluegate(...args, '--json')
  expect(err).toBe('')
  expect(code).toBe(0)
  expect(out.trimEnd()).not.toContain('\n')
  return JSON.parse(out)
}

test('the socket is for its owner alone, and replaces one that was left over', () => {
  const { mode } = statSync(path.join(dataDir, 'control.sock'))
  expect(mode & 0o777).toBe(0o600)
})

test('a role and a client are made, and the token is printed with how to connect', async () => {
  expect(await json('role', 'create', 'reader')).toMatchObject({ name: 'reader', login: true })
  const { out, code } = await bluegate('client', 'create', 'tableau', '--role', 'reader')
  expect(code).toBe(0)
  expect(out).toMatch(/^ {2}bluegate_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/m)
  expect(out).toContain(
    'psql "host=localhost port=5439 dbname=master user=tableau sslmode=verify-full sslrootcert=/data/tls/ca.crt"',
  )
})

test('client create --json prints id, name, role and token, and nothing else', async () => {
  await json('role', 'create', 'writer')
  const created = await json('client', 'create', 'etl', '--role', 'writer')
  expect(created).toEqual({
    id: expect.any(String),
    name: 'etl',
    role: 'writer',
    token: expect.stringMatching(/^bluegate_/),
  })
  const { token } = created as { token: string }
  expect(await json('client', 'show', 'etl')).toMatchObject({ name: 'etl', token })
  expect(await json('client', 'show', 'etl', '--no-token')).not.toHaveProperty('token')
})

test('a new token can let the old one live on for a while', async () => {
  await json('role', 'create', 'rotator')
  await json('client', 'create', 'rotated', '--role', 'rotator')
  const { out } = await bluegate('client', 'regenerate', 'rotated', '--grace', '2h')
  expect(out).toContain('the old one works until ')
  const at_once = await bluegate('client', 'regenerate', 'rotated')
  expect(at_once.out).toContain('the old token has ended')
})

test('lists are tables for people and one document for programs', async () => {
  const { out } = await bluegate('role', 'list')
  expect(out).toContain('superuser')
  expect(out).toMatch(/\d+ roles\n$/)
  expect(Array.isArray(await json('role', 'list'))).toBe(true)
})

test('a refusal is an error text with a hint, and exit code 1', async () => {
  const { code, err, out } = await bluegate('client', 'create', 'BAD NAME', '--role', 'reader')
  expect(code).toBe(1)
  expect(out).toBe('')
  expect(err).toMatch(/^error: .+\n/)
  const asJson = await bluegate('client', 'show', 'nobody', '--json')
  expect(JSON.parse(asJson.err)).toMatchObject({ error: { code: 'undefined_object' } })
})

test('without a gateway the exit code is 3 and the text says how to start one', async () => {
  const { code, err } = await bluegate('role', 'list', '--data-dir', '/nowhere/at/all')
  expect(code).toBe(3)
  expect(err).toContain('no gateway is running on /nowhere/at/all')
})

test('a command that is written wrongly is exit code 2', async () => {
  expect((await bluegate('client', 'create', 'x')).code).toBe(2)
  expect((await bluegate('clinet')).code).toBe(2)
  expect((await bluegate('audit', '--limit', 'many')).code).toBe(2)
  expect((await bluegate('audit', '--help')).code).toBe(0)
})

test('sql prints a table with its count', async () => {
  const { out, code } = await bluegate('sql', '-c', 'select 2 rows; create nothing')
  expect(code).toBe(0)
  expect(out).toContain('│ 2 │')
  expect(out).toContain('(2 rows)')
  expect(out).toContain('CREATE NOTHING')
})

test('sql prints no more than the first thousand rows of a table, and says so', async () => {
  const { out } = await bluegate('sql', '-c', 'select 1500 rows')
  expect(out).toContain('(1,500 rows; the first 1,000 rows are shown, --csv gives all)')
})

test('sql --csv prints all rows as CSV', async () => {
  const { out } = await bluegate('sql', '--csv', '-c', 'select 1500 rows')
  expect(out.split('\r\n')).toHaveLength(1502) // header, rows, and the end of the last line
  expect(out.startsWith('n\r\n1\r\n2\r\n')).toBe(true)
})

test('sql --json is one document, also when an error ends it', async () => {
  expect(await json('sql', '-c', 'select 2 rows; create nothing')).toEqual({
    statements: [
      { columns: [{ name: 'n', type: 'integer' }], rows: [[1], [2]], tag: 'SELECT 2' },
      { columns: null, rows: [], tag: 'CREATE NOTHING' },
    ],
  })
  const failed = await bluegate('sql', '--json', '-c', 'select 2 rows and fail')
  expect(failed.code).toBe(1)
  expect(JSON.parse(failed.out)).toMatchObject({ statements: [{ rows: [[1], [2]] }] })
  expect(JSON.parse(failed.err)).toMatchObject({ error: { code: 'division_by_zero' } })
})

test('sql reads standard input when no text was given', async () => {
  expect((await bluegate('sql')).out).toContain('(1 row)')
})

test('the audit is searched and verified', async () => {
  const { out } = await bluegate('audit', '--action', 'role_created', '--limit', '1')
  expect(out).toContain('role_created')
  expect(out).toContain('1 record (--limit gives more)')
  expect((await bluegate('audit', 'verify')).out).toContain('The audit is whole')
  expect(await json('audit', 'verify')).toMatchObject({ ok: true })
})

test('the flags of serve become settings with their origin', async () => {
  const flags =
    '--json --data-dir /d --pg-port 0 --tls-name a.example --tls-name b.example --no-sample-data --set limits.sessionsMax=7'
  const { served } = await bluegate('serve', ...flags.split(' '))
  expect(served?.json).toBe(true)
  expect(served?.settings).toEqual([
    { name: 'dataDir', raw: '/d', origin: 'flag --data-dir' },
    { name: 'pg.port', raw: '0', origin: 'flag --pg-port' },
    { name: 'tls.names', raw: ['a.example', 'b.example'], origin: 'flag --tls-name' },
    { name: 'sampleData', raw: false, origin: 'flag --no-sample-data' },
    { name: 'limits.sessionsMax', raw: '7', origin: 'flag --set' },
  ])
})
