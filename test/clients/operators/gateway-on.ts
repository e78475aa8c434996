/** A gateway on directories that the test chooses, so that it can be stopped, moved and started again. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { ControlClient } from '../../../src/cli/control-client.ts'

const MAIN = fileURLToPath(new URL('../../../src/server/main.ts', import.meta.url))
const READY_MS_MAX = 60_000

export interface Directories {
  readonly data: string
  readonly secrets: string
}

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Made {
  readonly client: { readonly name: string }
  readonly token: string
}

export class GatewayOn {
  readonly control: ControlClient
  readonly #child: ChildProcess
  readonly #printed: () => string
  readonly #port: number
  readonly #ca: string

  private constructor(
    control: ControlClient,
    child: ChildProcess,
    printed: () => string,
    line: { readonly pg: { readonly port: number }; readonly caFile: string },
  ) {
    this.control = control
    this.#child = child
    this.#printed = printed
    this.#port = line.pg.port
    this.#ca = readFileSync(line.caFile, 'utf8')
  }

  /** @throws Error with all that it printed, when it does not come up. */
  static async start(at: Directories, ...flags: string[]): Promise<GatewayOn> {
    const where = ['--data-dir', at.data, '--secrets-dir', at.secrets]
    const ports = ['--pg-port', '0', '--grpc-port', '0', '--https-port', '0']
    const args = [MAIN, 'serve', '--json', '--no-sample-data', ...where, ...ports, ...flags]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    const ready = Promise.withResolvers<void>()
    child.stdout.on('data', (bytes) => {
      out += String(bytes)
      if (out.includes('\n')) ready.resolve()
    })
    child.stderr.on('data', (bytes) => (err += String(bytes)))
    child.once('exit', (code) => ready.reject(new Error(`serve ended with ${code}: ${err}`)))
    const late = setTimeout(() => ready.reject(new Error(`not ready: ${err}`)), READY_MS_MAX)
    await ready.promise.finally(() => clearTimeout(late))
    const line = JSON.parse(out.split('\n')[0] ?? '') as {
      pg: { port: number }
      caFile: string
    }
    return new GatewayOn(new ControlClient(at.data), child, () => err, line)
  }

  get printed(): string {
    return this.#printed()
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** What verifies the server, as a client would have it. */
  get ca(): string {
    return this.#ca
  }

  /** @throws what the gateway says. @param ca Another than the one of now. */
  async connect(user: string, password: string, ca = this.#ca): Promise<pg.Client> {
    const client = new pg.Client({
      host: 'localhost',
      port: this.#port,
      database: 'master',
      user,
      password,
      ssl: { ca },
      types: { getTypeParser: () => (value: string) => value },
    })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }

  /** As the local administrator. @returns the rows of the last statement that has some. */
  async sql(text: string): Promise<unknown[][]> {
    let rows: unknown[][] = []
    for await (const line of this.control.lines('/api/v1/sql', text)) {
      const value = JSON.parse(line) as unknown
      if (Array.isArray(value)) rows.push(value as unknown[])
      else if (typeof value === 'object' && value !== null && 'error' in value) {
        throw Object.assign(new Error(line), value.error)
      } else if (line.startsWith('{"columns"')) rows = []
    }
    return rows
  }

  /** A client with a role of its own; superuser where nothing is granted. */
  async makeClient(name: string, grants: readonly string[] = []): Promise<string> {
    const role = name.replaceAll('-', '_')
    const attributes = { name: role, login: true, connect: ['master'] }
    await this.control.post('/api/v1/roles', attributes)
    const wanted = grants.length === 0 ? ['SUPERUSER'] : grants
    for (const grant of wanted) await this.sql(`GRANT ${grant} TO ${role}`)
    return (await this.control.post<Made>('/api/v1/clients', { name, role })).token
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill(signal)
    await exited
  }
}

/** Runs the command line to its end. */
export async function runBluegate(
  at: Directories,
  args: readonly string[],
  input = '',
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args, '--data-dir', at.data], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (bytes) => (out += String(bytes)))
  child.stderr.on('data', (bytes) => (err += String(bytes)))
  child.stdin.on('error', () => undefined) // it may not read
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number]
  return { code, out, err }
}
