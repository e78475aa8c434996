/** `bluegate console` against a running gateway: from scripts, and at a terminal. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { present } from '../../src/base/assert.ts'
import { issueTestCertificate } from '../fixtures/pgwire-door.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { processTree, residentMb } from './harness/process-memory.ts'
import { PseudoTerminal } from './harness/pseudo-terminal.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'

const BLUEGATE = fileURLToPath(new URL('../../scripts/bluegate.mjs', import.meta.url))
const ENDLESS = `select count(*) from generate_series(1, 1000000) as a(i),
  generate_series(1, 2000000) as b(j) where (i::bigint * j) % 7 = 8`

let server: BluegateServer
let client: ClientCredentials
let home: string

beforeAll(async () => {
  if (AGAINST_POSTGRESQL) return
  home = mkdtempSync(path.join(os.tmpdir(), 'bluegate-home-'))
  server = await startBluegate()
  await server.admin('create table ledger (id integer, amount decimal(38,10), at timestamp)')
  await server.admin(
    "insert into ledger values (1, 1234567890123456789012345678.0123456789, '2026-01-02 03:04:05.123456'), (2, null, null)",
  )
  await server.admin('create database sales')
  client = await server.createClient('terminal', [
    'SELECT, INSERT ON TABLE ledger',
    'CONNECT ON DATABASE sales',
  ])
})

afterAll(async () => {
  await server?.stop()
  if (home !== undefined) rmSync(home, { recursive: true })
})

/** The gateway's door at an address that its certificate does not hold. */
async function forwarder(
  host: string,
  to: { readonly host: string; readonly port: number },
): Promise<AsyncDisposable & { readonly port: string }> {
  const forwarding = createServer((socket) => {
    const door = connect(to.port, to.host)
    for (const end of [socket, door]) end.on('error', () => undefined)
    socket.pipe(door).pipe(socket)
  })
  await new Promise<void>((resolve) => forwarding.listen(0, host, resolve))
  return {
    port: String((forwarding.address() as AddressInfo).port),
    [Symbol.asyncDispose]: async () => void forwarding.close(),
  }
}

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

interface Start {
  readonly input?: string
  readonly env?: Readonly<Record<string, string | undefined>>
}

function flags(): string[] {
  const { host, port, caFile } = server
  return ['-h', host, '-p', String(port), '--ca-file', caFile, '--user', client.name]
}

/** With the token in the variable, and rows as CSV. */
function bluegateConsole(
  args: readonly string[],
  { input = '', env = {} }: Start = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [BLUEGATE, 'console', ...args], {
      env: { ...process.env, BLUEGATE_TOKEN: client.token, HOME: home, ...env },
    })
    const ended = { out: '', err: '' }
    child.stdout.on('data', (bytes) => (ended.out += String(bytes)))
    child.stderr.on('data', (bytes) => (ended.err += String(bytes)))
    child.on('close', (code) => resolve({ code, ...ended }))
    child.stdin.end(input)
  })
}

const asCsv = (text: string, ...more: string[]): Promise<Ended> =>
  bluegateConsole([...flags(), '--table-view', 'false', '--results-only', ...more, '-c', text])

