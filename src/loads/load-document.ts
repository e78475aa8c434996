/** What a caller is told of a load. Absent members are not known, or have no meaning in its state. */
import type { ErrorKind } from '../base/gateway-error.ts'
import type { CsvReading } from '../sql/load-statement.ts'

export type LoadFormat = 'csv' | 'parquet'

/** `failed`: nothing was loaded; the file is still there, and the load can be started again. */
export type LoadState = 'uploaded' | 'running' | 'succeeded' | 'failed' | 'cancelled'

export interface LoadDocument {
  readonly id: string
  readonly state: LoadState
  readonly fileName: string
  readonly format: LoadFormat
  /** Of the file as it was sent. */
  readonly bytes: number
  readonly uploadedAt: string
  /** When the file is removed, unless the load is used again before. */
  readonly expiresAt: string
  readonly table?: { readonly database: string; readonly schema: string; readonly name: string }
  readonly mode?: 'create' | 'append'
  readonly startedAt?: string
  readonly endedAt?: string
  /** Of the file, while the load runs. */
  readonly percent?: number
  readonly rowsLoaded?: number
  /** The first ones. */
  readonly badRows: readonly BadRow[]
  readonly badRowCount: number
  /** There are more bad rows than were counted. */
  readonly badRowsUncounted: boolean
  readonly error?: {
    readonly code: ErrorKind
    readonly title: string
    readonly detail?: string
    readonly hint?: string
    /** The member of the start that is to blame. */
    readonly field?: string
  }
}

export interface BadRow {
  /** Of the file, from 1; of a Parquet file the row. */
  readonly line: number
  /** The column's name in the table. Absent: the row as a whole is wrong. */
  readonly column?: string
  /** Cut at 100 characters. */
  readonly value?: string
  readonly problem: string
}

export interface LoadPreview {
  /** As they would be loaded: the names and types of the file, or those that were chosen. */
  readonly columns: readonly PreviewColumn[]
  /** Of the first rows, as text; null where there is no value. Long texts are cut. */
  readonly rows: readonly (readonly (string | null)[])[]
  readonly csv?: CsvReading
  /** Among the rows that were looked at. */
  readonly badRows: readonly BadRow[]
  readonly rowsLookedAt: number
}

export interface PreviewColumn {
  /** Which column of the file it is, from 0. */
  readonly from: number
  readonly name: string
  readonly type: string
  /** The file's own name of it, where that is another. */
  readonly fileName?: string
}

/** What is chosen of a load's columns; those that are not named are left out. */
export interface ChosenColumn {
  readonly from: number
  readonly name: string
  readonly type?: string | undefined
}
