/**
 * A load: the one statement of the engine that no text can be. The gateway makes it for a file that
 * a caller uploaded, and it then lives as every other statement does.
 */

/** How a CSV file is read. */
export interface CsvReading {
  readonly delimiter: string
  /** Empty: nothing is quoted. */
  readonly quote: '"' | "'" | ''
  /** How a quote inside of quotes is written: twice, or behind a backslash. */
  readonly escape: 'double' | 'backslash'
  /** The first record holds names. */
  readonly header: boolean
  readonly encoding: 'utf-8' | 'latin-1'
  /** Unquoted fields that stand for no value, beside the empty one. */
  readonly nullTexts: readonly string[]
  readonly decimal: '.' | ','
  readonly dateFormat: DateFormat
}

export const DATE_FORMATS = [
  'YYYY-MM-DD',
  'YYYY/MM/DD',
  'YYYYMMDD',
  'DD.MM.YYYY',
  'DD/MM/YYYY',
  'DD-MM-YYYY',
  'MM/DD/YYYY',
] as const

export type DateFormat = (typeof DATE_FORMATS)[number]

export type LoadFile =
  | {
      readonly format: 'csv'
      /** In the directory of uploads, under a name of the gateway's. */
      readonly path: string
      readonly csv: CsvReading
      /** Fields of a record. */
      readonly fields: number
    }
  | { readonly format: 'parquet'; readonly path: string }

export interface LoadTarget {
  readonly mode: 'create' | 'append'
  readonly database: string
  readonly schema: string
  readonly name: string
}

export interface LoadColumn {
  /** As the reader calls it: `csvField(n)`, or the name in the Parquet file. */
  readonly from: string
  /** Of a Parquet file's column; absent for CSV. */
  readonly fromType?: string
  readonly name: string
  /** As the caller wrote it. A column that exists, or of a Parquet file, has its own. */
  readonly type?: string
}

export type LoadStatement = { readonly kind: 'load'; readonly file: LoadFile } & (
  | { readonly step: 'peek'; readonly rowsMax: number }
  /** `check` finds out whether `store` would be permitted, and does nothing. */
  | {
      readonly step: 'check' | 'store'
      readonly target: LoadTarget
      readonly columns: readonly LoadColumn[]
    }
  /**
   * Each row that does not fit, as its number (from 1, without the header and blank lines) and a list
   * with one entry for each column: null, or the value (cut) that does not fit.
   */
  | {
      readonly step: 'find_bad'
      /** Undefined: only the types are held against the file. */
      readonly target: LoadTarget | undefined
      readonly columns: readonly LoadColumn[]
      /** Of the file, from its start; undefined = all. */
      readonly rowsMax: number | undefined
    }
)

/** The reader's name of a CSV file's field, from 0. */
export function csvField(index: number): string {
  return `c${index}`
}

/** A record longer than this is not read. */
export const RECORD_BYTES_MAX = 16 * 1024 * 1024
