/** The port of console sessions over the metadata store. */
import type { Kysely } from 'kysely'
import type {
  ConsoleSessionRow,
  ConsoleSessionStore,
  ConsoleSessionTouch,
} from '../identity/console-session-store.ts'
import type { MetadataTables } from './metadata-tables.ts'
import { consoleSessionFromTable, consoleSessionToTable } from './user-rows.ts'

export class SqliteConsoleSessionStore implements ConsoleSessionStore {
  readonly #db: Kysely<MetadataTables>

  constructor(db: Kysely<MetadataTables>) {
    this.#db = db
  }

  async load(): Promise<ConsoleSessionRow[]> {
    const rows = await this.#db.selectFrom('console_session').selectAll().execute()
    return rows.map(consoleSessionFromTable)
  }

  async put(session: ConsoleSessionRow): Promise<void> {
    const row = consoleSessionToTable(session)
    await this.#db
      .insertInto('console_session')
      .values(row)
      .onConflict((on) => on.column('id').doUpdateSet(row))
      .execute()
  }

  async touch(touches: readonly ConsoleSessionTouch[]): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      for (const { id, lastSeenAt } of touches) {
        await db
          .updateTable('console_session')
          .set({ last_seen_at: lastSeenAt })
          .where('id', '=', id)
          .execute()
      }
    })
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      for (const id of ids) {
        await db.deleteFrom('console_session').where('id', '=', id).execute()
      }
    })
  }
}
