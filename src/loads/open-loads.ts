/**
 * Loads: a caller sends a file, looks at what would come of it, and has it put into a table.
 *
 * A load is its caller's alone: to others it does not exist. Its file is there until it is loaded,
 * removed, or was not used for an hour; whatever happens, a table has all of a file or nothing.
 */
import { GatewayError, blaming, toGatewayError } from '../base/gateway-error.ts'
import type { Log } from '../base/log.ts'
import type { Executor } from '../execution/executor.ts'
import type { Execution } from '../execution/open-execution.ts'
import { principalName } from '../identity/principal.ts'
import { openSessionSettings } from '../session/open-session-settings.ts'
import {
  KEPT_MS,
  NO_BAD_ROWS,
  badRowsError,
  displayName,
  documentOf,
  newLoad,
  ownerOf,
} from './load.ts'
import type { Load } from './load.ts'
import type { LoadDocument, LoadPreview } from './load-document.ts'
import type { LoadCaller, Loads, PreviewRequest, StartRequest, UploadRequest } from './loads.ts'
import { checkParquet, lookAtParquet } from './look-at-parquet.ts'
import { lookAtText } from './look-at-text.ts'
import type { Look } from './look.ts'
import { checkJob, findBadRows, findBrokenRows, mayBeOfTheData, storeFile } from './run-load.ts'
import type { LoadJob } from './run-load.ts'
import type { UploadStore } from './upload-store.ts'

export interface LoadsOptions {
  readonly execution: Pick<Execution, 'openExecutor'>
  readonly uploads: UploadStore
  /** Files of one caller at the same time. */
  readonly openMax: number
  readonly log: Log
}

/** Of sessions that are for a file alone. */
const HOME_DATABASE = 'master'

const SWEEP_MS = 60 * 1000

/** Loads that are over, of one caller: the oldest go. */
const ENDED_MAX = 100

/** Held against the chosen types in a preview. */
const CHECKED_ROWS = 1_000

