/**
 * The embedded engine, as the gateway sees it: starts and supervises the host process, and speaks
 * for it. The gateway itself never loads DuckDB (design, section 3).
 */
import { mkdir } from 'node:fs/promises'
import type { Log } from '../../base/log.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type {
  Definitions,
  Engine,
  EngineBackup,
  EngineSession,
  Introspection,
  LoadFileRequest,
  Location,
  NewDatabase,
} from '../engine.ts'
import type { EngineLayer, LayerName } from '../layers.ts'
import type { AttachedFile, HostLimits } from '../wire/request.ts'
import { openBackup } from './backup-client.ts'
import { commitLost, readLost } from './death.ts'
import { fromWireDefinitions } from './definitions.ts'
import { createIntrospection } from './introspection-client.ts'
import { SessionClient } from './session-client.ts'
import { Supervisor } from './supervisor.ts'

export interface EngineOptions {
  /** Holds `databases/`; made when it is missing. */
  readonly dataDirectory: string
  /** The engine's own: emptied at every start of it. Made when it is missing. */
  readonly tempDirectory: string
  /** As realpaths: files are read in these and in the locations, and nowhere else. */
  readonly allowedDirectories: readonly string[]
  /** Directories whose files foreign tables may show. */
  readonly locations?: readonly Location[]
  /** DuckDB files of others, as realpaths, each to be read as a database of its name. */
  readonly attached?: readonly AttachedFile[]
  readonly limits: EngineLimits
  /** Layers around its process: which ones it must have, and which ones are not raised. */
  readonly fence?: EngineFence
  readonly log: Log
}

export interface EngineLimits extends HostLimits {
  /** How long a statement may be deaf to its interrupt before the host is killed and restarted. */
  readonly killAfterMs: number
}

export interface EngineFence {
  readonly layersRequired: readonly LayerName[]
  readonly layersOff: readonly LayerName[]
  /** Of any one file. */
  readonly fileBytesMax: number
}

const AS_FOUND: EngineFence = {
  layersRequired: [],
  layersOff: [],
  fileBytesMax: 1024 ** 4,
}

/**
 * @throws GatewayError when the host does not come up, with its reason; nothing is left running.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { dataDirectory, tempDirectory, locations = [], attached = [], limits, log } = options
  const readable = [...options.allowedDirectories, ...locations.map(({ directory }) => directory)]
  const allowedDirectories = [...new Set(readable)]
  const { layersRequired, layersOff, fileBytesMax } = options.fence ?? AS_FOUND
  const { memoryBytes, threads, workers, spoolBytesMax, killAfterMs } = limits
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
  const supervisor = await Supervisor.start({
    open: {
      dataDirectory,
      tempDirectory,
      allowedDirectories,
      attached,
      limits: { memoryBytes, threads, workers, spoolBytesMax },
    },
    fence: {
      writableDirectories: [dataDirectory, tempDirectory],
      readable: [...allowedDirectories, ...attached.map(({ file }) => file)],
      fileBytesMax,
      layersOff,
    },
    locations,
    layersRequired,
    log,
  })
  return new EngineClient(supervisor, killAfterMs)
}

class EngineClient implements Engine {
  readonly introspection: Introspection
  readonly #supervisor: Supervisor
  readonly #killAfterMs: number
  #lastSession = 0

  constructor(supervisor: Supervisor, killAfterMs: number) {
    this.#supervisor = supervisor
    this.#killAfterMs = killAfterMs
    this.introspection = createIntrospection(supervisor, killAfterMs, async () => ({
      link: await supervisor.link(),
    }))
  }

  get catalogVersion(): number {
    return this.#supervisor.catalogVersion
  }

  get generation(): number {
    return this.#supervisor.generation
  }

  get isUp(): boolean {
    return this.#supervisor.isUp
  }

  get layers(): readonly EngineLayer[] {
    return this.#supervisor.layers
  }

  get hostPid(): number | undefined {
    return this.#supervisor.pid
  }

  async openSession(): Promise<EngineSession> {
    this.#lastSession += 1
    return await SessionClient.open(this.#supervisor, this.#killAfterMs, this.#lastSession)
  }

  async readDefinitions(): Promise<Definitions> {
    const link = await this.#supervisor.link()
    const asked = { onDeath: () => readLost(true) }
    const found = await link.ask({ call: 'readDefinitions' }, asked)
    return fromWireDefinitions(found, this.#supervisor.locations)
  }

  async loadFile(request: LoadFileRequest, signal?: AbortSignal): Promise<{ rows: number }> {
    const link = await this.#supervisor.link()
    if (signal?.aborted) throw new GatewayError('cancelled', 'the load was cancelled')
    const { id, reply } = link.start({ call: 'loadFile', ...request }, { onDeath: commitLost })
    const onAbort = (): void => {
      link.interrupt(id)
      const timer = setTimeout(() => {
        if (link.runs(id)) link.kill(`a load did not stop in ${this.#killAfterMs} ms`)
      }, this.#killAfterMs)
      timer.unref()
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await reply
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  async createDatabase(made: NewDatabase): Promise<void> {
    const link = await this.#supervisor.link()
    await link.ask({ call: 'createDatabase', ...made }, { onDeath: commitLost })
  }

  async dropDatabase(name: string): Promise<void> {
    const link = await this.#supervisor.link()
    await link.ask({ call: 'dropDatabase', name }, { onDeath: commitLost })
  }

  async openBackup(): Promise<EngineBackup> {
    return await openBackup(await this.#supervisor.link())
  }

  async stop(): Promise<void> {
    await this.#supervisor.stop()
  }
}
