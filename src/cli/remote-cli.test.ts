import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testCertificate } from '../../test/fixtures/pgwire-door.ts'
import { MemoryAuditLog } from '../audit/memory-audit-log.ts'
import { apiPartsForTests } from '../protocol/http/api-parts-for-tests.ts'
import type { ApiParts } from '../protocol/http/api-parts.ts'
import { buildApi } from '../protocol/http/build-api.ts'
import { cliPortsForTests } from './cli-ports-for-tests.ts'
import { runCli } from './run-cli.ts'

let directory: string
let server: Server
let parts: ApiParts
let flags: string[]
const requests: string[] = []

/** The same API behind HTTPS, for clients that show their token. */
beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bluegate-remote-'))
  parts = await apiPartsForTests(new MemoryAuditLog())
  const app = buildApi(parts, async (request) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const address = '127.0.0.1'
    const attempt = { clientName: undefined, token, address }
    const principal = await parts.identity.authenticate(attempt)
    return { principal, address, door: 'http', tool: String(request.headers['user-agent']) }
  })
  await app.ready()
  const { key, cert, ca } = await testCertificate()
  server = createServer({ key, cert }, (request, response) => {
    requests.push(`${request.method} ${request.url}`)
    app.routing(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const { identity } = parts
  await identity.createRole('admin', { login: true, clusterAdmin: true, superuser: true })
  await identity.createRole('reader', { login: true })
  const admin = await identity.createClient({ name: 'operator', role: 'admin' })
  writeFileSync(path.join(directory, 'token'), `${admin.token}\n`)
  writeFileSync(path.join(directory, 'ca.crt'), ca)
  const { port } = server.address() as AddressInfo
  flags = ['--server', `https://localhost:${port}`, '--ca-file', path.join(directory, 'ca.crt')]
})

afterAll(() => {
  server.close()
  server.closeAllConnections()
  rmSync(directory, { recursive: true })
})

async function bluegate(args: string[], environmentToken?: string) {
  const run = { out: '', err: '' }
  const code = await runCli(args, {
    ...cliPortsForTests(run),
    readInput: () => Promise.resolve('select 1 rows'),
    dataDirectory: () => '/nowhere',
    environmentToken: () => environmentToken,
  })
  return { code, ...run }
}

const withToken = (): string[] => [...flags, '--token-file', path.join(directory, 'token')]

test('a client with CLUSTERADMIN administers from another machine, and its documents are the same', async () => {
  const made = await bluegate([
    'client',
    'create',
    'bi',
    '--role',
    'reader',
    '--json',
    ...withToken(),
  ])
  expect(made.err).toBe('')
  expect(JSON.parse(made.out)).toEqual({
    id: expect.any(String),
    name: 'bi',
    role: 'reader',
    token: expect.stringMatching(/^bluegate_/),
  })
  const shown = await bluegate(['client', 'show', 'bi', '--no-token', '--json', ...withToken()])
  expect(JSON.parse(shown.out)).not.toHaveProperty('etag')
  expect((await bluegate(['status', ...withToken()])).out).toContain('localhost:5439')
})

test('what to type to connect names the CA file of this machine', async () => {
  const { out } = await bluegate(['client', 'create', 'etl', '--role', 'reader', ...withToken()])
  expect(out).toContain(`sslrootcert=${path.join(directory, 'ca.crt')}"`)
})

test('lists are read to their end, however many pages that takes', async () => {
  for (let i = 0; i < 1_001; i += 1) await parts.identity.createRole(`r${i}`)
  const listed = await bluegate(['role', 'list', '--json', ...withToken()])
  const roles = JSON.parse(listed.out) as { name: string }[]
  expect(roles).toHaveLength(parts.identity.listRoles().length)
  expect(roles.at(-1)).not.toHaveProperty('etag')
  expect(requests.filter((one) => one.startsWith('GET /api/v1/roles'))).toHaveLength(2)
})

test('SQL and the audit stream from there too', async () => {
  expect((await bluegate(['sql', '-c', 'select 2 rows', ...withToken()])).out).toContain('(2 rows)')
  const { out } = await bluegate(['audit', '--action', 'client_created', '--json', ...withToken()])
  expect(JSON.parse(out)).toMatchObject([{ username: 'operator', door: 'http' }, {}])
})

test('the token comes from the variable too, and without one nothing is sent', async () => {
  const { token } = await parts.identity.createClient({ name: 'second', role: 'admin' })
  expect((await bluegate(['status', ...flags], token)).code).toBe(0)
  const before = requests.length
  const none = await bluegate(['status', ...flags])
  expect(none.code).toBe(1)
  expect(none.err).toContain('BLUEGATE_TOKEN')
  expect(requests).toHaveLength(before)
})

test('a client without CLUSTERADMIN is told what it lacks', async () => {
  const { token } = await parts.identity.createClient({ name: 'poor', role: 'reader' })
  const refused = await bluegate(['client', 'list', ...flags], token)
  expect(refused.code).toBe(1)
  expect(refused.err).toContain('CLUSTERADMIN')
})

test('a certificate that is not trusted is exit code 3, and names the flag', async () => {
  const [, url = ''] = flags
  const refused = await bluegate(['status', '--server', url], 'bluegate_x')
  expect(refused.code).toBe(3)
  expect(refused.err).toContain('--ca-file')
})

test('where nobody answers it is exit code 3', async () => {
  const refused = await bluegate(['status', '--server', 'https://localhost:9'], 'bluegate_x')
  expect(refused.code).toBe(3)
  expect(refused.err).toContain('https://localhost:9')
})

test.each([
  [['--server', 'http://localhost:1'], 'https://HOST:PORT'],
  [['--server', 'https://localhost:1/api'], 'https://HOST:PORT'],
  [['--server', 'https://localhost:1', '--data-dir', '/d'], 'not both'],
  [['--server', 'https://localhost:1', '--token-file', '/nowhere'], '--token-file /nowhere'],
  [['--token-file', '/nowhere'], 'needs --server'],
  [['--ca-file', '/nowhere'], 'needs --server'],
])('%o is refused, and says what to write', async (given, words) => {
  const refused = await bluegate(['status', ...given], 'bluegate_x')
  expect(refused.code).toBe(1)
  expect(refused.err).toContain(words)
})
