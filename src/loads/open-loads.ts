/**
 * Loads: a caller sends a file, looks at what would come of it, and has it put into a table.
 *
 * A load is its caller's alone: to others it does not exist. Its file is there until it is loaded,
 * removed, or was not used for an hour; whatever happens, a table has all of a file or nothing.
 */
import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { GatewayError, toGatewayError } from '../base/gateway-error.ts'
import type { Log } from '../base/log.ts'
import { typeName } from '../columnar/parse-type-name.ts'
import type { Executor } from '../execution/executor.ts'
import type { Execution } from '../execution/open-execution.ts'
import { principalName } from '../identity/principal.ts'
import type { Principal } from '../identity/principal.ts'
import { openSessionSettings } from '../session/open-session-settings.ts'
import type { SessionOrigin } from '../session/session.ts'
import { csvField } from '../sql/load-statement.ts'
import type { CsvReading, LoadColumn, LoadFile, LoadTarget } from '../sql/load-statement.ts'
import { columnNames } from './column-names.ts'
import type {
  ChosenColumn,
  LoadDocument,
  LoadFormat,
  LoadPreview,
  LoadState,
} from './load-document.ts'
import { lookAtCsv } from './look-at-csv.ts'
import { checkJob, findBadRows, mayBeOfTheData, peek, storeFile } from './run-load.ts'
import type { BadRows, LoadJob } from './run-load.ts'
import { sniffCsv } from './sniff-csv.ts'
import type { UploadStore } from './upload-store.ts'

export interface LoadCaller {
  readonly principal: Principal
  readonly address: string
  readonly door: SessionOrigin['door']
  readonly tool: string
}

export interface Loads {
  /** @throws GatewayError as `UploadStore.receive`; `configuration_limit`; or what is wrong with the file. */
  upload(caller: LoadCaller, request: UploadRequest): Promise<LoadDocument>
  /**
   * The first rows as they would be loaded, and what is bad in them.
   * @throws GatewayError `undefined_object` for a load that is not the caller's; for wrong choices.
   */
  preview(caller: LoadCaller, id: string, choice: PreviewChoice): Promise<LoadPreview>
  /**
   * Begins to load, once it is clear that the caller may and that names and types are right.
   * @throws GatewayError as `preview`, and what the gate refuses with. The load is as it was then.
   */
  start(caller: LoadCaller, id: string, request: StartRequest): Promise<LoadDocument>
  /** @throws GatewayError `undefined_object`. */
  get(caller: LoadCaller, id: string): LoadDocument
  /** The newest first. */
  list(caller: LoadCaller): LoadDocument[]
  /**
   * Stops it where it runs, and removes it with its file. Answers how it ended: `succeeded` where
   * that came first. @throws GatewayError `undefined_object`.
   */
  remove(caller: LoadCaller, id: string): Promise<LoadDocument>
  /** Stops all of them. */
  stop(): Promise<void>
}

export interface UploadRequest {
  readonly format: LoadFormat
  /** For people. */
  readonly fileName: string
  readonly body: Readable
  readonly announcedBytes: number | undefined
}

export interface PreviewChoice {
  readonly csv?: Partial<CsvReading> | undefined
  /** Undefined: all, with names and types as they seem. */
  readonly columns?: readonly ChosenColumn[] | undefined
}

export interface StartRequest extends PreviewChoice {
  readonly table: { readonly database: string; readonly schema: string; readonly name: string }
  readonly mode: 'create' | 'append'
}

export interface LoadsOptions {
  readonly execution: Pick<Execution, 'openExecutor'>
  readonly uploads: UploadStore
  /** Files of one caller at the same time. */
  readonly openMax: number
  readonly log: Log
}

const KEPT_MS = 60 * 60 * 1000
const SWEEP_MS = 60 * 1000

/** Loads that are over, of one caller: the oldest go. */
const ENDED_MAX = 100

const PEEK_ROWS = 50

/** Held against the chosen types in a preview. */
const CHECKED_ROWS = 1_000

