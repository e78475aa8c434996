/**
 * One statement of a session, from Compile until it is closed.
 *
 *   compiled ─Execute→ running ─→ succeeded ─Fetch…→ (rows are over)
 *                         └────→ failed            ←─┘ an error after the first rows
 *
 * A query has succeeded when its first rows are there, and goes on in the engine while its client
 * fetches; whatever else has succeeded when it is committed.
 */
import { assert } from '../../base/assert.ts'
import { GatewayError, toGatewayError } from '../../base/gateway-error.ts'
import type { Log } from '../../base/log.ts'
import type { Schema } from '../../columnar/column-type.ts'
import type { Executor } from '../../execution/executor.ts'
import type { Statement } from '../../sql/statement.ts'
import { QueryTimeout, blueError, statusOf } from './blue-error.ts'
import {
  FETCH_BYTES,
  FETCH_WAIT_MS,
  STATUS_WAIT_MS,
  WRITTEN_ROWS_BYTES_MAX,
} from './blue-limits.ts'
import { HeldRows } from './held-rows.ts'
import { EXECUTION_STATUS } from './messages.ts'
import type { FetchResponse, StatusResponse } from './messages.ts'
import { END_OF_ROWS, queryResult } from './query-result.ts'
import { WaitingClock } from './waiting-clock.ts'

/** What a statement needs of its session. */
export interface StatementHost {
  /**
   * Does `work` in a lane that it has for itself.
   * @throws the signal's reason while there is none; GatewayError when the engine has no room.
   */
  inLane(
    statement: Statement,
    signal: AbortSignal,
    work: (lane: Executor) => Promise<void>,
  ): Promise<void>
  /** Told when it holds more or less, or is over. */
  statementChanged(): void
  /** For errors that are our own. */
  readonly log: Pick<Log, 'error'>
}

export interface CompiledStatement {
  readonly statement: Statement
  /** Undefined for a statement that returns no rows. */
  readonly columns: Schema | undefined
  /** 0: none. */
  readonly timeoutMs: number
}

type State = 'compiled' | 'running' | 'succeeded' | 'failed'

export class BlueStatement {
  /** `<session>:<number>`. */
  readonly id: string
  readonly #queryId: number
  readonly #host: StatementHost
  readonly #compiled: CompiledStatement
  readonly #stop = new AbortController()
  readonly #clock: WaitingClock
  #state: State = 'compiled'
  #failure: GatewayError | undefined
  #rows: HeldRows | undefined
  #drained = false
  /** Fetches follow each other. */
  #fetching: Promise<unknown> = Promise.resolve()
  #whenSettled: Promise<void> = Promise.resolve()

  constructor(id: string, queryId: number, host: StatementHost, compiled: CompiledStatement) {
    this.id = id
    this.#queryId = queryId
    this.#host = host
    this.#compiled = compiled
    const { timeoutMs } = compiled
    this.#clock = new WaitingClock(timeoutMs, () => this.stop(new QueryTimeout(timeoutMs / 1000)))
  }

  /** Rows that are held for the client, in bytes. */
  get heldBytes(): number {
    return this.#rows?.bytes ?? 0
  }

