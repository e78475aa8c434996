/**
 * One client's session in the host: its transaction, its statements, its open portals.
 *
 * Which connection a statement runs on (design, engine fact 2):
 *
 * - Outside a transaction, and in a READ COMMITTED one before its first write, each read has a
 *   snapshot of its own: it runs on the home connection where that is idle, else on a borrowed one.
 * - From the first write on, and at REPEATABLE READ and above from the first statement on, all runs
 *   on the home connection, inside the engine's transaction, which is begun then and not before
 *   (the engine takes its snapshot no earlier either). A stream that is open on it is put aside.
 * - So it does once the session has temporary tables, which no other connection sees.
 */
import { assert, present } from '../../base/assert.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import { TEMPORARY } from '../temporary-database.ts'
import { TRACK_PROGRESS } from '../duckdb/duckdb-connection.ts'
import type {
  Replies,
  RunRequest,
  StatementRequest,
  WireAction,
  WireDefinitions,
} from '../wire/request.ts'
import type { Connection } from './connection.ts'
import type { HostContext } from './host-context.ts'
import { beginStatements } from './host-transaction.ts'
import type { Transaction } from './host-transaction.ts'
import type { HostPortal, PortalOwner } from './host-portal.ts'
import { cancelled, interruptible } from './interruptible.ts'
import type { Introspect, Outcomes, StatementHandle, TaskOf } from './task.ts'
import { FIRST_DATABASE } from './registry.ts'
import { SessionConnections } from './session-connections.ts'
import type { HeldConnection } from './session-connections.ts'
import { SessionVersions } from './session-versions.ts'
import type { Job } from './worker-pool.ts'

const NEVER = new AbortController().signal

/** What one of several texts does that is not the last: nothing goes on record with it. */
const STEP: WireAction = {
  kind: 'define',
  database: FIRST_DATABASE,
  registers: [],
  unregisters: [],
  amends: [],
  countsRows: false,
}

export class HostSession implements PortalOwner {
  readonly #context: HostContext
  readonly #portals = new Map<number, HostPortal>()
  /** Statements that have no first rows yet. */
  readonly #starting = new Set<Promise<void>>()
  readonly #connections: SessionConnections
  #transaction: Transaction | undefined
  readonly #versions: SessionVersions
  #closed = false

  constructor(context: HostContext) {
    this.#context = context
    this.#connections = new SessionConnections(context)
    this.#versions = new SessionVersions(context, () => this.#transaction)
  }

  begin(isolation: Transaction['isolation'], readOnly: boolean): void {
    assert(this.#transaction === undefined, 'no transaction is open')
    this.#transaction = {
      isolation,
      readOnly,
      begun: false,
      version: this.#context.versions.current,
      overlay: undefined,
      defined: new Set(),
      aborted: false,
    }
  }

