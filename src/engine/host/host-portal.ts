/**
 * An open result in the host: native handles and some encoded rows, no thread.
 *
 * Rows leave as far as the gateway has given credit and the client has asked for; when the gateway
 * does not read, one part is fetched ahead, and the rest of the stream waits in the engine. Each
 * part is fetched by whichever worker is free.
 */
import { assert } from '../../base/assert.ts'
import { GatewayError, toErrorRecord, toGatewayError } from '../../base/gateway-error.ts'
import type { Schema } from '../../columnar/column-type.ts'
import type { ResultFormat } from '../../columnar/result-format.ts'
import type { Connection } from './connection.ts'
import type { HostContext } from './host-context.ts'
import { cancelled, interruptible } from './interruptible.ts'
import { closeSpool } from './spool.ts'
import {
  formatKey,
  type FormatKey,
  type Outcomes,
  type RunOutcome,
  type Spool,
  type Stream,
} from './task.ts'
import { WaitingRows } from './waiting-rows.ts'
import type { Job } from './worker-pool.ts'

/** Where rows come from that are not in memory. */
type Source =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'stream'
      readonly connection: Connection
      readonly result: bigint
      /** The worker that holds a part of the result already. */
      readonly pinned: number | undefined
    }
  | { readonly kind: 'spool'; readonly spool: Spool; readonly next: number }

/**
 * With less than this encoded and waiting, the next part is fetched, credit or not: a worker then
 * encodes while the gateway sends. A portal whose client does not read holds one part.
 */
const READY_BYTES_LOW = 128 * 1024

/** A close must not break the transaction by an interrupt, unless the fetch under way goes on so long. */
const SOFT_CLOSE_MS_MAX = 1000

export interface PortalOwner {
  /** The stream on `connection` is closed; called under the connection's lock. */
  onStreamClosed(portal: HostPortal, connection: Connection): void
  /** A stream failed, or was interrupted. */
  onStreamFailed(connection: Connection): void
  /** True for the connection of a transaction, which an interrupt would abort. */
  isTransactionOn(connection: Connection): boolean
  /** Nothing more comes from this portal. */
  onOver(portal: HostPortal): void
}

export class HostPortal {
  readonly id: number
  readonly format: ResultFormat
  /** As tasks name it. */
  readonly formatKey: FormatKey
  readonly #context: HostContext
  readonly #owner: PortalOwner
  readonly #aborter = new AbortController()
  #columns: Schema = []
  #source: Source = { kind: 'none' }
  readonly #waiting: WaitingRows
  #count: number | undefined
  /** The connection that works on its first rows, while its progress is counted. */
  runningOn: bigint | undefined
  #inTransaction = false
  #replied = false
  #over = false
  #fetching = false
  /** The fetch that a worker has, or will have. */
  #job: Job<'fetch'> | undefined

  constructor(
    context: HostContext,
    owner: PortalOwner,
    id: number,
    format: ResultFormat,
    rowsMax: number,
  ) {
    this.#context = context
    this.#owner = owner
    this.id = id
    this.format = format
    this.formatKey = formatKey(format)
    this.#waiting = new WaitingRows(format, rowsMax)
  }

  /** Aborts when the statement is to stop, wherever it is. */
  get signal(): AbortSignal {
    return this.#aborter.signal
  }

  get columns(): Schema {
    return this.#columns
  }

  /** Rows changed by a write, once it has run. */
  get count(): number | undefined {
    return this.#count
  }

  /** It was opened inside the engine's transaction, and ends with that. */
  get inTransaction(): boolean {
    return this.#inTransaction
  }

  /** Its statement began; called under the connection's lock. */
  opened(
    outcome: RunOutcome,
    columns: Schema,
    connection: Connection,
    worker: number | undefined,
    inTransaction: boolean,
  ): void {
    this.#inTransaction = inTransaction
    this.#columns = columns
    this.#count = outcome.count
    if (outcome.result !== undefined) {
      this.#source = { kind: 'stream', connection, result: outcome.result, pinned: undefined }
      connection.portal = this
    }
    this.#take(outcome, worker)
  }

