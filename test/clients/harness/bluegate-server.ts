/**
 * A running Bluegate in temporary directories, on ports that the system chose, and its command
 * line. It is started the way an administrator starts it: `bluegate serve`.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { assert, present } from '../../../src/base/assert.ts'
import { processTree } from './process-memory.ts'
import type { ClientCredentials, ServerOptions, TestServer } from './test-server.ts'

const BLUEGATE = fileURLToPath(new URL('../../../scripts/bluegate.mjs', import.meta.url))
const READY_MS_MAX = 120_000
const STOP_MS_MAX = 20_000

export interface BluegateServer extends TestServer {
  readonly kind: 'bluegate'
  readonly dataDirectory: string
  readonly secretsDirectory: string
  /** The door of the BLUE connectors. */
  readonly grpc: Door
  /** The door of browsers and of the API. */
  readonly https: Door
  /** The HTTPS door, `https://localhost:12345`: of the API and the console. */
  readonly url: string
  /** The one-time link to the first administrator, as the start printed it. */
  readonly setupUrl: string | undefined
  /** All that the server has printed so far, stdout and stderr. */
  printed(): string
  /** Runs the command line against this server. @throws Error with its output when it fails. */
  bluegate(...args: string[]): Promise<string>
  /** The same, with `--json`: the one document that it prints. */
  bluegateJson(...args: string[]): Promise<unknown>
}

interface Door {
  readonly host: string
  readonly port: number
}

interface ReadyLine {
  readonly ready: true
  readonly pg: Door
  readonly grpc: Door
  readonly https: Door
  readonly setupUrl?: string
  readonly caFile: string
}

export async function startBluegate(options: ServerOptions = {}): Promise<BluegateServer> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bluegate-clients-'))
  const dataDirectory = path.join(directory, 'data')
  const secretsDirectory = path.join(directory, 'secrets')
  const args = ['serve', '--json', '--data-dir', dataDirectory, '--secrets-dir', secretsDirectory]
  args.push(
    '--pg-port',
    '0',
    '--grpc-port',
    '0',
    '--https-port',
    '0',
    ...(options.sampleData === true ? [] : ['--no-sample-data']),
  )
  const command = [...(options.wrapper ?? []), process.execPath, BLUEGATE, ...args]
  const [program = '', ...words] = [...command, ...(options.flags ?? [])]
  try {
    await options.prepare?.(dataDirectory, secretsDirectory)
  } catch (error) {
    rmSync(directory, { recursive: true, force: true })
    throw error
  }
  const child = spawn(program, words, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = collect(child)
  let ready: ReadyLine
  try {
    ready = await readyLine(child, output)
  } catch (error) {
    await end(child)
    rmSync(directory, { recursive: true, force: true })
    throw error
  }

  const bluegate = (...words: string[]): Promise<string> =>
    runBluegate([...words, '--data-dir', dataDirectory])
  const bluegateJson = async (...words: string[]): Promise<unknown> =>
    JSON.parse(await bluegate(...words, '--json'))
  const makeClient = async (name: string, role: string): Promise<ClientCredentials> =>
    asCredentials(await bluegateJson('client', 'create', name, '--role', role))

  const operator = options.empty === true ? undefined : await openOperator()

  async function openOperator(): Promise<pg.Client> {
    await bluegate('role', 'create', 'test_operators')
    await bluegate('sql', '-c', 'GRANT SUPERUSER TO test_operators')
    const { name, token } = await makeClient('test-operator', 'test_operators')
    const client = new pg.Client({
      host: ready.pg.host,
      port: ready.pg.port,
      database: 'master',
      user: name,
      password: token,
      ssl: { ca: readFileSync(ready.caFile, 'utf8') },
      types: { getTypeParser: () => (value: string) => value },
    })
    client.on('error', () => undefined) // the server may be killed by a suite
    await client.connect()
    return client
  }

  return {
    kind: 'bluegate',
    host: ready.pg.host,
    port: ready.pg.port,
    caFile: ready.caFile,
    dataDirectory,
    secretsDirectory,
    grpc: ready.grpc,
    https: ready.https,
    url: `https://${ready.https.host}:${ready.https.port}`,
    setupUrl: ready.setupUrl,
    printed: () => output.text,
    pids: () => processTree(present(child.pid, 'the server runs')),
    bluegate,
    bluegateJson,
    async createClient(name, grants = []) {
      const admin = present(operator, 'an empty server has no operator')
      const role = `${name.replaceAll('-', '_')}_role`
      await admin.query(`CREATE ROLE ${role}`)
      await admin.query(`GRANT LOGIN TO ${role}`)
      await admin.query(`GRANT CONNECT ON DATABASE master TO ${role}`)
      for (const grant of grants) await admin.query(`GRANT ${grant} TO ${role}`)
      return makeClient(name, role)
    },
    async admin(sql) {
      const admin = present(operator, 'an empty server has no operator')
      return (await admin.query({ text: sql, rowMode: 'array' })).rows
    },
    async stop() {
      await operator?.end().catch(() => undefined)
      await end(child)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

interface Output {
  text: string
  stdout: string
}

function collect(child: ChildProcess): Output {
  const output = { text: '', stdout: '' }
  child.stdout?.on('data', (bytes) => {
    output.stdout += String(bytes)
    output.text += String(bytes)
  })
  child.stderr?.on('data', (bytes) => (output.text += String(bytes)))
  return output
}

function readyLine(child: ChildProcess, output: Output): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`bluegate serve ${why}:\n${output.text}`))
    const timer = setTimeout(() => fail('is not ready in time'), READY_MS_MAX)
    child.once('close', (code) => {
      clearTimeout(timer)
      fail(`ended with ${code}`)
    })
    child.stdout?.on('data', () => {
      if (!output.stdout.includes('\n')) return
      clearTimeout(timer)
      const parsed: unknown = JSON.parse(output.stdout.split('\n')[0] ?? '')
      if (isReadyLine(parsed)) resolve(parsed)
      else fail('printed something else than its ready line')
    })
  })
}

function isReadyLine(value: unknown): value is ReadyLine {
  return typeof value === 'object' && value !== null && 'ready' in value && 'https' in value
}

function asCredentials(value: unknown): ClientCredentials {
  const { name, role, token } = value as Record<string, unknown>
  assert(typeof name === 'string', 'client create prints the name')
  assert(typeof role === 'string', 'client create prints the role')
  assert(typeof token === 'string', 'client create prints the token')
  return { name, role, token }
}

function runBluegate(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BLUEGATE, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = collect(child)
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(output.stdout)
      else reject(new Error(`bluegate ${args.join(' ')} ended with ${code}:\n${output.text}`))
    })
  })
}

/** SIGTERM, then SIGKILL for the whole tree. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const tree = child.pid === undefined ? [] : processTree(child.pid)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.kill('SIGTERM')
  const timer = setTimeout(() => {
    for (const pid of tree) killIfThere(pid)
  }, STOP_MS_MAX)
  await ended
  clearTimeout(timer)
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // ended by itself
  }
}