interface Load {
  readonly id: string
  readonly owner: string
  readonly fileName: string
  readonly format: LoadFormat
  readonly bytes: number
  readonly uploadedAt: Date
  /** Undefined once it is gone. */
  path: string | undefined
  usedAt: number
  state: LoadState
  target: LoadTarget | undefined
  startedAt: Date | undefined
  endedAt: Date | undefined
  percent: number | undefined
  rowsLoaded: number | undefined
  bad: BadRows
  error: GatewayError | undefined
  stop: AbortController | undefined
  /** Settles when it does not run any more; never rejects. */
  ended: Promise<void>
}

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

  async function receive(caller: LoadCaller, request: UploadRequest): Promise<Load> {
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
      return newLoad({ owner, fileName, format, bytes, path })
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
    choice: PreviewChoice,
  ): Promise<LoadPreview> {
    const look = await lookAt(caller, load, choice)
    const { preview, file, columns } = look
    const nothingToCheck = choice.columns === undefined && load.format === 'parquet'
    if (nothingToCheck || preview.badRows.length > 0 || columns.length === 0) return preview
    const job = { fileName: load.fileName, file, target: undefined, columns }
    const { badRows } = await inSession(caller, 'master', (executor) =>
      findBadRows(executor, job, CHECKED_ROWS, NEVER),
    )
    return { ...preview, badRows }
  }

  interface Look {
    readonly preview: LoadPreview
    readonly file: LoadFile
    readonly columns: readonly LoadColumn[]
  }

  async function lookAt(
    caller: LoadCaller,
    load: Load & { path: string },
    choice: PreviewChoice,
  ): Promise<Look> {
    return load.format === 'csv'
      ? await lookAtText(load.path, choice)
      : await lookAtParquet(caller, load, choice)
  }

  async function lookAtParquet(
    caller: LoadCaller,
    { path, fileName }: Load & { path: string },
    { columns: chosen }: PreviewChoice,
  ): Promise<Look> {
    const file = { format: 'parquet', path } as const
    const found = await inSession(caller, 'master', (executor) =>
      peek(executor, fileName, file, PEEK_ROWS, NEVER),
    )
    const names = columnNames(found.columns.map(({ name }) => name))
    const choice = chosen ?? names.map((name, from) => ({ from, name, type: undefined }))
    const columns = choice.map(({ from, name }) => {
      const inFile = found.columns[from]
      if (!inFile) throw noSuchColumn(from, found.columns.length)
      return { from: inFile.name, fromType: typeName(inFile.type), name }
    })
    const preview = {
      columns: columns.map(({ from, fromType, name }, at) => ({
        from: choice[at]?.from ?? at,
        name,
        type: fromType,
        fileName: from,
      })),
      rows: found.rows.map((row) => choice.map(({ from }) => shownCell(row[from]))),
      badRows: [],
      rowsLookedAt: found.rows.length,
    }
    return { preview, file, columns }
  }

  async function run(
    caller: LoadCaller,
    load: Load & { path: string },
    job: LoadJob,
    executor: Executor,
    stop: AbortController,
  ): Promise<void> {
    try {
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
      load.bad = mayBeOfTheData(error)
        ? await findBadRows(executor, job, undefined, stop.signal).catch(() => NO_BAD_ROWS)
        : NO_BAD_ROWS
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
        await forgetFile(load)
        throw thrown
      }
      loads.set(load.id, load)
      return documentOf(load)
    },

    async preview(caller, id, choice) {
      return await previewOf(caller, idle(find(caller, id)), choice)
    },

    async start(caller, id, request) {
      const load = idle(find(caller, id))
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
        if (columns.length === 0) throw emptyFile()
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
    },

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
    return await execution.openExecutor({ principal, database, origin, settings })
  }
}

/** The last part of a path, as one line of print. */
function displayName(fileName: string): string {
  const last = fileName.split(/[\\/]/).at(-1) ?? ''
  return last.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}']+/gu, ' ').trim() || 'file'
}

const NEVER = new AbortController().signal

const NO_BAD_ROWS: BadRows = { badRows: [], count: 0, uncounted: false }

function newLoad(parts: {
  owner: string
  fileName: string
  format: LoadFormat
  bytes: number
  path: string
}): Load & { path: string } {
  return {
    ...parts,
    id: randomBytes(16).toString('hex'),
    uploadedAt: new Date(),
    usedAt: Date.now(),
    state: 'uploaded',
    target: undefined,
    startedAt: undefined,
    endedAt: undefined,
    percent: undefined,
    rowsLoaded: undefined,
    bad: NO_BAD_ROWS,
    error: undefined,
    stop: undefined,
    ended: Promise.resolve(),
  }
}

