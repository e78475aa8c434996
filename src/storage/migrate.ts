/**
 * Brings a metadata file to the newest schema: the numbered files of `migrations/`, each once, each
 * in a transaction with the note that it was done.
 *
 * A file that a newer gateway made is refused, and so is a history that differs from ours: guessing
 * would cost data.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { GatewayError } from '../base/gateway-error.ts'
import type { Log } from '../base/log.ts'
import type { SqliteThread } from './sqlite/sqlite-thread.ts'

const MIGRATIONS = new URL('./migrations/', import.meta.url)

const HISTORY = `CREATE TABLE IF NOT EXISTS migration (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  applied_at TEXT NOT NULL
) STRICT`

interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly sha256: string
}

/** After an error the file stands at the last migration that succeeded whole. */
export async function migrate(thread: SqliteThread, log: Log): Promise<void> {
  const migrations = await readMigrations()
  await thread.script(HISTORY)
  const { rows } = await thread.query('SELECT number, sha256 FROM migration ORDER BY number')
  for (const [index, row] of rows.entries()) {
    const known = migrations[index]
    if (known?.number === row['number'] && known?.sha256 === row['sha256']) continue
    throw new GatewayError(
      'object_not_in_prerequisite_state',
      'the metadata in this data directory was made by another version of the gateway',
      { hint: 'Start the version that made it, or a newer one.' },
    )
  }
  for (const migration of migrations.slice(rows.length)) {
    await apply(thread, migration)
    log.info({ migration: migration.name }, 'the metadata schema was brought up to date')
  }
}

async function apply(thread: SqliteThread, migration: Migration): Promise<void> {
  const { number, name, sql, sha256 } = migration
  await thread.script('BEGIN IMMEDIATE')
  try {
    await thread.script(sql)
    await thread.query('INSERT INTO migration VALUES (?, ?, ?, ?)', [
      number,
      name,
      sha256,
      new Date().toISOString(),
    ])
    await thread.script('COMMIT')
  } catch (error) {
    await thread.rollback()
    throw error
  }
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(MIGRATIONS)).filter((name) => /^\d{4}-.+\.sql$/.test(name))
  return Promise.all(
    names.toSorted().map(async (name) => {
      const sql = await readFile(new URL(name, MIGRATIONS), 'utf8')
      const sha256 = createHash('sha256').update(sql).digest('hex')
      return { number: Number(name.slice(0, 4)), name, sql, sha256 }
    }),
  )
}
