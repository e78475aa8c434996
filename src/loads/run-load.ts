/**
 * A load in the engine, as statements of a session of its caller's: authorized, in a transaction, on
 * record, and cut off with the caller as every other statement.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { ErrorKind } from '../base/gateway-error.ts'
import type { Schema } from '../columnar/column-type.ts'
import type { Executor, RunningStatement } from '../execution/executor.ts'
import type { LoadColumn, LoadFile, LoadStatement, LoadTarget } from '../sql/load-statement.ts'
import type { BadRow } from './load-document.ts'
import { findBroken, linesOfRows } from './walk-rows.ts'

/** Listed one by one. */
const BAD_ROWS_LISTED = 100

/** Beyond this they are not counted any more. */
const BAD_ROWS_COUNTED = 100_000

/** Columns that are held against the file at a time: the engine's planning grows with their square. */
const COLUMNS_AT_ONCE = 100

export interface LoadJob {
  readonly fileName: string
  readonly file: LoadFile
  readonly target: LoadTarget
  readonly columns: readonly LoadColumn[]
}

export interface BadRows {
  readonly badRows: readonly BadRow[]
  readonly count: number
  readonly uncounted: boolean
}

const NONE: BadRows = { badRows: [], count: 0, uncounted: false }

/**
 * All of the file, or nothing.
 *
 * @returns rows that are in the table now, committed and on record.
 * @throws GatewayError of the first thing that is wrong; the transaction is rolled back.
 */
export async function storeFile(
  executor: Executor,
  job: LoadJob,
  onProgress: (percent: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const { fileName, file, target, columns } = job
  const into = [target.database, target.schema, target.name].join('.')
  const statement = { kind: 'load', step: 'store', file, target, columns } as const
  try {
    const running = await start(
      executor,
      `LOAD '${fileName}' INTO ${into}`,
      statement,
      signal,
      onProgress,
    )
    let tag = ''
    for (;;) {
      const event = await running.next()
      if (event.kind !== 'complete') continue
      tag = event.tag
      break
    }
    await running.close()
    signal.throwIfAborted() // the last moment: from here on it is committed
    await executor.endImplicitTransaction('succeeded')
    return Number(/\d+$/.exec(tag)?.[0] ?? 0)
  } catch (thrown) {
    await executor.endImplicitTransaction('failed').catch(() => undefined) // the first error counts
    throw thrown
  }
}

/**
 * Whether the caller may do this, and whether names and types are right. Nothing is read.
 *
 * @throws GatewayError when not.
 */
export async function checkJob(
  executor: Executor,
  { fileName, file, target, columns }: LoadJob,
  signal: AbortSignal,
): Promise<void> {
  const statement = { kind: 'load', step: 'check', file, target, columns } as const
  await eachFrame(await start(executor, `CHECK '${fileName}'`, statement, signal), () => undefined)
}

/**
 * Records of a CSV file that are broken. For before it is stored: the engine refuses nearly all of
 * them, and makes something of the rest (`"a" "b"` becomes `a b`).
 */
export async function findBrokenRows(file: LoadFile, signal: AbortSignal): Promise<BadRows> {
  if (file.format !== 'csv') return NONE
  const broken = await findBroken(file.path, file.csv, file.fields, BAD_ROWS_LISTED, signal)
  return { ...broken, uncounted: false }
}

/**
 * Values that do not fit, in a file whose records are whole.
 *
 * @param rowsMax Of the file, from its start; undefined = all.
 */
export async function findBadRows(
  executor: Executor,
  job: Omit<LoadJob, 'target'> & { readonly target: LoadTarget | undefined },
  rowsMax: number | undefined,
  signal: AbortSignal,
): Promise<BadRows> {
  const { file } = job
  const rows = new Set<number>()
  const cells: Cell[] = []
  let uncounted = false
  for (const columns of inBlocks(job.columns)) {
    const found = await findBadCells(executor, job, columns, rowsMax, signal)
    for (const row of found.rows) rows.add(row)
    cells.push(...found.cells)
    uncounted ||= found.uncounted
  }
  if (rows.size === 0) return NONE
  const first = cells.toSorted((one, other) => one.row - other.row).slice(0, BAD_ROWS_LISTED)
  const lines =
    file.format === 'csv'
      ? await linesOfRows(
          file.path,
          file.csv,
          first.map(({ row }) => row),
          signal,
        )
      : undefined
  const badRows = first.map(({ row, column, value, problem }) => ({
    line: lines?.get(row) ?? row,
    column,
    ...(value !== undefined && { value }),
    problem,
  }))
  return { badRows, count: rows.size, uncounted }
}

/** The first rows of a Parquet file, and its columns. */
export async function peek(
  executor: Executor,
  fileName: string,
  file: LoadFile,
  rowsMax: number,
  signal: AbortSignal,
): Promise<{ columns: Schema; rows: unknown[][] }> {
  const statement = { kind: 'load', step: 'peek', file, rowsMax } as const
  const running = await start(executor, `PREVIEW '${fileName}'`, statement, signal)
  const rows: unknown[][] = []
  await eachFrame(running, (bytes) => {
    rows.push(...rowsIn(bytes))
    return undefined
  })
  return { columns: running.columns ?? [], rows }
}

/** Errors that say nothing of the file's rows. */
const NOT_OF_THE_DATA: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'cancelled',
  'admin_shutdown',
  'crash_shutdown',
  'cannot_connect_now',
  'too_many_connections',
  'disk_full',
  'out_of_memory',
  'insufficient_privilege',
  'serialization_failure',
  'duplicate_table',
  'unique_violation',
  'internal',
])