async function lookAtText(
  path: string,
  { csv, columns: chosen }: PreviewChoice,
): Promise<{ preview: LoadPreview; file: LoadFile; columns: readonly LoadColumn[] }> {
  const reading = await sniffCsv(path, csv ?? {})
  const look = await lookAtCsv(path, reading)
  const choice = chosen ?? look.columns.map(({ name }, from) => ({ from, name, type: undefined }))
  const columns = choice.map(({ from, name, type }) => {
    const guessed = look.columns[from]
    if (!guessed) throw noSuchColumn(from, look.columns.length)
    return { from: csvField(from), name, type: type ?? guessed.type }
  })
  const file = { format: 'csv', path, csv: reading, fields: look.fields } as const
  const preview = {
    columns: columns.map(({ name, type }, at) => {
      const from = choice[at]?.from ?? at
      const fileName = look.columns[from]?.fileName ?? ''
      return { from, name, type, ...(fileName !== name && fileName !== '' && { fileName }) }
    }),
    rows: look.rows.map((row) => choice.map(({ from }) => row[from] ?? null)),
    csv: reading,
    badRows: look.badRows,
    rowsLookedAt: look.rowsLookedAt,
  }
  return { preview, file, columns }
}

function noSuchColumn(from: number, count: number): GatewayError {
  return new GatewayError('undefined_column', `the file has no column ${from}`, {
    hint: `Its ${count} columns are counted from 0.`,
  })
}

function emptyFile(): GatewayError {
  return new GatewayError('invalid_parameter_value', 'the file is empty: it has no columns')
}

/** `PAR1` at both ends: what is not so is named before anything is made of it. */
async function checkParquet(path: string | undefined): Promise<void> {
  if (path === undefined) return
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    const both = Buffer.alloc(8)
    await handle.read(both, 0, 4, 0)
    await handle.read(both, 4, 4, Math.max(0, size - 4))
    if (size >= 12 && both.toString('latin1') === 'PAR1PAR1') return
  } finally {
    await handle.close()
  }
  throw new GatewayError('invalid_parameter_value', 'this is not a Parquet file', {
    hint: 'A Parquet file begins and ends with the bytes PAR1. Was it cut, or is it CSV?',
  })
}

function badRowsError({ count, uncounted }: BadRows): GatewayError {
  const rows = count === 1 ? 'row is' : 'rows are'
  const number = count.toLocaleString('en-US')
  const what = uncounted ? `more than ${number} rows are` : `${number} ${rows}`
  return new GatewayError('data_exception', `nothing was loaded: ${what} bad`, {
    hint: 'Correct them in the file, or choose other types: VARCHAR keeps every text as it is.',
  })
}

function shownCell(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/** Whose loads these are: the identity, whichever token or session proved it. */
function ownerOf({ principal }: LoadCaller): string {
  switch (principal.kind) {
    case 'client':
      return `client ${principal.clientId}`
    case 'user':
      return `user ${principal.userId}`
    case 'local':
      return 'local'
  }
}

function documentOf(load: Load): LoadDocument {
  const { id, state, fileName, format, bytes, target, startedAt, endedAt, error, bad } = load
  return {
    id,
    state,
    fileName,
    format,
    bytes,
    uploadedAt: load.uploadedAt.toISOString(),
    expiresAt: new Date(load.usedAt + KEPT_MS).toISOString(),
    ...(target && {
      table: { database: target.database, schema: target.schema, name: target.name },
      mode: target.mode,
    }),
    ...(startedAt && { startedAt: startedAt.toISOString() }),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(load.percent !== undefined && { percent: Math.round(load.percent * 10) / 10 }),
    ...(load.rowsLoaded !== undefined && { rowsLoaded: load.rowsLoaded }),
    badRows: bad.badRows,
    badRowCount: bad.count,
    badRowsUncounted: bad.uncounted,
    ...(error && {
      error: {
        code: error.kind,
        title: error.message,
        ...(error.detail !== undefined && { detail: error.detail }),
        ...(error.hint !== undefined && { hint: error.hint }),
      },
    }),
  }
}
