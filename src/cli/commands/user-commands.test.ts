import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MemoryAuditLog } from '../../audit/memory-audit-log.ts'
import { apiPartsForTests } from '../../protocol/http/api-parts-for-tests.ts'
import type { ApiParts } from '../../protocol/http/api-parts.ts'
import { listenControlSocket } from '../../protocol/http/listen-control-socket.ts'
import type { ControlSocket } from '../../protocol/http/listen-control-socket.ts'
import { cliPortsForTests } from '../cli-ports-for-tests.ts'
import { runCli } from '../run-cli.ts'

const PASSWORD = 'a long password'

let dataDir: string
let socket: ControlSocket
let audit: MemoryAuditLog
let parts: ApiParts

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'bluegate-cli-'))
  audit = new MemoryAuditLog()
  parts = await apiPartsForTests(audit)
  socket = await listenControlSocket(dataDir, parts)
})
afterEach(async () => {
  await socket.stop()
  rmSync(dataDir, { recursive: true })
})

interface Person {
  readonly input?: string
  /** What the person types, question by question. Undefined: there is no terminal. */
  readonly types?: readonly string[]
}

async function bluegate(person: Person, ...args: string[]) {
  const run = { out: '', err: '', asked: [] as string[] }
  const answers = [...(person.types ?? [])]
  const answer = (question: string): Promise<string> => {
    run.asked.push(question)
    return Promise.resolve(answers.shift() ?? '')
  }
  const code = await runCli(args, {
    ...cliPortsForTests(run),
    readInput: () => Promise.resolve(person.input ?? ''),
    terminal: person.types && { ask: answer, askSecret: answer },
    dataDirectory: (flag) => flag ?? dataDir,
  })
  return { code, ...run }
}

async function setUp(): Promise<void> {
  const { code } = await bluegate({ input: `${PASSWORD}\n` }, 'setup', '--user', 'ada')
  expect(code).toBe(0)
}

test('setup makes the first user from standard input, and only the first', async () => {
  const weak = await bluegate({ input: 'short' }, 'setup', '--password-stdin')
  expect([weak.code, weak.out]).toEqual([1, ''])
  expect(weak.err).toContain('the password is too short\nhint: A password has at least 12')
  const { out } = await bluegate({ input: PASSWORD }, 'setup', '--user', 'ada')
  expect(out).toBe('User ada was made. Sign in at https://localhost:8443\n')
  const again = await bluegate({ input: PASSWORD }, 'setup', '--user', 'eve')
  expect(again.err).toContain('bluegate user reset-password NAME')
  expect((await bluegate({}, 'user', 'list')).out).toMatch(/│ ada +│ sqream │ enabled │ never/)
})

test('at a terminal setup asks twice, and makes nobody when the answers differ', async () => {
  const differ = await bluegate({ types: [PASSWORD, 'another long one'] }, 'setup')
  expect(differ.code).toBe(1)
  expect(differ.err).toContain('the two passwords differ')
  expect((await bluegate({}, 'user', 'list')).out).toContain('0 users')
  const { out, asked } = await bluegate({ types: [PASSWORD, PASSWORD] }, 'setup')
  expect(asked).toHaveLength(2)
  expect(out).toContain('User admin was made')
})

test('a user lives through all of its states', async () => {
  await setUp()
  await bluegate({}, 'role', 'create', 'analysts')
  const made = await bluegate({}, 'user', 'create', 'bob@example.org', '--role', 'sqream')
  expect(made.out).toMatch(/^ {2}https:\/\/localhost:8443\/welcome#[\w-]{43}$/m)
  expect((await bluegate({}, 'user', 'show', 'bob@example.org')).out).toMatch(/State: +invited/)
  const reset = await bluegate({}, 'user', 'reset-password', 'bob@example.org', '--json')
  expect(JSON.parse(reset.out)).toMatchObject({ purpose: 'invitation', url: expect.any(String) })
  const moved = await bluegate({}, 'user', 'set-role', 'bob@example.org', 'analysts')
  expect(moved.out).toBe('User bob@example.org has the role analysts now.\n')
  expect((await bluegate({}, 'user', 'disable', 'bob@example.org')).out).toContain('is disabled')
  expect((await bluegate({}, 'user', 'enable', 'bob@example.org')).out).toContain('is enabled')
  const shown = await bluegate({}, 'user', 'show', 'bob@example.org', '--json')
  expect(JSON.parse(shown.out)).toMatchObject({ name: 'bob@example.org', role: 'analysts' })
  expect((await bluegate({}, 'user', 'delete', 'bob@example.org')).code).toBe(0)
  const last = await bluegate({}, 'user', 'disable', 'ada')
  expect(last.err).toContain('is the last one who can administer')
})

test('once there are users a token is shown for the password of one with CLUSTERADMIN', async () => {
  const show = (person: Person, ...flags: string[]) =>
    bluegate(person, 'client', 'show', 'tableau', ...flags)
  await bluegate({}, 'role', 'create', 'bi')
  const { out } = await bluegate({}, 'client', 'create', 'tableau', '--role', 'bi', '--json')
  const { token } = JSON.parse(out) as { token: string }
  expect((await show({})).out).toContain(token)
  await setUp()
  const unproven = await show({})
  expect([unproven.code, unproven.out]).toEqual([1, ''])
  expect(unproven.err).toContain('--user NAME --password-stdin')
  const asked = await show({ types: ['ada', PASSWORD] })
  expect(asked.out).toContain(token)
  expect(asked.asked).toEqual(['User', 'Password of ada'])
  const piped = await show({ input: `${PASSWORD}\n` }, '--user', 'ada', '--password-stdin')
  expect(piped.out).toContain(token)
  const wrong = await show({ input: 'a wrong password' }, '--user', 'ada', '--password-stdin')
  expect(wrong.err).toContain('the user name or the password is wrong')
  expect((await show({ input: PASSWORD }, '--user', 'ada')).err).toContain(
    '--password-stdin is missing',
  )
  expect((await show({}, '--no-token')).code).toBe(0)
  const shows = audit.records.filter(({ action }) => action === 'token_shown')
  expect(shows.map(({ outcome }) => outcome)).toEqual([
    'succeeded',
    'failed',
    'failed',
    'succeeded',
    'succeeded',
    'failed',
  ])
  expect(shows[3]?.details).toContain('with the password of ada')
  expect(JSON.stringify(audit.records)).not.toContain(PASSWORD)
})

test('a user without CLUSTERADMIN proves nothing that counts', async () => {
  await setUp()
  await bluegate({}, 'role', 'create', 'bi')
  await bluegate({}, 'client', 'create', 'tableau', '--role', 'bi')
  const { link } = await parts.identity.createUser({ name: 'bob', role: 'bi' })
  await parts.identity.redeemLink({ secret: link.secret, password: PASSWORD })
  const proof = ['--user', 'bob', '--password-stdin']
  const refused = await bluegate({ input: PASSWORD }, 'client', 'show', 'tableau', ...proof)
  expect([refused.code, refused.out]).toEqual([1, ''])
  expect(refused.err).toContain('this needs a user with CLUSTERADMIN')
})