export function mayBeOfTheData(error: GatewayError): boolean {
  return !NOT_OF_THE_DATA.has(error.kind)
}

interface Cell {
  readonly row: number
  readonly column: string
  readonly value?: string
  readonly problem: string
}

async function findBadCells(
  executor: Executor,
  job: Omit<LoadJob, 'target'> & { readonly target: LoadTarget | undefined },
  columns: readonly LoadColumn[],
  rowsMax: number | undefined,
  signal: AbortSignal,
): Promise<{ rows: number[]; cells: Cell[]; uncounted: boolean }> {
  const { fileName, file, target } = job
  const statement = { kind: 'load', step: 'find_bad', file, target, columns, rowsMax } as const
  const running = await start(executor, `CHECK '${fileName}'`, statement, signal)
  const rows: number[] = []
  const cells: Cell[] = []
  let uncounted = false
  await eachFrame(running, (bytes) => {
    for (const [row, values] of rowsIn(bytes) as [number | string, (string | null)[]][]) {
      rows.push(Number(row))
      if (cells.length >= BAD_ROWS_LISTED) continue
      for (const [at, value] of values.entries()) {
        const column = columns[at]
        if (value !== null && column) cells.push(cellOf(Number(row), column, value))
      }
    }
    uncounted = rows.length >= BAD_ROWS_COUNTED
    return uncounted ? 'stop' : undefined
  })
  return { rows, cells, uncounted }
}

function cellOf(row: number, { name, type }: LoadColumn, value: string): Cell {
  if (value === '') {
    return { row, column: name, problem: 'there is no value, and the column must have one' }
  }
  if (value.includes('\0')) {
    return { row, column: name, value, problem: 'it holds a NUL character' }
  }
  const what = type === undefined ? "the column's type" : type.toUpperCase()
  return { row, column: name, value, problem: `this is no value that ${what} keeps exactly` }
}

async function start(
  executor: Executor,
  text: string,
  load: LoadStatement,
  signal: AbortSignal,
  onProgress?: (percent: number) => void,
): Promise<RunningStatement> {
  const options = {
    parameters: [],
    parameterTypes: [],
    format: { kind: 'json_lines' },
    rowsMax: 0,
    onProgress,
  } as const
  try {
    return await executor.run({ ...load, text, start: 0, source: text }, options, signal)
  } catch (thrown) {
    if (!(thrown instanceof GatewayError) || thrown.position === undefined) throw thrown
    const { kind, message, cause } = thrown // the position is one in a text of ours
    throw new GatewayError(kind, message, { cause })
  }
}

/** Reads to the end, or until it is told to stop. */
async function eachFrame(
  running: RunningStatement,
  onFrame: (bytes: Uint8Array) => 'stop' | undefined,
): Promise<void> {
  try {
    for (;;) {
      const event = await running.next()
      if (event.kind === 'complete') return
      if (event.kind === 'frame' && onFrame(event.bytes) === 'stop') return
    }
  } finally {
    await running.close()
  }
}

function rowsIn(bytes: Uint8Array): unknown[][] {
  return Buffer.from(bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown[])
}

function inBlocks(columns: readonly LoadColumn[]): LoadColumn[][] {
  const count = Math.max(1, Math.ceil(columns.length / COLUMNS_AT_ONCE))
  return Array.from({ length: count }, (_, at) =>
    columns.slice(at * COLUMNS_AT_ONCE, (at + 1) * COLUMNS_AT_ONCE),
  )
}