describe.skipIf(AGAINST_POSTGRESQL)('without a terminal', () => {
  test('rows are exact, NULL is \\N', async () => {
    expect(await asCsv('select * from ledger order by id')).toEqual({
      code: 0,
      out: '1,1234567890123456789012345678.0123456789,2026-01-02 03:04:05.123456\n2,\\N,\\N\n',
      err: '',
    })
  })

  test("the dialect is BLUE's, until another is set", async () => {
    expect((await asCsv('select top 1 id from ledger order by id')).out).toBe('1\n')
    const other = await asCsv("set dialect = 'postgres'; select log(100)")
    expect(other.out).toContain('2\n')
    expect((await asCsv('select log(1)')).out).toMatch(/^0/)
  })

  test('tables, counts and times are shown unless told otherwise', async () => {
    const { code, out } = await bluegateConsole([...flags(), '-c', 'select id from ledger'])
    expect(code).toBe(0)
    expect(out).toContain('id')
    expect(out).toMatch(/\n2 rows\ntime: \d+\.\d{3} s\n$/)
    const bare = await bluegateConsole([
      ...flags(),
      '--results-only',
      '-c',
      'select id from ledger',
    ])
    expect(bare.out).toContain('1')
    expect(bare.out).not.toMatch(/id|rows|time/)
  })

  test('a script goes on to its first mistake, whose place is shown', async () => {
    const file = path.join(home, 'script.sql')
    writeFileSync(
      file,
      "insert into ledger (id) values (3);\nselect id,\n  nope from ledger;\nselect 'never';",
    )
    const { code, out, err } = await bluegateConsole([...flags(), '-f', file])
    expect(code).toBe(1)
    expect(out).toContain('INSERT 0 1')
    expect(out).not.toContain('never')
    expect(err).toMatch(/^error: .*nope.*\(42703\)\nLINE 2: {3}nope from ledger\n {10}\^\n/)
    expect((await asCsv('select count(*) from ledger where id = 3')).out).toBe('1\n')
  })

  test('statements come from standard input, and change the database', async () => {
    const input = 'select current_database();\n\\c sales\nselect current_database();\nexit\nnever'
    const args = [...flags(), '--table-view', 'false', '--results-only']
    expect(await bluegateConsole(args, { input })).toEqual({
      code: 0,
      out: 'master\nsales\n',
      err: '',
    })
    const missing = await bluegateConsole(args, { input: '\\c nowhere\nselect 1;' })
    expect(missing).toMatchObject({ code: 1, out: '' })
    expect(missing.err).toContain('3D000')
  })

  test('a token as an argument works, with a word about better ways', async () => {
    const args = [...flags(), '--results-only', '-c', 'select 1']
    const env = { BLUEGATE_TOKEN: undefined }
    const given = await bluegateConsole([...args, '--access-token', client.token], { env })
    expect(given.code).toBe(0)
    expect(given.err).toMatch(/^warning: others on this machine can read --access-token/)
    const line = await bluegateConsole([...args, '--access-token', '-'], {
      env,
      input: client.token,
    })
    expect(line).toMatchObject({ code: 0, err: '' })
    const none = await bluegateConsole(args, { env })
    expect(none).toMatchObject({ code: 1, out: '' })
    expect(none.err).toContain('BLUEGATE_TOKEN')
  })

  test('a login that is refused shows no token', async () => {
    const { code, err } = await asCsv('select 1', '--user', 'nobody')
    expect(code).toBe(1)
    expect(err).toContain('28P01')
    expect(err).not.toContain(client.token)
  })

  test('without --host it is the gateway of the data directory', async () => {
    const args = ['--data-dir', server.dataDirectory, '-u', client.name, '--results-only']
    const { code, err } = await bluegateConsole([...args, '-c', 'select 1'])
    expect([code, err]).toEqual([0, ''])
  })

  test('a certificate of another CA, or under another name, is refused whatever Node is told', async () => {
    const file = path.join(home, 'other-ca.crt')
    writeFileSync(file, (await issueTestCertificate()).ca)
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
    const args = [...flags(), '-c', 'select 1']
    const other = await bluegateConsole([...args, '--ca-file', file], { env })
    expect(other).toMatchObject({ code: 3, out: '' })
    expect(other.err).toContain('is not trusted')
    await using elsewhere = await forwarder('127.0.0.2', server)
    const name = await bluegateConsole([...args, '-h', '127.0.0.2', '-p', elsewhere.port], { env })
    expect(name).toMatchObject({ code: 3, out: '' })
    expect(name.err).toContain('does not match certificate')
  })

  test('mistakes in flags are named', async () => {
    expect((await asCsv('select 1', '--delimiter', 'x')).err).toContain('--delimiter "x"')
    expect((await asCsv('select 1', '--query-timeout', 'soon')).err).toContain('--query-timeout')
    expect((await asCsv('select 1', '--log')).code).toBe(2)
    expect((await asCsv('select 1, 2', '--delimiter', '|')).out).toBe('1|2\n')
  })

  test('a statement that takes too long is stopped', async () => {
    const { code, err } = await asCsv(ENDLESS, '--query-timeout', '1')
    expect(code).toBe(1)
    expect(err).toContain('57014')
  })

  test('a large result passes through without being kept', async () => {
    const sql = "select i, repeat('x', 200) from generate_series(1, 1500000) as g(i)"
    const args = [...flags(), '--table-view', 'false', '--results-only', '-c', sql]
    const child = spawn(process.execPath, [BLUEGATE, 'console', ...args], {
      env: { ...process.env, BLUEGATE_TOKEN: client.token },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let bytes = 0
    let peakMb = 0
    child.stdout.on('data', (piece: Buffer) => {
      bytes += piece.length
    })
    const pid = present(child.pid, 'the console runs')
    const timer = setInterval(() => {
      for (const one of processTree(pid)) peakMb = Math.max(peakMb, residentMb(one))
    }, 100)
    const code = await new Promise((resolve) => child.on('close', resolve))
    clearInterval(timer)
    expect(code).toBe(0)
    expect(bytes).toBeGreaterThan(300_000_000)
    expect(peakMb).toBeLessThan(250)
  })
})

describe.skipIf(AGAINST_POSTGRESQL)('at a terminal', () => {
  function open(...more: string[]): PseudoTerminal {
    const command = [process.execPath, BLUEGATE, 'console', ...flags(), ...more]
    return new PseudoTerminal(command, { BLUEGATE_TOKEN: client.token, HOME: home })
  }

  test('statements over several lines, databases, mistakes, and the way out', async () => {
    const terminal = open()
    await terminal.see('TLS verified')
    await terminal.see('master=> ')
    terminal.type("select 'one' || ';',\r")
    await terminal.see('master-> ')
    terminal.type("'two';\r")
    await terminal.see('one;')
    await terminal.see('1 row')
    await terminal.see('master=> ')
    terminal.type('select nope;\r')
    await terminal.see('LINE 1: select nope')
    await terminal.see('^')
    await terminal.see('master=> ')
    terminal.type('\\c sales\r')
    await terminal.see('sales=> ')
    terminal.type('exit\r')
    expect(await terminal.ended).toBe(0)
    expect(terminal.shown).not.toContain(client.token)
  })

  test('Ctrl-C aborts the statement, or the line, and not the console', async () => {
    const terminal = open('--no-history')
    await terminal.see('master=> ')
    terminal.type(`${ENDLESS.replaceAll('\n', ' ')};\r`)
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    terminal.type('\u0003')
    await terminal.see('57014')
    await terminal.see('master=> ')
    terminal.type("select 'not this'\r")
    await terminal.see('master-> ')
    terminal.type('\u0003')
    await terminal.see('master=> ')
    terminal.type("select 'still ' || 'here';\r")
    await terminal.see('still here')
    await terminal.see('master=> ')
    terminal.type('\u0004')
    expect(await terminal.ended).toBe(0)
  })

  test('what was typed is there the next time, but no secret', async () => {
    rmSync(path.join(home, '.bluegate_history'), { force: true })
    const first = open()
    await first.see('master=> ')
    first.type("select 'remem' || 'bered';\r")
    await first.see('remembered')
    await first.see('master=> ')
    first.type("select 'x' as password;\r")
    await first.see('1 row')
    await first.see('master=> ')
    first.type('\u0004')
    await first.ended
    const file = path.join(home, '.bluegate_history')
    expect(readFileSync(file, 'utf8')).toBe("select 'remem' || 'bered';\n")
    expect(statSync(file).mode & 0o777).toBe(0o600)

    const second = open()
    await second.see('master=> ')
    second.type('\u001b[A')
    await second.see("'bered';")
    second.type('\r')
    await second.see('remembered')
    second.type('\u0004')
    expect(await second.ended).toBe(0)
  })

  test('Tab offers the tables that the client may see', async () => {
    const terminal = open('--no-history')
    await terminal.see('master=> ')
    terminal.type('select count(*) from ledg\t')
    await terminal.see('ledger')
    terminal.type(' where id = 1;\r')
    await terminal.see('1 row')
    terminal.type('\u0004')
    expect(await terminal.ended).toBe(0)
  })
})
