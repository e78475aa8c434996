/**
 * The engine host: answers the gateway's frames. Its thread decides who may use what and when, and
 * never runs SQL itself; that is what keeps it able to interrupt, to answer and to count.
 */
import { present } from '../../base/assert.ts'
import { GatewayError, toErrorRecord, toGatewayError } from '../../base/gateway-error.ts'
import { DuckDbConnection, interrupt, progress } from '../duckdb/duckdb-connection.ts'
import { limitAddressSpace } from '../duckdb/native/address-space-limit.ts'
import type { EngineLayer } from '../layers.ts'
import type { GatewayFrame, HostFrame } from '../wire/frame.ts'
import type {
  OpenRequest,
  Replies,
  Reply,
  Request,
  RequestOf,
  WireDefinitions,
} from '../wire/request.ts'
import { BindLock } from './bind-lock.ts'
import { CatalogVersions } from './catalog-versions.ts'
import { Connection } from './connection.ts'
import { DatabaseBackup } from './database-backup.ts'
import { Disposal } from './disposal.ts'
import type { HostContext } from './host-context.ts'
import { SWITCHED_OFF } from './fence/raise-fence.ts'
import type { Fence } from './fence/raise-fence.ts'
import { HostDatabases } from './host-databases.ts'
import { HostPortal } from './host-portal.ts'
import { HostSession } from './host-session.ts'
import { interruptible } from './interruptible.ts'
import { loadFile } from './load-file.ts'
import { watchMemory } from './memory-watchdog.ts'
import { databasesDirectory, spoolDirectory } from './open-database.ts'
import { startWorkers } from './start-workers.ts'
import type { WorkerEvents } from './start-workers.ts'
import { QuestionThread } from './question-thread.ts'
import { openOwn } from './own-connection.ts'
import { StatementCache } from './statement-cache.ts'
import type { Outcomes, OwnConnection } from './task.ts'
import { toIntrospect } from './to-introspect.ts'
import type { IntrospectionRequest } from './to-introspect.ts'
import { WORKERS_MIN, WorkerPool } from './worker-pool.ts'

/**
 * What may be used beside the engine's buffers: lists and texts inside expressions, results on their
 * way, the threads' own growth.
 */
const MEMORY_BESIDE_BYTES = 1024 ** 3

export interface HostEvents {
  send(frame: HostFrame): void
  /** For the gateway's log. */
  report(text: string): void
  /** The process is of no use any more. */
  die(reason: string): never
}

const NEVER = new AbortController().signal

export class Host {
  readonly #events: HostEvents
  readonly #fence: Fence
  readonly #pool = new WorkerPool()
  readonly #binding = new BindLock(() => this.#pool.kick())
  readonly #disposal = new Disposal(this.#pool)
  readonly #sessions = new Map<number, HostSession>()
  readonly #portals = new Map<number, HostPortal>()
  /** Requests under way that can be stopped and are no portals. */
  readonly #stoppable = new Map<number, AbortController>()
  #questions: QuestionThread | undefined
  /** Of the workers, for what belongs to no session. */
  #workerConnections: readonly OwnConnection[] = []
  readonly #backup = new DatabaseBackup(() => this.#context)
  #database: bigint | undefined
  #databases: HostDatabases | undefined
  #opened: HostContext | undefined
  #lastStatement = 0

  constructor(events: HostEvents, fence: Fence) {
    this.#events = events
    this.#fence = fence
  }

  onFrame(frame: GatewayFrame): void {
    switch (frame.kind) {
      case 'request':
        void this.#answer(frame.id, frame.request)
        return
      case 'credit':
        this.#portals.get(frame.id)?.credit(frame.bytes)
        return
      case 'resume':
        this.#portals.get(frame.id)?.resume(frame.rowsMax)
        return
      case 'interrupt':
        this.#stoppable.get(frame.id)?.abort()
        void this.#portals.get(frame.id)?.cancel()
        this.#questions?.interrupt(frame.id)
        return
      case 'ping':
        this.#events.send({ kind: 'pong', id: frame.id })
    }
  }

  get #context(): HostContext {
    return present(this.#opened, 'the database is open')
  }

