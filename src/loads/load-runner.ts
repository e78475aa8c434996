/**
 * What becomes of a load's file: it is looked at, held against a table, and put into it.
 *
 * Each of these is a session of its caller's own, so that rights, limits and the audit are those of
 * every other statement. A table has all of a file, or nothing.
 */
import { GatewayError, blaming, toGatewayError } from '../base/gateway-error.ts'
import type { Log } from '../base/log.ts'
import type { Executor } from '../execution/executor.ts'
import type { Execution } from '../execution/open-execution.ts'
import { principalName } from '../identity/principal.ts'
import { openSessionSettings } from '../session/open-session-settings.ts'
import { NO_BAD_ROWS, badRowsError } from './load.ts'
import type { Load, LoadWithFile } from './load.ts'
import type { LoadPreview } from './load-document.ts'
import type { LoadShelf } from './load-shelf.ts'
import type { LoadCaller, PreviewRequest, StartRequest } from './loads.ts'
import { lookAtParquet } from './look-at-parquet.ts'
import { lookAtText } from './look-at-text.ts'
import type { Look } from './look.ts'
import { checkJob, findBadRows, findBrokenRows, mayBeOfTheData, storeFile } from './run-load.ts'
import type { LoadJob } from './run-load.ts'

/** Of sessions that are for a file alone. */
const HOME_DATABASE = 'master'

/** Held against the chosen types in a preview. */
const CHECKED_ROWS = 1_000

const NEVER = new AbortController().signal

type LoadEnd = Pick<Load, 'state'> & Partial<Pick<Load, 'rowsLoaded' | 'error' | 'bad'>>

export class LoadRunner {
  readonly #execution: Pick<Execution, 'openExecutor'>
  readonly #shelf: LoadShelf
  readonly #log: Log

  constructor(parts: { execution: Pick<Execution, 'openExecutor'>; shelf: LoadShelf; log: Log }) {
    this.#execution = parts.execution
    this.#shelf = parts.shelf
    this.#log = parts.log
  }

  /** @throws GatewayError as `Loads.preview`. */
  async preview(
    caller: LoadCaller,
    load: LoadWithFile,
    request: PreviewRequest,
  ): Promise<LoadPreview> {
    const { preview, file, columns } = await this.#lookAt(caller, load, request)
    const target = request.table && { mode: request.mode ?? 'create', ...request.table }
    const nothingToCheck = target === undefined && load.format === 'parquet'
    if (nothingToCheck || preview.badRows.length > 0 || columns.length === 0) return preview
    const job = { fileName: load.fileName, file, target, columns }
    const database = target?.database ?? HOME_DATABASE
    const { badRows } = await this.#inSession(caller, database, async (executor) => {
      if (target) await checkJob(executor, { ...job, target }, NEVER)
      return await findBadRows(executor, job, CHECKED_ROWS, NEVER)
    })
    return { ...preview, badRows }
  }

  /**
   * Resolves when the load runs; `load.ended` tells when it does not any more.
   * @throws GatewayError as `Loads.start`. The load is as before, then.
   */
  async start(caller: LoadCaller, load: LoadWithFile, request: StartRequest): Promise<void> {
    const stop = new AbortController()
    const target = { mode: request.mode, ...request.table }
    const before = load.state
    load.state = 'running'
    load.stop = stop
    const settled = Promise.withResolvers<void>()
    load.ended = settled.promise
    let executor: Executor | undefined
    try {
      const { file, columns } = await this.#lookAt(caller, load, request)
      if (columns.length === 0) {
        throw new GatewayError('invalid_parameter_value', 'the file is empty: it has no columns')
      }
      const job = { fileName: load.fileName, file, target, columns }
      executor = await this.#openExecutor(caller, target.database)
      await checkJob(executor, job, stop.signal)
      load.target = target
      load.startedAt = new Date()
      load.endedAt = undefined
      load.rowsLoaded = undefined
      load.bad = NO_BAD_ROWS
      load.error = undefined
      void this.#run(caller, load, job, executor, stop).then(settled.resolve, settled.resolve)
    } catch (thrown) {
      load.state = before
      await executor?.close('the load was refused')
      settled.resolve()
      throw stop.signal.aborted ? stop.signal.reason : thrown
    }
  }

  async #run(
    caller: LoadCaller,
    load: LoadWithFile,
    job: LoadJob,
    executor: Executor,
    stop: AbortController,
  ): Promise<void> {
    const onProgress = (percent: number): void => void (load.percent = percent)
    const end = await this.#store(job, executor, onProgress, stop.signal)
    load.percent = undefined
    if (end.state !== 'failed') await this.#shelf.forgetFile(load)
    await executor.close('the load ended')
    // told last: whoever sees the end finds no file that should be gone
    Object.assign(load, end, { endedAt: new Date(), usedAt: Date.now() })
    this.#shelf.dropOldest(caller)
  }

  /** Never throws: whatever comes of it is the load's end. */
  async #store(
    job: LoadJob,
    executor: Executor,
    onProgress: (percent: number) => void,
    signal: AbortSignal,
  ): Promise<LoadEnd> {
    let broken = NO_BAD_ROWS
    try {
      broken = await findBrokenRows(job.file, signal)
      if (broken.count > 0) throw badRowsError(broken)
      return { state: 'succeeded', rowsLoaded: await storeFile(executor, job, onProgress, signal) }
    } catch (thrown) {
      const error = toGatewayError(signal.aborted ? signal.reason : thrown)
      const stopped = error.kind === 'cancelled' || error.kind === 'admin_shutdown'
      if (error.kind === 'internal') {
        this.#log.error({ error: error.cause ?? error }, 'a load failed')
      }
      const bad =
        broken.count === 0 && mayBeOfTheData(error)
          ? await findBadRows(executor, job, undefined, signal).catch(() => NO_BAD_ROWS)
          : broken
      return {
        state: stopped || signal.aborted ? 'cancelled' : 'failed',
        error: bad.count > 0 ? badRowsError(bad) : error,
        bad,
      }
    }
  }

  async #lookAt(
    caller: LoadCaller,
    { format, path, fileName }: LoadWithFile,
    choice: PreviewRequest,
  ): Promise<Look> {
    if (format === 'csv') return await lookAtText(path, choice)
    return await this.#inSession(caller, HOME_DATABASE, (executor) =>
      lookAtParquet(executor, { path, fileName }, choice, NEVER),
    )
  }

  async #inSession<T>(
    caller: LoadCaller,
    database: string,
    work: (executor: Executor) => Promise<T>,
  ): Promise<T> {
    const executor = await this.#openExecutor(caller, database)
    try {
      return await work(executor)
    } finally {
      await executor.close('the load ended')
    }
  }

  async #openExecutor(caller: LoadCaller, database: string): Promise<Executor> {
    const { principal, address, door, tool } = caller
    const { settings } = openSessionSettings({ user: principalName(principal) })
    const origin = { door, address, tool, tlsVersion: undefined }
    const opened = this.#execution.openExecutor({ principal, database, origin, settings })
    return await opened.catch((thrown: unknown) => {
      const error = toGatewayError(thrown)
      throw error.kind === 'invalid_catalog_name' ? blaming(error, 'table') : thrown
    })
  }
}