  /** The gateway knows its columns now: rows may follow. */
  replied(): void {
    this.#replied = true
    this.pump()
  }

  credit(bytes: number): void {
    this.#waiting.credit(bytes)
    this.pump()
  }

  resume(rowsMax: number): void {
    this.#waiting.resume(rowsMax)
    this.pump()
  }

  /** Sends what may be sent, ends what is at its end, fetches what will be needed. */
  pump(): void {
    if (this.#over || !this.#replied) return
    this.#sendWaiting()
    if (this.#waiting.isSuspended) return
    if (this.#waiting.isEmpty && this.#source.kind === 'none') {
      this.#finish()
      this.#context.send({ kind: 'complete', id: this.id, count: this.#count })
      return
    }
    if (this.#source.kind === 'none' || this.#fetching) return
    if (this.#waiting.bytes < READY_BYTES_LOW) void this.#fetch()
  }

  /**
   * Stops it at once, with an error that the gateway is told. What runs is interrupted; resolves
   * when nothing of it is left in the engine.
   */
  async cancel(error: GatewayError = cancelled()): Promise<void> {
    this.#aborter.abort()
    if (this.#source.kind === 'stream') this.#owner.onStreamFailed(this.#source.connection)
    if (this.#replied) this.#fail(error)
    await this.#letGo()
  }

  /**
   * Frees it, with nothing told. A fetch on a transaction's connection is waited for rather than
   * interrupted, as far as that is quick, because an interrupt would abort the transaction.
   */
  async close(): Promise<void> {
    this.#finish()
    const { connection } = { connection: undefined, ...this.#source }
    const soft = connection !== undefined && this.#owner.isTransactionOn(connection)
    if (!soft) {
      this.#aborter.abort()
      await this.#letGo()
      return
    }
    if (this.#job) this.#context.pool.withdraw(this.#job)
    const timer = setTimeout(() => {
      if (this.#source.kind === 'stream') this.#owner.onStreamFailed(connection)
      this.#aborter.abort()
    }, SOFT_CLOSE_MS_MAX)
    await this.#letGo()
    clearTimeout(timer)
  }

  /** Its transaction is at its end, and it with it. */
  async endWithTransaction(): Promise<void> {
    const over = this.#over
    await this.close()
    if (over || !this.#replied) return
    const error = new GatewayError('invalid_cursor_name', 'the portal ended with its transaction')
    this.#context.send({ kind: 'failure', id: this.id, error: toErrorRecord(error) })
  }

  /**
   * Puts the rest of the stream aside, so that its connection is free. The caller holds the lock.
   *
   * @throws GatewayError `configuration_limit` beyond the bound, or what the stream failed with; the
   *         portal has failed with it, too.
   */
  async putAside(signal: AbortSignal): Promise<void> {
    const source = this.#source
    assert(source.kind === 'stream', 'there is a stream to put aside')
    const { spoolDirectory: directory, spoolBytesMax: bytesMax, pool } = this.#context
    const { connection, result, pinned } = source
    const job = pool.submit<'spool'>(
      {
        kind: 'spool',
        portal: this.id,
        result,
        columns: this.#columns,
        format: this.formatKey,
        directory,
        bytesMax,
      },
      { lane: 'long', pinned, preferred: connection.worker },
    )
    const either = AbortSignal.any([signal, this.signal])
    try {
      const { rows, spool } = await this.#waitFor(job, connection, either)
      this.#streamClosed(connection)
      if (spool) {
        if (this.#over) closeSpool(spool)
        else this.#source = { kind: 'spool', spool, next: 0 }
      }
      this.#waiting.add(rows)
    } catch (error) {
      // nobody had begun: the stream is as it was, and whoever needed the connection gave up
      if (job.worker === undefined) throw error
      this.#streamFailed(connection)
      if (this.#replied) this.#fail(toGatewayError(error))
      throw error
    }
  }

  #sendWaiting(): void {
    const { id } = this
    for (let rows = this.#waiting.take(); rows; rows = this.#waiting.take()) {
      this.#context.send({ kind: 'rows', id, ...rows })
      if (this.#waiting.isSuspended) this.#context.send({ kind: 'suspended', id })
    }
  }

  async #fetch(): Promise<void> {
    this.#fetching = true
    try {
      if (this.#source.kind === 'spool') await this.#fetchFromSpool(this.#source)
      else if (this.#source.kind === 'stream') await this.#fetchFromStream(this.#source.connection)
    } catch (error) {
      this.#fail(toGatewayError(error))
    } finally {
      this.#fetching = false
    }
    this.pump()
  }

  async #fetchFromSpool({ spool, next }: Extract<Source, { kind: 'spool' }>): Promise<void> {
    const task = { kind: 'readSpool', spool, record: next } as const
    const job = this.#context.pool.submit<'readSpool'>(task, { lane: 'long' })
    const rows = await job.done
    if (next + 1 < spool.records.length) this.#source = { kind: 'spool', spool, next: next + 1 }
    else this.#source = { kind: 'none' }
    if (this.#source.kind === 'none' || this.#over) this.#dropSpool(spool)
    if (!this.#over) this.#waiting.add([rows])
  }

  #dropSpool(spool: Spool): void {
    this.#source = { kind: 'none' }
    closeSpool(spool)
  }

  async #fetchFromStream(connection: Connection): Promise<void> {
    const release = await connection.lock.acquire(this.signal)
    try {
      const source = this.#source
      // put aside, or closed, while this waited for the connection
      if (source.kind !== 'stream' || this.#over) return
      const { result, pinned } = source
      const job = this.#context.pool.submit<'fetch'>(
        { kind: 'fetch', portal: this.id, result, columns: this.#columns, format: this.formatKey },
        { lane: 'long', pinned, preferred: connection.worker },
      )
      this.#job = job
      try {
        const outcome = await this.#waitFor(job, connection, this.signal)
        this.#take(outcome, job.worker)
        if (outcome.ended) this.#streamClosed(connection)
      } catch (error) {
        // else nobody had begun: whoever stopped it closes the stream
        if (job.worker !== undefined) this.#streamFailed(connection)
        throw error
      } finally {
        this.#job = undefined
      }
    } finally {
      release()
    }
  }

  async #waitFor<K extends 'fetch' | 'spool'>(
    job: Job<K>,
    connection: Connection,
    signal: AbortSignal,
  ): Promise<Outcomes[K]> {
    const { pool, interrupt } = this.#context
    const outcome = await interruptible(pool, job, signal, () => interrupt(connection.address))
    connection.worker = job.worker
    return outcome
  }

  #take(stream: Stream, worker: number | undefined): void {
    if (this.#source.kind === 'stream') {
      this.#source = { ...this.#source, pinned: stream.pinned ? worker : undefined }
    }
    this.#waiting.add(stream.rows)
  }

  /** Closes what is open in the engine, when nobody works on it any more. */
  async #letGo(): Promise<void> {
    if (this.#source.kind === 'spool') {
      if (!this.#fetching) this.#dropSpool(this.#source.spool)
      return
    }
    if (this.#source.kind !== 'stream') return
    const { connection } = this.#source
    const release = await connection.lock.acquire()
    try {
      if (this.#source.kind !== 'stream') return
      await this.#release(this.#source)
      this.#streamClosed(connection)
    } finally {
      release()
    }
  }

  /** The worker has closed the stream that failed in its hands. */
  #streamFailed(connection: Connection): void {
    this.#owner.onStreamFailed(connection)
    this.#streamClosed(connection)
  }

  async #release({ result, pinned }: Extract<Source, { kind: 'stream' }>): Promise<void> {
    const job = this.#context.pool.submit<'release'>(
      { kind: 'release', results: [{ portal: this.id, result }], statements: [], connections: [] },
      { lane: 'fresh', pinned },
    )
    await job.done
  }

  #streamClosed(connection: Connection): void {
    this.#source = { kind: 'none' }
    connection.portal = undefined
    this.#owner.onStreamClosed(this, connection)
  }

  #fail(error: GatewayError): void {
    if (this.#over) return
    this.#finish()
    this.#context.send({ kind: 'failure', id: this.id, error: toErrorRecord(error) })
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#waiting.clear()
    this.#owner.onOver(this)
  }
}