export function openLoads({ execution, uploads, openMax, log }: LoadsOptions): Loads {
  const loads = new Map<string, Load>()
  /** By caller: files that are still coming. */
  const arriving = new Map<string, number>()
  const sweeper = setInterval(() => void sweep(), SWEEP_MS)
  sweeper.unref()

  function find(caller: LoadCaller, id: string): Load {
    const load = loads.get(id)
    if (load?.owner !== ownerOf(caller)) {
      throw new GatewayError('undefined_object', 'there is no such load')
    }
    load.usedAt = Date.now()
    return load
  }

  function ofCaller(caller: LoadCaller): Load[] {
    return [...loads.values()].filter(({ owner }) => owner === ownerOf(caller))
  }

  async function receive(
    caller: LoadCaller,
    request: UploadRequest,
  ): Promise<Load & { path: string }> {
    const owner = ownerOf(caller)
    const coming = arriving.get(owner) ?? 0
    const holding = ofCaller(caller).filter(({ path }) => path !== undefined).length
    if (coming + holding >= openMax) {
      throw new GatewayError('configuration_limit', `a caller has at most ${openMax} open loads`, {
        hint: 'Finish or remove one of them, or raise load.openMax.',
      })
    }
    arriving.set(owner, coming + 1)
    try {
      const { format, body, announcedBytes } = request
      const fileName = displayName(request.fileName)
      const isText = format === 'csv'
      const { path, bytes } = await uploads.receive(body, { isText, announcedBytes })
      const load = newLoad({ owner, fileName, format, bytes, path })
      loads.set(load.id, load)
      return load
    } finally {
      const left = (arriving.get(owner) ?? 1) - 1
      if (left === 0) arriving.delete(owner)
      else arriving.set(owner, left)
    }
  }

  /** With a file, and not running. */
  function idle(load: Load): Load & { path: string } {
    const { path, state } = load
    if (state === 'running') {
      throw new GatewayError('object_in_use', 'the load is running')
    }
    if (path === undefined) {
      throw new GatewayError('object_not_in_prerequisite_state', `the load has ${state}`, {
        hint: 'Send the file again.',
      })
    }
    return Object.assign(load, { path })
  }

  async function inSession<T>(
    caller: LoadCaller,
    database: string,
    work: (executor: Executor) => Promise<T>,
  ): Promise<T> {
    const executor = await openFor(caller, database)
    try {
      return await work(executor)
    } finally {
      await executor.close('the load ended')
    }
  }

  async function previewOf(
    caller: LoadCaller,
    load: Load & { path: string },
    request: PreviewRequest,
  ): Promise<LoadPreview> {
    const { preview, file, columns } = await lookAt(caller, load, request)
    const target = request.table && { mode: request.mode ?? 'create', ...request.table }
    const nothingToCheck = target === undefined && load.format === 'parquet'
    if (nothingToCheck || preview.badRows.length > 0 || columns.length === 0) return preview
    const job = { fileName: load.fileName, file, target, columns }
    const database = target?.database ?? HOME_DATABASE
    const { badRows } = await inSession(caller, database, async (executor) => {
      if (target) await checkJob(executor, { ...job, target }, NEVER)
      return await findBadRows(executor, job, CHECKED_ROWS, NEVER)
    })
    return { ...preview, badRows }
  }

  async function lookAt(
    caller: LoadCaller,
    { format, path, fileName }: Load & { path: string },
    choice: PreviewRequest,
  ): Promise<Look> {
    if (format === 'csv') return await lookAtText(path, choice)
    return await inSession(caller, HOME_DATABASE, (executor) =>
      lookAtParquet(executor, { path, fileName }, choice, NEVER),
    )
  }

  async function begin(
    caller: LoadCaller,
    load: Load & { path: string },
    request: StartRequest,
  ): Promise<LoadDocument> {
    const stop = new AbortController()
    const target = { mode: request.mode, ...request.table }
    const before = load.state
    load.state = 'running'
    load.stop = stop
    const settled = Promise.withResolvers<void>()
    load.ended = settled.promise
    let executor: Executor | undefined
    try {
      const { file, columns } = await lookAt(caller, load, request)
      if (columns.length === 0) {
        throw new GatewayError('invalid_parameter_value', 'the file is empty: it has no columns')
      }
      const job = { fileName: load.fileName, file, target, columns }
      executor = await openFor(caller, target.database)
      await checkJob(executor, job, stop.signal)
      load.target = target
      load.startedAt = new Date()
      load.endedAt = undefined
      load.rowsLoaded = undefined
      load.bad = NO_BAD_ROWS
      load.error = undefined
      void run(caller, load, job, executor, stop).then(settled.resolve, settled.resolve)
      return documentOf(load)
    } catch (thrown) {
      load.state = before
      await executor?.close('the load was refused')
      settled.resolve()
      throw stop.signal.aborted ? stop.signal.reason : thrown
    }
  }

  async function run(
    caller: LoadCaller,
    load: Load & { path: string },
    job: LoadJob,
    executor: Executor,
    stop: AbortController,
  ): Promise<void> {
    let broken = NO_BAD_ROWS
    try {
      broken = await findBrokenRows(job.file, stop.signal)
      if (broken.count > 0) throw badRowsError(broken)
      load.rowsLoaded = await storeFile(
        executor,
        job,
        (percent) => (load.percent = percent),
        stop.signal,
      )
      load.state = 'succeeded'
    } catch (thrown) {
      const error = toGatewayError(stop.signal.aborted ? stop.signal.reason : thrown)
      const stopped = error.kind === 'cancelled' || error.kind === 'admin_shutdown'
      if (error.kind === 'internal') log.error({ error: error.cause ?? error }, 'a load failed')
      load.error = error
      load.bad =
        broken.count === 0 && mayBeOfTheData(error)
          ? await findBadRows(executor, job, undefined, stop.signal).catch(() => NO_BAD_ROWS)
          : broken
      if (load.bad.count > 0) load.error = badRowsError(load.bad)
      load.state = stopped || stop.signal.aborted ? 'cancelled' : 'failed'
    } finally {
      load.percent = undefined
      load.endedAt = new Date()
      load.usedAt = Date.now()
      if (load.state !== 'failed') await forgetFile(load)
      await executor.close('the load ended')
      dropOldest(ofCaller(caller))
    }
  }

  async function forgetFile(load: Load): Promise<void> {
    const { path } = load
    load.path = undefined
    if (path === undefined) return
    await uploads.remove(path).catch((error: unknown) => {
      log.error({ error, load: load.id }, 'an uploaded file could not be removed')
    })
  }

  function dropOldest(own: readonly Load[]): void {
    const over = own
      .filter(({ path, state }) => path === undefined && state !== 'running')
      .toSorted((one, other) => other.usedAt - one.usedAt)
    for (const { id } of over.slice(ENDED_MAX)) loads.delete(id)
  }

  async function sweep(): Promise<void> {
    const before = Date.now() - KEPT_MS
    for (const load of loads.values()) {
      if (load.state === 'running' || load.usedAt >= before) continue
      loads.delete(load.id)
      await forgetFile(load)
    }
  }

  return {
    async upload(caller, request) {
      const load = await receive(caller, request)
      try {
        if (load.format === 'parquet') await checkParquet(load.path)
      } catch (thrown) {
        loads.delete(load.id)
        await forgetFile(load)
        throw thrown
      }
      return documentOf(load)
    },

    async preview(caller, id, choice) {
      return await previewOf(caller, idle(find(caller, id)), choice)
    },

    start: async (caller, id, request) => await begin(caller, idle(find(caller, id)), request),

    get: (caller, id) => documentOf(find(caller, id)),

    list(caller) {
      return ofCaller(caller)
        .toSorted((one, other) => other.uploadedAt.getTime() - one.uploadedAt.getTime())
        .map(documentOf)
    },

    async remove(caller, id) {
      const load = find(caller, id)
      load.stop?.abort(new GatewayError('cancelled', 'the load was cancelled'))
      await load.ended
      loads.delete(id)
      if (load.state !== 'succeeded') load.state = 'cancelled'
      await forgetFile(load)
      return documentOf(load)
    },

    async stop() {
      clearInterval(sweeper)
      const reason = new GatewayError('admin_shutdown', 'the gateway is shutting down')
      for (const { stop } of loads.values()) stop?.abort(reason)
      for (const load of loads.values()) {
        await load.ended
        await forgetFile(load)
      }
    },
  }

  async function openFor(caller: LoadCaller, database: string): Promise<Executor> {
    const { principal, address, door, tool } = caller
    const { settings } = openSessionSettings({ user: principalName(principal) })
    const origin = { door, address, tool, tlsVersion: undefined }
    const opened = execution.openExecutor({ principal, database, origin, settings })
    return await opened.catch((thrown: unknown) => {
      const error = toGatewayError(thrown)
      throw error.kind === 'invalid_catalog_name' ? blaming(error, 'table') : thrown
    })
  }
}

const NEVER = new AbortController().signal