  async commit(): Promise<'committed' | 'rolled_back'> {
    const transaction = this.#transaction
    if (!transaction?.begun) {
      this.#transaction = undefined
      return transaction?.aborted === true ? 'rolled_back' : 'committed'
    }
    await this.#endHomePortals()
    return await this.#connections.home.lock.run(async () => {
      this.#transaction = undefined
      if (transaction.aborted) {
        await this.#execute('ROLLBACK')
        return 'rolled_back'
      }
      if (transaction.defined.has('shared')) await this.#commitDefinitions()
      else await this.#execute('COMMIT')
      if (transaction.defined.has('temporary')) this.#versions.temporaryChanged()
      return 'committed'
    })
  }

  async rollback(): Promise<void> {
    const transaction = this.#transaction
    if (transaction?.begun) {
      await Promise.all(this.#homePortals().map((portal) => portal.cancel()))
      await this.#connections.home.lock.run(() => this.#execute('ROLLBACK'))
    }
    this.#transaction = undefined
  }

  /** @throws GatewayError as the engine says, or `serialization_failure` for a stale version. */
  async describe(request: StatementRequest): Promise<Replies['describe']> {
    const { text, catalogVersion: version, files } = request
    const { connection, release } = await this.#take('read', NEVER)
    const { pool, nextStatementNumber } = this.#context
    try {
      const prepared = this.#prepared(connection, request)
      const job = pool.submit<'describe'>(
        {
          kind: 'describe',
          connection: connection.address,
          text,
          prepared,
          number: nextStatementNumber(),
          files,
        },
        { lane: 'fresh', preferred: connection.worker, binding: this.#versions.toBind(version) },
      )
      const { statement, parameterTypes, columns } = await job.done
      connection.worker = job.worker
      connection.statements.keep(text, version, statement)
      if (files.length > 0) connection.statements.remove(text)
      return { parameterTypes, columns }
    } catch (error) {
      if (this.isTransactionOn(connection)) await this.#noteWhetherAborted()
      throw error
    } finally {
      release()
      this.#connections.giveBack(connection)
    }
  }

  /**
   * Starts a statement; its first rows are in the portal then, not sent yet.
   *
   * @throws GatewayError what the statement fails with. Nothing of it is left behind, but a
   *         transaction that it ran in can only be rolled back.
   */
  async run(portal: HostPortal, request: RunRequest): Promise<void> {
    this.#portals.set(portal.id, portal)
    const starting = this.#start(portal, request)
    this.#starting.add(starting)
    try {
      await starting
    } catch (error) {
      this.#portals.delete(portal.id)
      throw error
    } finally {
      this.#starting.delete(starting)
    }
  }

  /** With definitions of its own: on the home connection, which sees them. */
  async introspect(
    ask: Introspect,
    signal: AbortSignal,
  ): Promise<Outcomes['introspect'] | undefined> {
    if (!this.#hasDefinitions) return undefined
    const { connection, release } = await this.#takeHome(signal)
    try {
      const { pool, interrupt } = this.#context
      const job = pool.submit<'introspect'>(
        { kind: 'introspect', connection: connection.address, ask },
        { lane: 'gate' },
      )
      return await interruptible(pool, job, signal, () => interrupt(connection.address))
    } catch (error) {
      await this.#noteWhetherAborted()
      throw error
    } finally {
      release()
    }
  }

  /** Undefined where the session sees nothing but what is committed. */
  async readDefinitions(): Promise<WireDefinitions | undefined> {
    if (!this.#hasDefinitions) return undefined
    const { connection, release } = await this.#takeHome(NEVER)
    try {
      const { databases, pool } = this.#context
      const task = {
        kind: 'definitions' as const,
        connection: connection.address,
        databases: databases.names,
        attached: databases.attached,
        temporary: true,
        inTransaction: this.#transaction?.begun === true,
      }
      const { binding, version } = this.#versions.toRead(() => (task.databases = databases.names))
      const found = await pool.submit<'definitions'>(task, { lane: 'gate', binding }).done
      return { ...found, catalogVersion: version() }
    } finally {
      release()
    }
  }

  /** DISCARD TEMP, outside of a transaction. */
  async discardTemporary(): Promise<void> {
    assert(this.#transaction === undefined, 'no transaction is open')
    if (!this.#versions.hasTemporary) return
    const { connection, release } = await this.#takeHome(NEVER)
    try {
      this.#connections.renewHome()
      this.#versions.temporaryDiscarded()
    } finally {
      release()
    }
    this.#context.disposeConnection(connection)
  }

  /** Interrupts what runs, rolls back, closes every connection. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#connections.noMore()
    await Promise.all([...this.#portals.values()].map((portal) => portal.cancel()))
    await Promise.allSettled(this.#starting)
    await this.rollback().catch(() => undefined)
    await this.#connections.close()
  }

  onStreamClosed(_portal: HostPortal, connection: Connection): void {
    // its caller holds the lock still, and gives the connection back when it has let go
    setImmediate(() => this.#connections.giveBack(connection))
  }

  onStreamFailed(connection: Connection): void {
    if (this.isTransactionOn(connection)) this.#markAborted()
  }

  isTransactionOn(connection: Connection): boolean {
    return connection === this.#connections.home && this.#transaction?.begun === true
  }

  onOver(portal: HostPortal): void {
    this.#portals.delete(portal.id)
    this.#context.forgetPortal(portal.id)
  }

  #mayRun(action: WireAction): void {
    const transaction = this.#transaction
    if (this.#closed) throw cancelled()
    if (transaction?.aborted) {
      throw new GatewayError('failed_transaction', 'the transaction failed before', {
        hint: 'Roll back, and begin again.',
      })
    }
    if (action.kind === 'read') return
    assert(transaction !== undefined, 'a write runs in a transaction')
    if (transaction.readOnly) {
      throw new GatewayError('read_only_transaction', 'the transaction is read-only')
    }
  }

  async #start(portal: HostPortal, request: RunRequest): Promise<void> {
    const { action } = request
    const transaction = this.#transaction
    this.#mayRun(action)
    const { connection, release } = await this.#take(action.kind, portal.signal)
    try {
      // it waited, and may be stopped by now, or outlive its transaction
      if (portal.signal.aborted || this.#transaction !== transaction) throw cancelled()
      await this.#runOn(connection, portal, request)
    } finally {
      release()
      this.#connections.giveBack(connection)
    }
    if (!portal.signal.aborted) return
    await portal.close()
    throw cancelled()
  }

  /** All of its texts, one after the other. The last one has the result, and is on record. */
  async #runOn(connection: Connection, portal: HostPortal, request: RunRequest): Promise<void> {
    const { action, further } = request
    const texts = [request.text, ...further]
    const last = texts.length - 1
    for (const [index, text] of texts.entries()) {
      try {
        const step = index < last ? { ...request, text, action: STEP } : { ...request, text }
        await this.#runText(connection, portal, step, index === last)
      } catch (error) {
        if (index > 0) this.#markAborted() // a part of it is done
        throw error
      }
    }
    const transaction = connection === this.#connections.home ? this.#transaction : undefined
    if (action.kind === 'define' && transaction) {
      transaction.overlay = this.#context.versions.next()
      transaction.defined.add(action.database === TEMPORARY ? 'temporary' : 'shared')
    }
  }

  async #runText(
    connection: Connection,
    portal: HostPortal,
    request: RunRequest,
    hasResult: boolean,
  ): Promise<void> {
    const { pool, interrupt, nextStatementNumber } = this.#context
    const { text, catalogVersion, action, parameters, tracksProgress, files } = request
    const transaction = connection === this.#connections.home ? this.#transaction : undefined
    // the engine would commit it by itself, and no right be looked at
    assert(action.kind === 'read' || transaction !== undefined, 'a write runs in a transaction')
    const begins = transaction?.begun === false && this.#belongsHome(action.kind)
    const prepared = this.#prepared(connection, request)
    const task = {
      connection: connection.address,
      text,
      prepared,
      number: nextStatementNumber(),
      files,
      action,
      format: portal.formatKey,
      portal: portal.id,
    }
    const before = [
      ...(tracksProgress ? TRACK_PROGRESS : []),
      ...(begins ? beginStatements(transaction, this.#context.databases.names) : []),
    ]
    let job: Job<'run'> | Job<'proceed'> = pool.submit<'run'>(
      { kind: 'run', ...task, before, parameters },
      {
        lane: 'fresh',
        text,
        binding: this.#versions.toBind(catalogVersion, begins ? transaction : undefined),
      },
    )
    if (tracksProgress) portal.runningOn = connection.address
    try {
      const interruptIt = (): void => interrupt(connection.address)
      let outcome = await interruptible(pool, job, portal.signal, interruptIt)
      const statement = present(outcome.statement ?? prepared, 'a statement that ran was prepared')
      connection.statements.keep(text, catalogVersion, statement)
      while ('pending' in outcome) {
        const { pending } = outcome
        job = pool.submit<'proceed'>(
          { kind: 'proceed', ...task, prepared: statement, pending },
          { lane: 'long', preferred: job.worker },
        )
        outcome = await interruptible(pool, job, portal.signal, interruptIt)
      }
      connection.worker = job.worker
      if (hasResult) {
        const inTransaction = this.isTransactionOn(connection)
        const columns = outcome.columns ?? statement.columns
        portal.opened(outcome, columns, connection, job.worker, inTransaction)
      }
      // the engine takes a definition apart as it runs: run again, it would make something else
      // and one that reads files is bound to those that there were
      if (action.kind === 'define' || files.length > 0) connection.statements.remove(text)
      if (portal.signal.aborted && this.isTransactionOn(connection)) this.#markAborted()
    } catch (error) {
      // one that never reached the engine has not touched its transaction
      if (job.worker !== undefined) {
        connection.statements.remove(text)
        if (this.isTransactionOn(connection)) this.#markAborted()
      }
      throw error
    } finally {
      portal.runningOn = undefined
    }
  }

  #prepared(
    { statements }: Connection,
    { text, catalogVersion, files }: StatementRequest,
  ): StatementHandle | undefined {
    return files.length > 0 ? undefined : statements.find(text, catalogVersion)
  }

  /** Of its transaction, or temporary tables. */
  get #hasDefinitions(): boolean {
    return this.#transaction?.overlay !== undefined || this.#versions.hasTemporary
  }

  #belongsHome(kind: WireAction['kind']): boolean {
    const transaction = this.#transaction
    if (!transaction) return false
    return kind !== 'read' || transaction.begun || transaction.isolation !== 'read committed'
  }

  async #take(kind: WireAction['kind'], signal: AbortSignal): Promise<HeldConnection> {
    return this.#belongsHome(kind) || this.#versions.hasTemporary
      ? await this.#takeHome(signal)
      : await this.#connections.takeAny(signal)
  }

  async #takeHome(signal: AbortSignal): Promise<HeldConnection> {
    return await this.#connections.takeHome(
      signal,
      this.#transaction?.begun === true || this.#versions.hasTemporary,
    )
  }

  #homePortals(): HostPortal[] {
    return [...this.#portals.values()].filter((portal) => portal.inTransaction)
  }

  async #endHomePortals(): Promise<void> {
    await Promise.all(this.#homePortals().map((portal) => portal.endWithTransaction()))
  }

  #markAborted(): void {
    if (this.#transaction) this.#transaction.aborted = true
  }

  /** Some errors of the engine abort its transaction, others do not: it alone knows. */
  async #noteWhetherAborted(): Promise<void> {
    await this.#execute('SELECT 1').catch(() => this.#markAborted())
  }

  async #commitDefinitions(): Promise<void> {
    const { binding, versions, send } = this.#context
    await binding.alone(async () => {
      await this.#execute('COMMIT')
      versions.advance()
      send({ kind: 'version', id: 0, version: versions.current })
    })
  }

  /** The caller holds the home connection's lock. */
  async #execute(statement: TaskOf<'execute'>['statement']): Promise<void> {
    const { address, worker } = this.#connections.home
    const job = this.#context.pool.submit<'execute'>(
      { kind: 'execute', connection: address, statement },
      { lane: 'fresh', preferred: worker },
    )
    await job.done
  }
}
