/**
 * The ids of objects, kept beside the objects themselves and written in the same engine
 * transaction as the definition (design, decision 15): an object without an id, or an id without an
 * object, means nothing to anybody.
 */
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import type { WireAmendment, WireRegisteredObject } from '../wire/request.ts'

/** The one database that there is so far. */
export const DATABASE = 'master'

/** Holds what is ours; nobody sees it. */
const INTERNAL_SCHEMA = 'bluegate_internal'

/** No index and no key: the engine refuses to delete and insert one key in one transaction. */
export const OBJECTS = `${DATABASE}.${INTERNAL_SCHEMA}.objects`

/** What grants call the columns that were renamed, dropped or added once more. */
export const COLUMN_KEYS = `${DATABASE}.${INTERNAL_SCHEMA}.column_keys`

/** The cheapest look into the database: it makes the engine take a transaction's snapshot. */
export const TAKE_SNAPSHOT = `SELECT 1 FROM ${OBJECTS} LIMIT 0`

export const CREATE_REGISTRY = [
  `CREATE SCHEMA ${DATABASE}.${INTERNAL_SCHEMA}`,
  `CREATE TABLE ${OBJECTS} (
     id VARCHAR NOT NULL, kind VARCHAR NOT NULL, schema_name VARCHAR, object_name VARCHAR,
     owner_role VARCHAR)`,
  createColumnKeys(),
]

/** For databases that were made when there was less to know. */
export const COMPLETE_REGISTRY = [
  `ALTER TABLE ${OBJECTS} ADD COLUMN IF NOT EXISTS owner_role VARCHAR`,
  createColumnKeys(),
]

function createColumnKeys(): string {
  return `CREATE TABLE IF NOT EXISTS ${COLUMN_KEYS} (
     table_id VARCHAR NOT NULL, column_name VARCHAR, key VARCHAR NOT NULL)`
}

/** @throws GatewayError as the engine says; the transaction can only be rolled back then. */
export function register(
  connection: DuckDbConnection,
  objects: readonly WireRegisteredObject[],
): void {
  for (const { id, kind, schema, name, ownerRole } of objects) {
    add(connection, [id, kind, schema, name, ownerRole])
  }
}

/** As `register`. */
export function unregister(connection: DuckDbConnection, ids: readonly string[]): void {
  for (const id of ids) {
    change(connection, `DELETE FROM ${OBJECTS} WHERE id = $1`, [id])
    change(connection, `DELETE FROM ${COLUMN_KEYS} WHERE table_id = $1`, [id])
  }
}

/** As `register`. */
export function amend(connection: DuckDbConnection, amendments: readonly WireAmendment[]): void {
  for (const amendment of amendments) {
    const { id } = amendment
    switch (amendment.kind) {
      case 'owner':
        change(connection, `UPDATE ${OBJECTS} SET owner_role = $2 WHERE id = $1`, [
          id,
          amendment.ownerRole,
        ])
        break
      case 'name':
        change(connection, `UPDATE ${OBJECTS} SET object_name = $2 WHERE id = $1`, [
          id,
          amendment.name,
        ])
        break
      case 'column keys':
        change(connection, `DELETE FROM ${COLUMN_KEYS} WHERE table_id = $1`, [id])
        for (const { column, key } of amendment.keys) {
          change(connection, `INSERT INTO ${COLUMN_KEYS} VALUES ($1, $2, $3)`, [
            id,
            column ?? undefined,
            key,
          ])
        }
    }
  }
}

/** The database's own entry, once, at its making. */
export function registerDatabase(connection: DuckDbConnection, id: string): void {
  add(connection, [id, 'database', undefined, undefined, undefined])
}

type Entry = readonly [
  id: string,
  kind: string,
  schema: string | undefined,
  name: string | undefined,
  ownerRole: string | undefined,
]

function add(connection: DuckDbConnection, entry: Entry): void {
  change(connection, `INSERT INTO ${OBJECTS} VALUES ($1, $2, $3, $4, $5)`, entry)
}

function change(
  connection: DuckDbConnection,
  sql: string,
  parameters: readonly (string | undefined)[],
): void {
  const statement = connection.prepare(sql)
  try {
    statement.bind(
      parameters.map((value) => (value === undefined ? { kind: 'null' } : { kind: 'text', value })),
    )
    statement.start().close()
  } finally {
    statement.close()
  }
}
