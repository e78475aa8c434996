/** A transaction of a session, in the host. */
import type { RequestOf } from '../wire/request.ts'
import { takeSnapshot } from './registry.ts'

export interface Transaction {
  readonly isolation: RequestOf<'begin'>['isolation']
  readonly readOnly: boolean
  /** The engine's transaction was begun, on the home connection. */
  begun: boolean
  /** Of the committed definitions when it was. */
  version: number
  /** The number of the definitions as this transaction sees them, once it has its own. */
  overlay: number | undefined
  /** What it has defined: for everybody, for its session alone. */
  readonly defined: Set<'shared' | 'temporary'>
  /** Something failed in the engine's transaction: it can only be rolled back. */
  aborted: boolean
}

/** The engine takes its snapshot at the first look into each database: at once, then. */
export function beginStatements(
  { readOnly }: Transaction,
  databases: readonly string[],
): readonly string[] {
  const begin = readOnly ? 'BEGIN TRANSACTION READ ONLY' : 'BEGIN TRANSACTION'
  return [begin, takeSnapshot(databases)]
}
