/** The rows of a COPY, out of bytes that come in pieces cut anywhere. */

export interface CopyRows {
  /** Of the row that was given last, or that is being read; from 1. */
  readonly lineNumber: number
  /** The line in hand, for errors about all of it; none in binary. */
  readonly line: Buffer | undefined
  push(chunk: Buffer): void
  /** No more bytes will come. */
  complete(): void
  /**
   * One value for each column; undefined while the next row is not whole, and after the last one.
   * A value is a string in the text format, or bytes in the binary one.
   *
   * @throws GatewayError `bad_copy_file_format`, `character_not_in_repertoire`, `program_limit`.
   */
  next(): CopyRow | undefined
}

export interface CopyRow {
  readonly values: readonly (string | Buffer | null)[]
  /** What the client wrote, for errors about all of it; none in binary. */
  readonly line: Buffer | undefined
  /**
   * How many of the columns have a value. With fewer than there are columns the first that has none
   * is missing.
   */
  readonly count: number
}
