/** One load as the gateway keeps it, and as its caller is told of it. */
import { randomBytes } from 'node:crypto'
import { GatewayError } from '../base/gateway-error.ts'
import type { LoadTarget } from '../sql/load-statement.ts'
import type { LoadDocument, LoadFormat, LoadState } from './load-document.ts'
import type { LoadCaller } from './loads.ts'
import type { BadRows } from './run-load.ts'

/** A file, or what is known of a load that is over, stays so long without being used. */
export const KEPT_MS = 60 * 60 * 1000

export const NO_BAD_ROWS: BadRows = { badRows: [], count: 0, uncounted: false }

export interface Load {
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

/** One whose file is there. */
export type LoadWithFile = Load & { path: string }

export function newLoad(parts: {
  owner: string
  fileName: string
  format: LoadFormat
  bytes: number
  path: string
}): LoadWithFile {
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

/** The last part of a path, as one line of print. */
export function displayName(fileName: string): string {
  const last = fileName.split(/[\\/]/).at(-1) ?? ''
  return last.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}']+/gu, ' ').trim() || 'file'
}

export function badRowsError({ count, uncounted }: BadRows): GatewayError {
  const rows = count === 1 ? 'row is' : 'rows are'
  const number = count.toLocaleString('en-US')
  const what = uncounted ? `more than ${number} rows are` : `${number} ${rows}`
  return new GatewayError('data_exception', `nothing was loaded: ${what} bad`, {
    hint: 'Correct them in the file, or choose other types: VARCHAR keeps every text as it is.',
  })
}

/** Whose loads these are: the identity, whichever token or session proved it. */
export function ownerOf({ principal }: LoadCaller): string {
  switch (principal.kind) {
    case 'client':
      return `client ${principal.clientId}`
    case 'user':
      return `user ${principal.userId}`
    case 'local':
      return 'local'
  }
}

export function documentOf(load: Load): LoadDocument {
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
        ...(error.field !== undefined && { field: error.field }),
      },
    }),
  }
}