  /** Something of it is left: in the engine, or rows for the client. */
  get isOpen(): boolean {
    if (this.#state === 'running') return true
    return this.#rows !== undefined && !this.#drained && this.#failure === undefined
  }

  /** Nothing of it is to come any more. */
  get isOver(): boolean {
    return this.#state !== 'compiled' && !this.isOpen
  }

  get isRunning(): boolean {
    return this.#state === 'running' || (this.isOpen && this.#rows?.isOver === false)
  }

  /** Starts it and returns at once. A second call does nothing. */
  execute(): void {
    if (this.#state !== 'compiled') return
    this.#state = 'running'
    this.#clock.start()
    this.#whenSettled = this.#run().then(
      () => this.#settle('succeeded'),
      (thrown: unknown) => this.#fail(toGatewayError(thrown)),
    )
  }

  /** How far it is. Waits a moment for the end, because clients ask again and again. */
  async status(): Promise<StatusResponse> {
    if (this.#state === 'running') await this.#settledWithin(STATUS_WAIT_MS)
    if (this.#failure) return { status: statusOf(this.#failure), error: blueError(this.#failure) }
    switch (this.#state) {
      case 'running':
        return { status: EXECUTION_STATUS.RUNNING }
      case 'succeeded':
        return { status: EXECUTION_STATUS.SUCCEEDED }
      default: {
        const early = outOfOrder('Status', 'Execute')
        return { status: EXECUTION_STATUS.FAILED, error: blueError(early) }
      }
    }
  }

  /** The next rows, or the end of them. */
  async fetch(): Promise<FetchResponse> {
    const fetched = this.#fetching.then(() => this.#fetch())
    this.#fetching = fetched.catch(() => undefined)
    try {
      return await fetched
    } catch (thrown) {
      return { error: blueError(toGatewayError(thrown)) }
    }
  }

  /** Ends what is left of it with `reason`, which whoever asks is told from now on. */
  stop(reason: GatewayError): void {
    if (!this.isOpen) return
    this.#stop.abort(reason)
    const rows = this.#rows
    if (!rows) return // it has not started: `#run` ends by the signal
    this.#fail(reason)
    void rows.close(reason)
  }

  /** As `stop`, and waits until the engine has let go. */
  async close(): Promise<void> {
    const rows = this.#rows
    this.stop(closed())
    await rows?.close(closed())
    await this.#whenSettled
  }

  async #run(): Promise<void> {
    const { statement } = this.#compiled
    const { signal } = this.#stop
    await this.#host.inLane(statement, signal, async (lane) => {
      const running = await lane.run(
        statement,
        {
          parameters: [],
          parameterTypes: [],
          format: { kind: 'blue' },
          rowsMax: 0,
          queryId: this.#queryId,
        },
        signal,
      )
      const rows = new HeldRows(running, () => this.#host.statementChanged())
      try {
        signal.throwIfAborted()
        if (running.isRead && running.columns) await rows.begin()
        else await rows.readAll(WRITTEN_ROWS_BYTES_MAX)
      } catch (thrown) {
        await rows.close(toGatewayError(thrown))
        throw signal.aborted ? signal.reason : thrown
      }
      this.#rows = rows
    })
  }

  async #fetch(): Promise<FetchResponse> {
    if (this.#state === 'running') await this.#settledWithin(FETCH_WAIT_MS)
    if (this.#failure) throw this.#failure
    if (this.#state === 'compiled') throw outOfOrder('Fetch', 'Execute')
    if (this.#state === 'running') return { retryFetch: true }
    if (!this.#compiled.columns) throw noRows()
    if (this.#drained) return { queryResult: END_OF_ROWS }
    const rows = this.#rows
    assert(rows !== undefined, 'a statement that succeeded holds its rows')
    this.#clock.start()
    try {
      const frames = await rows.take(FETCH_BYTES, FETCH_WAIT_MS)
      rows.recheck()
      if (!frames) return { retryFetch: true }
      this.#drained = frames.length === 0
      return { queryResult: this.#drained ? END_OF_ROWS : queryResult(frames) }
    } catch (thrown) {
      this.#fail(toGatewayError(thrown))
      throw this.#failure ?? thrown
    } finally {
      this.#clock.stop()
      this.#host.statementChanged()
    }
  }

  #settle(state: 'succeeded' | 'failed'): void {
    this.#state = state
    this.#clock.stop()
    this.#host.statementChanged()
  }

  #fail(error: GatewayError): void {
    if (error.kind === 'internal') {
      this.#host.log.error({ error: error.cause, statement: this.id }, 'a statement failed inside')
    }
    this.#failure ??= error
    this.#settle('failed')
  }

  async #settledWithin(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))
    await Promise.race([this.#whenSettled, late])
    clearTimeout(timer)
  }
}

function outOfOrder(call: string, before: string): GatewayError {
  return new GatewayError('protocol_violation', `${call} comes after ${before}`)
}

function noRows(): GatewayError {
  return new GatewayError('protocol_violation', 'the statement returns no rows')
}

function closed(): GatewayError {
  return new GatewayError('invalid_statement_name', 'the statement was closed')
}
