/**
 * Keeps one engine host alive: starts it, watches its heart, starts the next one when it dies.
 *
 * Nothing is sent twice: what was under way at a death fails with its own error (`host-link.ts`),
 * and whoever asks while no host is up waits for the next one.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import type { Log } from '../../base/log.ts'
import type { Location } from '../engine.ts'
import type { EngineLayer, FenceRequest, LayerName } from '../layers.ts'
import type { OpenRequest } from '../wire/request.ts'
import { CrashFuse } from './crash-fuse.ts'
import { HostLink } from './host-link.ts'

/** The host's main thread only forwards; silent this long it is stuck, or the machine is. */
const SILENCE_MS_MAX = 30_000
const HEARTBEAT_MS = 1000

/** How long a request waits for a host that is being restarted. */
const RESTART_WAIT_MS_MAX = 30_000

/** The first restart is at once; one that dies young makes the next wait longer. */
const BACKOFF_MS_FIRST = 100
const BACKOFF_MS_MAX = 10_000
const YOUNG_MS = 10_000

/** Checkpoint included; after it the write-ahead log has to do. */
const STOP_MS_MAX = 30_000

export interface SupervisorOptions {
  readonly open: Omit<OpenRequest, 'firstVersion'>
  /** Among the allowed directories, by the names that clients know. */
  readonly locations: readonly Location[]
  readonly fence: FenceRequest
  /** No host without them. */
  readonly layersRequired: readonly LayerName[]
  readonly log: Log
}

export class Supervisor {
  readonly fuse = new CrashFuse()
  readonly #options: SupervisorOptions
  #generation = 0
  #openedGeneration = 0
  #catalogVersion = 0
  /** The highest version that anybody has seen, overlays of transactions included. */
  #highestVersion = 0
  #link: HostLink | undefined
  #up: Promise<HostLink>
  #layers: readonly EngineLayer[] = []
  #backoffMs = 0
  #stopping = false
  readonly #heartbeat: NodeJS.Timeout

  private constructor(options: SupervisorOptions) {
    this.#options = options
    this.#up = this.#start()
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS)
    this.#heartbeat.unref()
  }

  /** @throws GatewayError when the first host does not come up; nothing is left running. */
  static async start(options: SupervisorOptions): Promise<Supervisor> {
    const supervisor = new Supervisor(options)
    try {
      await supervisor.#up
    } catch (error) {
      await supervisor.stop()
      throw error
    }
    return supervisor
  }

  get locations(): readonly Location[] {
    return this.#options.locations
  }

  get generation(): number {
    return this.#generation
  }

  get catalogVersion(): number {
    return this.#catalogVersion
  }

  /** The newest host has opened the database, and lives. */
  get isUp(): boolean {
    return this.#openedGeneration === this.#generation && this.#link?.ended === false
  }

  /** Around the newest host that opened the database. */
  get layers(): readonly EngineLayer[] {
    return this.#layers
  }

  get pid(): number | undefined {
    return this.#link?.pid
  }

  /** A version was given out for a transaction's own definitions. */
  sawVersion(version: number): void {
    this.#highestVersion = Math.max(this.#highestVersion, version)
  }

  /** @throws GatewayError `cannot_connect_now` when no host came up in time. */
  async link(): Promise<HostLink> {
    if (this.#stopping) throw stopped()
    const deadline = performance.now() + RESTART_WAIT_MS_MAX
    for (;;) {
      const left = deadline - performance.now()
      const link = await within(
        left,
        this.#up.catch(() => undefined),
      )
      if (link && !link.ended) return link
      if (this.#stopping) throw stopped()
      if (performance.now() >= deadline) {
        throw new GatewayError('cannot_connect_now', 'the engine is not running', {
          hint: 'It is being restarted: try again in a moment, and see the log of the gateway.',
          safeToRetry: true,
        })
      }
      await pause(50)
    }
  }

  /** Ends what runs, checkpoints, closes. Never throws. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearInterval(this.#heartbeat)
    const link = this.#link
    if (!link || link.ended) return
    const ended = new Promise<void>((resolve) => (this.#onStopped = resolve))
    const asked = link.ask({ call: 'stop' }, { onDeath: stopped }).catch(() => undefined)
    await within(STOP_MS_MAX, asked)
    link.kill('it was stopped')
    await ended
  }

  #onStopped: () => void = () => undefined

  async #start(): Promise<HostLink> {
    const { open, fence, layersRequired, log } = this.#options
    const startedAt = performance.now()
    this.#generation += 1
    const generation = this.#generation
    const link = new HostLink(open.dataDirectory, fence, {
      onVersion: (version) => {
        this.#catalogVersion = version
        this.sawVersion(version)
      },
      onSurvived: (text) => this.fuse.survived(text),
      onEnd: (how, texts) => {
        if (this.#stopping) {
          this.#onStopped()
          return
        }
        log.error({ generation, how, statements: texts.length }, 'the engine ended; restarting it')
        this.fuse.died(texts)
        this.#restart(performance.now() - startedAt)
      },
    })
    this.#link = link
    const { version, layers } = await link.ask(
      { call: 'open', ...open, firstVersion: this.#highestVersion + 1 },
      { onDeath: () => new GatewayError('cannot_connect_now', 'the engine did not start') },
    )
    requireLayers(layers, layersRequired)
    this.#layers = layers
    this.#catalogVersion = version
    this.sawVersion(version)
    this.#openedGeneration = generation
    const names = layers.filter(({ active }) => active).map(({ name }) => name)
    log.info({ generation, pid: link.pid, layers: names }, 'the engine is up')
    for (const { name, active, about } of layers) {
      if (!active) log.warn({ layer: name, about }, 'a layer around the engine is missing')
    }
    return link
  }

  #restart(livedMs: number): void {
    // the very first start is reported to who asked for it
    if (this.#generation === 1 && this.#catalogVersion === 0) return
    this.#backoffMs =
      livedMs > YOUNG_MS
        ? 0
        : Math.min(Math.max(this.#backoffMs * 2, BACKOFF_MS_FIRST), BACKOFF_MS_MAX)
    const wait = this.#backoffMs
    this.#up = (async () => {
      await pause(wait)
      if (this.#stopping) throw stopped()
      return await this.#start()
    })()
    this.#up.catch((error: unknown) => {
      this.#options.log.error({ error: String(error) }, 'the engine did not come up')
      // a host that refused to open is ended, and so tried again
      if (!this.#stopping) this.#link?.kill('it could not open the database')
    })
  }

  #beat(): void {
    const link = this.#link
    if (!link || link.ended) return
    if (performance.now() - link.lastPongAt > SILENCE_MS_MAX) {
      link.kill(`its heart stopped for ${SILENCE_MS_MAX} ms`)
    } else {
      link.ping()
    }
  }
}

/** @throws GatewayError that names every one that is missing. */
function requireLayers(layers: readonly EngineLayer[], required: readonly LayerName[]): void {
  const missing = layers.filter(({ name, active }) => !active && required.includes(name))
  if (missing.length === 0) return
  const told = missing.map(({ name, about }) => `${name} (${about})`).join(', ')
  throw new GatewayError('cannot_connect_now', `the engine may not run without: ${told}`, {
    hint: 'Run Bluegate where the system offers it, or take it out of engine.layersRequired.',
  })
}

function stopped(): GatewayError {
  return new GatewayError('admin_shutdown', 'the gateway is shutting down')
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(ms, 0))
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
