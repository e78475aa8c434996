/** A gateway that is killed and started again on the same directories, without a hand in between. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { ControlClient } from '../../../src/cli/control-client.ts'
import { processTree } from '../harness/process-memory.ts'

const MAIN = fileURLToPath(new URL('../../../src/server/main.ts', import.meta.url))
const READY_MS_MAX = 60_000

export type Victim = 'gateway' | 'engine' | 'both'

export class KillableGateway {
  readonly #directory = mkdtempSync(path.join(os.tmpdir(), 'bluegate-kill-'))
  readonly dataDir = path.join(this.#directory, 'data')
  readonly control = new ControlClient(this.dataDir)
  #child: ChildProcess | undefined
  #printed = ''
  #port = 0
  #ca = ''

  /** Starts it, and waits until its doors are open. @throws Error with all that it printed. */
  async start(): Promise<void> {
    const at = (name: string): string => path.join(this.#directory, name)
    const where = [
      '--data-dir',
      at('data'),
      '--secrets-dir',
      at('secrets'),
      '--pg-port',
      '0',
      '--grpc-port',
      '0',
      '--https-port',
      '0',
    ]
    const child = spawn(process.execPath, [MAIN, 'serve', '--json', '--no-sample-data', ...where], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    let out = ''
    const ready = Promise.withResolvers<void>()
    child.stdout?.on('data', (bytes) => {
      out += String(bytes)
      if (out.includes('\n')) ready.resolve()
    })
    child.stderr?.on('data', (bytes) => (this.#printed += String(bytes)))
    child.once('exit', (code) =>
      ready.reject(new Error(`serve ended with ${code}: ${this.#printed}`)),
    )
    const timer = setTimeout(
      () => ready.reject(new Error('serve is not ready in time')),
      READY_MS_MAX,
    )
    await ready.promise.finally(() => clearTimeout(timer))
    const line = JSON.parse(out.split('\n')[0] ?? '') as { pg: { port: number }; caFile: string }
    this.#port = line.pg.port
    this.#ca = readFileSync(line.caFile, 'utf8')
  }

  /** SIGKILL, at once. Afterwards the gateway is up again, whatever was killed. */
  async killAndRecover(victim: Victim): Promise<void> {
    const child = this.#child
    if (child?.pid === undefined) throw new Error('nothing runs')
    const engine = processTree(child.pid).filter(isEngineHost)
    if (victim !== 'gateway') for (const pid of engine) process.kill(pid, 'SIGKILL')
    if (victim === 'engine') return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
    await this.start()
  }

  /** A new connection. @throws what the gateway says. */
  async connect(user: string, password: string): Promise<pg.Client> {
    const client = new pg.Client({
      host: 'localhost',
      port: this.#port,
      database: 'master',
      user,
      password,
      ssl: { ca: this.#ca },
    })
    client.on('error', () => undefined) // it is about to be killed
    await client.connect()
    return client
  }

  async stop(): Promise<void> {
    const child = this.#child
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    }
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

function isEngineHost(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine/host')
  } catch {
    return false // it ended meanwhile
  }
}
