/**
 * What a front door asks results to be encoded into.
 *
 * A door names a format, the engine host encodes into it, and the gateway forwards the bytes. A
 * frame always ends on a boundary of the format's own units (a DataRow, a JSON line, a CSV line).
 */
export type ResultFormat =
  | {
      /** DataRow messages of the PostgreSQL protocol, nothing else. */
      readonly kind: 'postgres'
      /** One a column, or one for all, or none: all text. */
      readonly columnFormats: readonly ColumnFormat[]
      readonly text: TextSettings
    }
  /** One JSON array a row and a line feed; 64-bit and wider numbers and decimals are strings. */
  | { readonly kind: 'json_lines' }
  /** Blocks of the BLUE protocol: see `blue-block.ts`. Its own units are the blocks. */
  | { readonly kind: 'blue' }

export type ColumnFormat = 'text' | 'binary'

/** The session settings that change how values look as PostgreSQL text. */
export interface TextSettings {
  /** IANA name or POSIX-like offset, as the client set it. */
  readonly timeZone: string
  readonly dateStyle: 'ISO, MDY' | 'ISO, DMY' | 'ISO, YMD'
  readonly intervalStyle: 'postgres' | 'iso_8601'
  readonly byteaOutput: 'hex' | 'escape'
  /** 1 or more: shortest exact text; 0 or less: 15 (double) or 6 (float) significant digits, plus this. */
  readonly extraFloatDigits: number
}

export const DEFAULT_TEXT_SETTINGS: TextSettings = {
  timeZone: 'UTC',
  dateStyle: 'ISO, MDY',
  intervalStyle: 'postgres',
  byteaOutput: 'hex',
  extraFloatDigits: 1,
}
