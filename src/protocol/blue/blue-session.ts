/**
 * A session of this door: its statements, which run side by side, each committed by itself.
 *
 * Clients seldom close their statements, and some never close their sessions. So what ended is
 * forgotten after a while, and of results that nobody reads on the oldest are dropped when there are
 * too many.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import type { Log } from '../../base/log.ts'
import type { Executor, ParallelSession } from '../../execution/executor.ts'
import type { Statement } from '../../sql/statement.ts'
import { blueError } from './blue-error.ts'
import { ENDED_STATEMENTS_MAX, HELD_BYTES_MAX, LANES_MAX, OPEN_RESULTS_MAX } from './blue-limits.ts'
import { BlueStatement } from './blue-statement.ts'
import type { StatementHost } from './blue-statement.ts'
import { columnMetadata } from './column-metadata.ts'
import { LanePool } from './lane-pool.ts'
import { QUERY_TYPE } from './messages.ts'
import type { CompileRequest, CompileResponse } from './messages.ts'
import { readOneStatement } from './read-one-statement.ts'
import { queryTimeoutMs } from './query-timeout.ts'

export class BlueSession implements StatementHost {
  readonly log: Log
  readonly #session: ParallelSession
  readonly #lanes: LanePool
  /** By number; the one that was used last is the last. */
  readonly #statements = new Map<number, BlueStatement>()
  /** SET, USE and their like change what the next of them begins with. */
  #ownStatements: Promise<unknown> = Promise.resolve()
  #lastCallMs = Date.now()

  constructor(session: ParallelSession, log: Log) {
    this.#session = session
    this.log = log
    this.#lanes = new LanePool(session, LANES_MAX)
  }

  get id(): string {
    return this.#session.session.id
  }

  /** Why it ended, or undefined while it lives. */
  get endReason(): GatewayError | undefined {
    return this.#session.session.endReason
  }

  /** When its client called last, in milliseconds since 1970. */
  get lastCallMs(): number {
    return this.#lastCallMs
  }

  touch(): void {
    this.#lastCallMs = Date.now()
  }

  /** Reads, authorizes and plans one statement. It has an id also where it fails. */
  async compile(request: CompileRequest): Promise<CompileResponse> {
    const { session } = this.#session
    const queryId = session.nextQueryId()
    const contextId = `${this.id}:${queryId}`
    try {
      const { settings } = session
      const timeoutMs = queryTimeoutMs(request.queryTimeout, settings.statementTimeoutMs)
      const { columns, statement } = await this.#compile(request.sql, queryId)
      const compiled = { statement, columns, timeoutMs }
      this.#statements.set(queryId, new BlueStatement(contextId, queryId, this, compiled))
      this.#forgetEnded()
      return {
        contextId,
        columns: (columns ?? []).map(columnMetadata),
        queryType: columns ? QUERY_TYPE.QUERY : QUERY_TYPE.NON_QUERY,
      }
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown
      return { contextId, error: blueError(thrown) }
    }
  }

  /** The statement with this id, as the one that was used last. */
  find(queryId: number): BlueStatement | undefined {
    const statement = this.#statements.get(queryId)
    if (!statement) return undefined
    this.#statements.delete(queryId)
    this.#statements.set(queryId, statement)
    return statement
  }

  async closeStatement(queryId: number): Promise<boolean> {
    const statement = this.#statements.get(queryId)
    if (!statement) return false
    this.#statements.delete(queryId)
    await statement.close()
    return true
  }

  async close(reason: string): Promise<void> {
    const ended = new GatewayError('admin_shutdown', `the session is over: ${reason}`)
    for (const statement of this.#statements.values()) statement.stop(ended)
    this.#statements.clear()
    await this.#session.close(reason)
  }

  async inLane(
    statement: Statement,
    signal: AbortSignal,
    work: (lane: Executor) => Promise<void>,
  ): Promise<void> {
    const run = (): Promise<void> =>
      this.#lanes.during(signal, async (lane) => {
        try {
          await work(lane)
        } catch (thrown) {
          await lane.endImplicitTransaction('failed').catch(() => undefined) // the first counts
          throw thrown
        }
        await lane.endImplicitTransaction('succeeded')
      })
    if (statement.kind === 'engine') return await run()
    const after = this.#ownStatements.then(run)
    this.#ownStatements = after.catch(() => undefined)
    await after
  }

  statementChanged(): void {
    const open = [...this.#statements.values()].filter(({ isOpen }) => isOpen)
    const held = open.reduce((sum, { heldBytes }) => sum + heldBytes, 0)
    if (open.length <= OPEN_RESULTS_MAX && held <= HELD_BYTES_MAX) return
    open.find(({ heldBytes }) => heldBytes > 0)?.stop(dropped()) // which is a change again
  }

  async #compile(
    sql: Uint8Array,
    queryId: number,
  ): Promise<Pick<ConstructorParameters<typeof BlueStatement>[3], 'columns' | 'statement'>> {
    return await this.#lanes.during(new AbortController().signal, async (lane) => {
      const statement = readOneStatement(lane, sql)
      const { columns } = await lane.describe(statement, [], queryId)
      return { statement, columns }
    })
  }

  #forgetEnded(): void {
    let ended = 0
    for (const { isOver } of this.#statements.values()) if (isOver) ended += 1
    for (const [queryId, statement] of this.#statements) {
      if (ended <= ENDED_STATEMENTS_MAX) return
      if (!statement.isOver) continue
      this.#statements.delete(queryId)
      ended -= 1
    }
  }
}

function dropped(): GatewayError {
  return new GatewayError(
    'configuration_limit',
    'the result was dropped: the session left too many results unread',
    { hint: 'Read results to their end, or close their cursors.' },
  )
}
