/**
 * Many programs with the stock BLUE connector, each with many connections and cursors, while the
 * engine is busy: none of their connections may die, each answer is theirs, and when they have left
 * nothing of them stays.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startBluegate } from '../clients/harness/bluegate-server.ts'
import type { BluegateServer } from '../clients/harness/bluegate-server.ts'
import { residentMb } from '../clients/harness/process-memory.ts'
import { installPysqreamBlue } from '../clients/setup/install-pysqream-blue.ts'
import type { ConnectorVersion } from '../clients/setup/install-pysqream-blue.ts'
import { isEngine } from './soak.ts'

const PROGRAM = fileURLToPath(
  new URL('../clients/harness/drivers/pysqream_blue_load.py', import.meta.url),
)
const BUSY = 'SELECT count(*) FROM range(3000000) a, range(200) b WHERE a.range % 7 = b.range % 5'
const GONE_MS_MAX = 60_000

interface BlueLoadOptions {
  /** Of the load, once all are connected. */
  readonly seconds: number
  readonly programs: number
  readonly connectionsEach: number
  readonly cursorsEach: number
  /** Programs of the connector that asks every half second whether the server lives. */
  readonly impatient: number
}

interface BlueLoadReport {
  /** From the first start of a program until all are connected. */
  readonly connectSeconds: number
  readonly right: number
  readonly errors: readonly string[]
  readonly busyStatements: number
  /** Active ones at the end, the one who asks included. */
  readonly sessionsLeft: number
  readonly gatewayMb: { readonly connected: number; readonly left: number }
}

export async function blueLoad(options: BlueLoadOptions): Promise<BlueLoadReport> {
  const server = await startBluegate({
    flags: ['--set', 'grpc.sessionLostTime=2s', '--set', 'limits.sessionsMax=1000'],
  })
  const programs: LoadProgram[] = []
  try {
    return await loadOn(server, options, programs)
  } finally {
    for (const program of programs) program.kill()
    await server.stop()
  }
}

async function loadOn(
  server: BluegateServer,
  options: BlueLoadOptions,
  programs: LoadProgram[],
): Promise<BlueLoadReport> {
  await server.admin('CREATE TABLE numbers AS SELECT range::INTEGER AS n FROM range(1000)')
  const { token } = await server.createClient('loader', ['SELECT ON TABLE numbers'])
  const { connectionsEach, cursorsEach } = options
  const start = (version: ConnectorVersion, connections: number, cursors: number): LoadProgram => {
    const words = [token, connections, cursors, programs.length].map(String)
    const program = new LoadProgram(server, version, words)
    programs.push(program)
    return program
  }

  const begun = performance.now()
  for (let k = 0; k < options.programs; k += 1) start('1.0.48', connectionsEach, cursorsEach)
  await Promise.all(programs.map(({ ready }) => ready))
  const impatient = Array.from({ length: options.impatient }, () => start('1.0.42', 1, 2))
  await Promise.all(impatient.map(({ ready }) => ready))
  const connectSeconds = Math.round((performance.now() - begun) / 1000)
  const connected = gatewayMb(server)

  let busyStatements = 0
  const until = performance.now() + options.seconds * 1000
  while (performance.now() < until) {
    await server.admin(BUSY)
    busyStatements += 1
  }
  // one is killed in the midst of it, and leaves without a word
  programs.shift()?.kill()
  const ends = await Promise.all(programs.map((program) => program.finish()))
  return {
    connectSeconds,
    right: ends.reduce((sum, { right }) => sum + right, 0),
    errors: ends.flatMap(({ errors }) => errors),
    busyStatements,
    sessionsLeft: await sessionsLeft(server),
    gatewayMb: { connected, left: gatewayMb(server) },
  }
}

interface ProgramEnd {
  readonly right: number
  readonly errors: readonly string[]
}

class LoadProgram {
  readonly ready: Promise<void>
  readonly #child: ChildProcess
  readonly #closed: Promise<void>
  #printed = ''

  constructor(
    { grpc, caFile }: BluegateServer,
    version: ConnectorVersion,
    words: readonly string[],
  ) {
    const { python, directoryOf } = installPysqreamBlue()
    this.#child = spawn(python, [PROGRAM, grpc.host, String(grpc.port), ...words], {
      env: {
        ...process.env,
        PYTHONPATH: directoryOf(version),
        GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: caFile,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child.stdin?.on('error', () => undefined) // it has ended: its last words tell why
    this.#child.stderr?.on('data', (bytes) => (this.#printed += String(bytes)))
    this.#closed = new Promise((resolve) => this.#child.once('close', () => resolve()))
    this.ready = new Promise((resolve, reject) => {
      this.#child.stdout?.on('data', (bytes) => {
        this.#printed += String(bytes)
        if (this.#printed.includes('ready\n')) resolve()
      })
      void this.#closed.then(() => reject(new Error(`a program ended early: ${this.#printed}`)))
    })
  }

  async finish(): Promise<ProgramEnd> {
    this.#child.stdin?.end()
    await this.#closed
    const last = this.#printed
      .trimEnd()
      .split('\n')
      .findLast((line) => line.startsWith('{'))
    if (last === undefined) return { right: 0, errors: [`no report: ${this.#printed}`] }
    return JSON.parse(last) as ProgramEnd
  }

  /** As `kill -9`. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }
}

/** As soon as it is the one who asks alone, or after a while. */
async function sessionsLeft(server: BluegateServer): Promise<number> {
  const until = performance.now() + GONE_MS_MAX
  for (;;) {
    const active = (await server.admin('describe sessions')).filter((row) =>
      row.includes('Active'),
    ).length
    if (active === 1 || performance.now() > until) return active
    await sleep(500)
  }
}

/** Of the process that has the doors: the largest but the engine. */
function gatewayMb(server: BluegateServer): number {
  return Math.round(
    Math.max(
      ...server
        .pids()
        .filter((pid) => !isEngine(pid))
        .map(residentMb),
    ),
  )
}
