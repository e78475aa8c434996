/**
 * The metadata store of an installation without PostgreSQL: one SQLite file, one writer.
 *
 * Whoever opens it holds the lock of the data directory.
 */
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Kysely } from 'kysely'
import type { Log } from '../base/log.ts'
import type { ConsoleSessionStore } from '../identity/console-session-store.ts'
import type { IdentityStore } from '../identity/identity-store.ts'
import { flushDirectory } from './flush-directory.ts'
import type { MetadataTables } from './metadata-tables.ts'
import { migrate } from './migrate.ts'
import { SqliteConsoleSessionStore } from './sqlite-console-session-store.ts'
import { SqliteThreadDialect } from './sqlite/sqlite-dialect.ts'
import { SqliteThread } from './sqlite/sqlite-thread.ts'
import { SqliteIdentityStore } from './sqlite-identity-store.ts'

export interface Metadata {
  readonly identityStore: IdentityStore
  readonly consoleSessionStore: ConsoleSessionStore
  /**
   * Nothing is written until `work` is over. For moments only: administrators' acts wait.
   * `copyTo` makes a copy of all that is stored, at a path that must be free.
   */
  hold<T>(work: (copyTo: (file: string) => Promise<void>) => Promise<T>): Promise<T>
  /** Whether a write could begin now. @throws what the store says when not. */
  probe(): Promise<void>
  /** Waits for what is under way. */
  close(): Promise<void>
}

/**
 * Opens `file`, makes it where it is missing (readable by its owner alone), and migrates it.
 * @throws GatewayError when it is damaged, no database of ours, or from a newer gateway.
 */
export async function openMetadata({ file, log }: { file: string; log: Log }): Promise<Metadata> {
  await createPrivately(file)
  const thread = await SqliteThread.open(file)
  try {
    await migrate(thread, log)
  } catch (error) {
    await thread.close()
    throw error
  }
  const db = new Kysely<MetadataTables>({ dialect: new SqliteThreadDialect(thread) })
  return {
    identityStore: new SqliteIdentityStore(db),
    consoleSessionStore: new SqliteConsoleSessionStore(db),
    hold: (work) =>
      // the one connection is ours meanwhile: whoever would write waits for it
      db.connection().execute(async () => {
        return await work((target) => thread.script(`VACUUM INTO ${literal(target)}`))
      }),
    probe: () =>
      db.connection().execute(async () => {
        await thread.query('BEGIN IMMEDIATE')
        await thread.rollback()
      }),
    close: () => db.destroy(),
  }
}

/** SQLite gives its log and its shared memory the mode of the file. */
async function createPrivately(file: string): Promise<void> {
  const handle = await open(file, 'a', 0o600)
  await handle.close()
  await flushDirectory(dirname(file))
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
