/**
 * Closing the instance off before the first client's statement (spec/security-design.md, section 4,
 * and design, engine fact 5).
 *
 * In order: open with `creationSettings`, `setTimeZone`, attach every database, `lockDown`. What this leaves open
 * (attached files readable through `read_text`, `enable_logging`, several PRAGMAs, CHECKPOINT,
 * ATTACH ':memory:', SET of the settings named below) the gate refuses; it is not undone here.
 */
import { realpathSync } from 'node:fs'
import type { DuckDbConnection } from './duckdb-connection.ts'

export interface EngineLimits {
  readonly threads: number
  /** For tables and intermediate results; lists and texts inside expressions are not counted. */
  readonly memoryBytesMax: number
  /** An empty directory of the engine's own, mode 0700: what is in it can be read by COPY. */
  readonly temporaryDirectory: string
  readonly temporaryBytesMax: number
}

/** At the default of 1,000, an addition of 900 terms takes 14 s to plan; at this, 0.3 s. */
const EXPRESSION_DEPTH_MAX = 250

/** Times without a zone are in UTC unless the session says otherwise. */
const TIME_ZONE = 'UTC'

/** Settings that a connection may still change after `lockDown`: what a session needs for itself. */
const OPEN_SETTINGS = ['TimeZone', 'enable_progress_bar', 'enable_progress_bar_print']

/**
 * Off, because prepared statements are run again. The engine plans a statement by what the tables
 * hold at that moment (no value above 9, no NULL) and does not plan anew when others have written
 * since: `id <= 1` then counts every row, DISTINCT gives 251 for -5, `id = 2` finds nothing, all
 * without an error. Price: no perfect-hash aggregates and no compressed materialization.
 */
const DISABLED_OPTIMIZERS = 'statistics_propagation'

/**
 * A thread's memory goes back to the system when that thread is next at work, and one that helped
 * with a single large statement may have nothing to do for hours: 500 MB stayed. The allocator's own
 * threads do it for all, within a second or two. Without effect where the allocator is another.
 */
const ALLOCATOR_THREADS = 'true'

/**
 * Off. For few rows on the left the engine makes a nested loop of an ASOF join, and uses a part of the
 * plan twice: with VALUES in it the process dies, below an UPDATE the database is of no use any more.
 */
const ASOF_LOOP_JOIN_ROWS = '0'

/** For `openDatabase`. */
export function creationSettings(limits: EngineLimits): Record<string, string> {
  return {
    threads: String(limits.threads),
    max_memory: `${limits.memoryBytesMax}B`,
    temp_directory: limits.temporaryDirectory,
    max_temp_directory_size: `${limits.temporaryBytesMax}B`,
    max_expression_depth: String(EXPRESSION_DEPTH_MAX),
    asof_loop_join_threshold: ASOF_LOOP_JOIN_ROWS,
    allocator_background_threads: ALLOCATOR_THREADS,
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
  }
}

export interface LockDownOptions {
  /** Must exist. Readable and writable by SQL from now on, with all that is below them. */
  readonly allowedDirectories: readonly string[]
}

/**
 * Before a database is attached: its log may hold definitions, which are carried out then and not as they
 * were in the zone of the machine (`engine-assumptions.test.ts`).
 */
export function setTimeZone(connection: DuckDbConnection): void {
  connection.execute(`SET GLOBAL TimeZone = ${literal(TIME_ZONE)}`)
}

/**
 * After this no file outside the directories can be reached by SQL, and no setting but the time
 * zone and the counting of progress changes any more, until the process ends. New files inside a directory can be attached.
 *
 * @throws GatewayError, or ENOENT for a directory that does not exist: the instance is then half
 *         locked and must be closed.
 */
export function lockDown(connection: DuckDbConnection, options: LockDownOptions): void {
  const directories = options.allowedDirectories.map((path) => realpathSync(path))
  connection.execute(`SET GLOBAL disabled_optimizers = ${literal(DISABLED_OPTIMIZERS)}`)
  connection.execute(`SET GLOBAL allowed_directories = ${listLiteral(directories)}`)
  connection.execute('SET GLOBAL enable_external_access = false')
  connection.execute(`SET GLOBAL allowed_configs = ${listLiteral(OPEN_SETTINGS)}`)
  connection.execute('SET GLOBAL lock_configuration = true')
}

function listLiteral(values: readonly string[]): string {
  return `[${values.map(literal).join(', ')}]`
}

function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
