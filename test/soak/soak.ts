/**
 * Well-behaved and hostile clients on one gateway, for minutes: nobody of the first may get a wrong
 * answer, lose a session, or be told anything but 57P02 for a statement that ended.
 */
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { startBluegate } from '../clients/harness/bluegate-server.ts'
import type { BluegateServer } from '../clients/harness/bluegate-server.ts'
import { residentMb } from '../clients/harness/process-memory.ts'
import { connectOptions } from '../clients/harness/test-server.ts'
import type { ClientCredentials } from '../clients/harness/test-server.ts'
import { runHostile } from './hostile.ts'
import { Tally } from './tally.ts'
import { SOAK_TABLES, WELL_BEHAVED_GRANTS, WellBehaved } from './well-behaved.ts'

const ENGINE_MEMORY = '512MiB'
const LOOK_MS = 1000

export interface SoakOptions {
  readonly minutes: number
  readonly wellBehaved: number
  readonly hostile: number
  /** Hostile statements that fill the memory which all share: known to make others fail. */
  readonly fillsMemory?: boolean
  onProgress?(report: SoakReport): void
}

export interface SoakReport {
  readonly seconds: number
  readonly wellBehaved: Tally
  readonly hostile: Tally
  readonly engineRestarts: number
  readonly gatewayMb: { readonly first: number; readonly peak: number; readonly last: number }
  readonly engineMb: { readonly peak: number }
}

export async function soak(options: SoakOptions): Promise<SoakReport> {
  const server = await startBluegate({
    env: { BLUEGATE_ENGINE_MEMORY: ENGINE_MEMORY, BLUEGATE_ENGINE_KILL_AFTER: '1s' },
  })
  try {
    return await soakOn(server, options)
  } finally {
    await server.stop()
  }
}

async function soakOn(server: BluegateServer, options: SoakOptions): Promise<SoakReport> {
  for (const sql of SOAK_TABLES) await server.admin(sql)
  const good = await server.createClient('good', WELL_BEHAVED_GRANTS)
  const bad = await server.createClient('bad')
  const [wellBehaved, hostile] = [new Tally(), new Tally()]
  const clients: WellBehaved[] = []
  for (let owner = 1; owner <= options.wellBehaved; owner += 1) {
    clients.push(new WellBehaved(await connect(server, good), owner, wellBehaved))
  }

  const begun = performance.now()
  const memory = new Memory(server)
  const report = async (): Promise<SoakReport> => ({
    seconds: Math.round((performance.now() - begun) / 1000),
    wellBehaved,
    hostile,
    engineRestarts: await restartsOf(server),
    ...memory.figures,
  })
  const ending = AbortSignal.timeout(options.minutes * 60_000)
  const timer = setInterval(() => {
    memory.look()
    if (Math.round((performance.now() - begun) / 1000) % 30 === 0) {
      void report().then((figures) => options.onProgress?.(figures))
    }
  }, LOOK_MS)
  try {
    await Promise.all([
      ...clients.map((client) => client.run(ending)),
      ...Array.from({ length: options.hostile }, (_, number) =>
        runHostile(
          connectOptions(server, bad),
          number,
          hostile,
          ending,
          options.fillsMemory === true,
        ),
      ),
    ])
  } finally {
    clearInterval(timer)
  }
  memory.look()
  return await report()
}

class Memory {
  readonly #server: BluegateServer
  readonly #first: number
  #last: number
  #peak: number
  #enginePeak = 0

  constructor(server: BluegateServer) {
    this.#server = server
    this.#first = this.#gateway()
    this.#last = this.#first
    this.#peak = this.#first
  }

  look(): void {
    this.#last = this.#gateway()
    this.#peak = Math.max(this.#peak, this.#last)
    const engine = this.#server.pids().filter(isEngine).map(residentMb)
    this.#enginePeak = Math.max(this.#enginePeak, ...engine)
  }

  get figures(): Pick<SoakReport, 'gatewayMb' | 'engineMb'> {
    const [first, peak, last] = [this.#first, this.#peak, this.#last].map(Math.round)
    return {
      gatewayMb: { first: first ?? 0, peak: peak ?? 0, last: last ?? 0 },
      engineMb: { peak: Math.round(this.#enginePeak) },
    }
  }

  /** The largest of those that are not the engine: the others only start it. */
  #gateway(): number {
    return Math.max(
      ...this.#server
        .pids()
        .filter((pid) => !isEngine(pid))
        .map(residentMb),
    )
  }
}

export function isEngine(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine/host')
  } catch {
    return false // it ended meanwhile
  }
}

async function restartsOf(server: BluegateServer): Promise<number> {
  const status = (await server.bluegateJson('status')) as { engineGeneration: number }
  return status.engineGeneration - 1
}

async function connect(
  server: BluegateServer,
  { name, token }: ClientCredentials,
): Promise<pg.Client> {
  const client = new pg.Client({
    host: server.host,
    port: server.port,
    database: 'master',
    user: name,
    password: token,
    ssl: { ca: readFileSync(server.caFile, 'utf8') },
  })
  await client.connect()
  return client
}