  async #answer(id: number, request: Request): Promise<void> {
    try {
      const reply = await this.#perform(id, request)
      this.#events.send({ kind: 'reply', id, reply })
      if (request.call === 'run') this.#portals.get(id)?.replied()
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) this.#events.report(describe(thrown))
      this.#events.send({ kind: 'failure', id, error: toErrorRecord(toGatewayError(thrown)) })
    }
  }

  async #perform(id: number, request: Request): Promise<Reply> {
    switch (request.call) {
      case 'open':
        return await this.#open(request)
      case 'openSession':
        this.#sessions.set(request.session, new HostSession(this.#context))
        return null
      case 'closeSession': {
        const session = this.#session(request.session)
        this.#sessions.delete(request.session)
        await session.close()
        return null
      }
      case 'begin':
        this.#session(request.session).begin(request.isolation, request.readOnly)
        return null
      case 'commit':
        return { outcome: await this.#session(request.session).commit() }
      case 'rollback':
        await this.#session(request.session).rollback()
        return null
      case 'describe': {
        return await this.#session(request.session).describe(request)
      }
      case 'run':
        return await this.#run(id, request)
      case 'progress': {
        const address = this.#portals.get(request.portal)?.runningOn
        return { percent: address === undefined ? null : (progress(address) ?? null) }
      }
      case 'closePortal':
        await this.#portals.get(request.portal)?.close()
        return null
      case 'parse':
      case 'regenerate':
      case 'deparse':
      case 'plan':
      case 'inspect':
        return await this.#stoppably(id, (signal) => this.#introspect(request, signal))
      case 'readDefinitions':
        return await this.#readDefinitions(request.session)
      case 'loadFile': {
        const allowed = this.#allowedDirectories
        return await this.#stoppably(id, (signal) =>
          loadFile(this.#context, allowed, request, signal),
        )
      }
      case 'createDatabase':
        this.#backup.mustNotRun()
        await present(this.#databases, 'the databases are open').create(request)
        return null
      case 'dropDatabase':
        this.#backup.mustNotRun()
        await present(this.#databases, 'the databases are open').drop(request.name)
        return null
      case 'discardTemporary':
        await this.#session(request.session).discardTemporary()
        return null
      case 'backup':
        return await this.#stoppably(id, (signal) => this.#backup.perform(request.step, signal))
      case 'stop':
        await this.#stop()
        return null
    }
  }

  #allowedDirectories: readonly string[] = []

  async #open(request: OpenRequest): Promise<Replies['open']> {
    const { limits, firstVersion } = request
    const events: WorkerEvents = {
      onResult: (result) => {
        if (!('error' in result)) return
        if (result.cause !== undefined) this.#events.report(result.cause)
        if (result.fatal) this.#events.die('the engine failed for good')
      },
      onEnd: (how) => this.#events.die(how),
    }
    const count = Math.max(limits.workers, WORKERS_MIN)
    const [giveConnection, questions] = await Promise.all([
      startWorkers(count, this.#pool, this.#binding, events),
      QuestionThread.start(events),
    ])
    const opening = this.#pool.submit<'open'>({ kind: 'open', ...request }, { lane: 'fresh' })
    const { database, databases } = await opening.done
    this.#database = database
    const attached = request.attached.map(({ name }) => name)
    this.#databases = new HostDatabases(() => this.#context, databases, attached)
    this.#workerConnections = giveConnection.map((give) => {
      const own = openOwn(database)
      give(own)
      return own
    })
    questions.begin(openOwn(database))
    this.#questions = questions
    this.#allowedDirectories = request.allowedDirectories
    const versions = new CatalogVersions(firstVersion)
    this.#opened = {
      pool: this.#pool,
      binding: this.#binding,
      versions,
      databases: this.#databases,
      databasesDirectory: databasesDirectory(request),
      spoolDirectory: spoolDirectory(request),
      spoolBytesMax: limits.spoolBytesMax,
      interrupt,
      send: (frame) => this.#events.send(frame),
      forgetPortal: (portal) => this.#portals.delete(portal),
      openConnection: () => this.#openConnection(database),
      disposeConnection: (connection) => this.#disposeConnection(connection),
      nextStatementNumber: () => (this.#lastStatement += 1),
    }
    const memory = this.#boundMemory(limits.memoryBytes + MEMORY_BESIDE_BYTES)
    return { version: versions.current, layers: [memory, ...this.#fence.layers] }
  }

  async #run(id: number, request: RequestOf<'run'>): Promise<Replies['run']> {
    const session = this.#session(request.session)
    const portal = new HostPortal(this.#context, session, id, request.format, request.rowsMax)
    this.#portals.set(id, portal)
    try {
      await session.run(portal, request)
    } catch (error) {
      this.#portals.delete(id)
      throw error
    }
    return { columns: portal.columns }
  }

  async #introspect(
    request: IntrospectionRequest,
    signal: AbortSignal,
  ): Promise<Outcomes['introspect']> {
    const ask = toIntrospect(request)
    // only names and plans depend on what a transaction has defined
    const session =
      request.session !== undefined && (ask.what === 'regenerate' || ask.what === 'plan')
        ? this.#session(request.session)
        : undefined
    const seen = await session?.introspect(ask, signal)
    if (seen) return seen
    const task = { kind: 'introspect', connection: undefined, ask } as const
    const job = this.#pool.submit<'introspect'>(task, { lane: 'gate' })
    return await interruptible(this.#pool, job, signal, () => {
      const own = this.#workerConnections[job.worker ?? -1]
      interrupt(present(own, 'a running job has a worker').address)
    })
  }

  async #readDefinitions(session: number | undefined): Promise<WireDefinitions> {
    const own = session === undefined ? undefined : this.#session(session).readDefinitions()
    const seen = await own
    if (seen) return seen
    const { databases, versions } = this.#context
    let catalogVersion = versions.current
    const task = {
      kind: 'definitions' as const,
      connection: undefined,
      databases: databases.names,
      attached: databases.attached,
      temporary: false,
      inTransaction: false,
    }
    const job = this.#pool.submit<'definitions'>(task, {
      lane: 'gate',
      binding: {
        mayBegin: () => this.#binding.open,
        begin: () => {
          catalogVersion = versions.current
          task.databases = databases.names
          this.#binding.enterBinding()
        },
      },
    })
    return { ...(await job.done), catalogVersion }
  }

  async #stop(): Promise<void> {
    for (const stoppable of this.#stoppable.values()) stoppable.abort()
    const sessions = [...this.#sessions.values()]
    this.#sessions.clear()
    await Promise.all(sessions.map((session) => session.close()))
    if (this.#opened) await this.#backup.perform('close', NEVER)
    if (this.#database === undefined) return
    const databases = this.#opened?.databases.names ?? []
    const task = { kind: 'shutDown', database: this.#database, databases } as const
    const connections = [...this.#workerConnections, ...(this.#questions?.end() ?? [])]
    await this.#pool.submit<'shutDown'>({ ...task, connections }, { lane: 'fresh' }).done
  }

  async #stoppably<T>(id: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const aborter = new AbortController()
    this.#stoppable.set(id, aborter)
    try {
      return await work(aborter.signal)
    } finally {
      this.#stoppable.delete(id)
    }
  }

  #session(number: number): HostSession {
    return present(this.#sessions.get(number), `session ${number}`)
  }

  #openConnection(database: bigint): Connection {
    const { address } = DuckDbConnection.open(database)
    const drop = this.#disposal.statement.bind(this.#disposal)
    return new Connection(address, new StatementCache(drop))
  }

  #disposeConnection(connection: Connection): void {
    if (connection.disposed) return
    connection.disposed = true
    connection.statements.clear()
    this.#disposal.connection(connection.address)
  }

  #boundMemory(budgetBytes: number): EngineLayer {
    const isOff = this.#fence.layersOff.includes('memory')
    const layer = isOff ? MEMORY_OFF : memoryLayer(limitAddressSpace(budgetBytes))
    const bytesMax = process.memoryUsage.rss() + budgetBytes
    watchMemory(
      bytesMax,
      () => {
        const error = new GatewayError('out_of_memory', 'the engine is out of memory')
        for (const portal of this.#portals.values()) void portal.cancel(error)
      },
      () => this.#events.die('it used more memory than it may'),
    )
    return layer
  }
}

const MEMORY_OFF = { name: 'memory', active: false, about: SWITCHED_OFF } as const

function memoryLayer(limitBytes: number | undefined): EngineLayer {
  return limitBytes === undefined
    ? {
        name: 'memory',
        active: false,
        about: 'the system does not have it; memory is only watched',
      }
    : { name: 'memory', active: true, about: 'what a statement cannot have fails' }
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}
