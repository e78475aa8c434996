/**
 * The ids of objects, kept beside the objects themselves and written in the same engine
 * transaction as the definition (design, decision 15): an object without an id, or an id without an
 * object, means nothing to anybody.
 */
import { present } from '../../base/assert.ts'
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { TEMPORARY } from '../temporary-database.ts'
import type { WireAction } from '../wire/request.ts'
import { changeRows } from './change-rows.ts'
import {
  createFunctionTables,
  removeFunctionRows,
  setDefinition,
  setUses,
} from './function-registry.ts'
import { INTERNAL_SCHEMA } from '../internal-schema.ts'
import { quoteName } from './quote-name.ts'

type WireDefinition = Extract<WireAction, { kind: 'define' }>

/** The database that every installation has. The names of the others are in their registries. */
export const FIRST_DATABASE = 'master'

/** No index and no key: the engine refuses to delete and insert one key in one transaction. */
export function objectsOf(database: string): string {
  return `${quoteName(database)}.${INTERNAL_SCHEMA}.objects`
}

/** What grants call the columns that were renamed, dropped or added once more. */
export function columnKeysOf(database: string): string {
  return `${quoteName(database)}.${INTERNAL_SCHEMA}.column_keys`
}

/**
 * The cheapest look into all of the databases: at the first one into each the engine takes a
 * transaction's snapshot of it.
 */
export function takeSnapshot(databases: Iterable<string>): string {
  return [...databases].map((one) => `SELECT 1 FROM ${objectsOf(one)} LIMIT 0`).join(';')
}

/** Whether the database has its registry; one without never came to be. */
export function hasRegistry(connection: DuckDbConnection, database: string): boolean {
  const found = connection.rows(
    `SELECT 1 FROM duckdb_tables()
     WHERE database_name = $1 AND schema_name = $2 AND table_name = 'objects'`,
    [database, INTERNAL_SCHEMA],
  )
  return found.length > 0
}

/** For a new database. */
export function createRegistry(connection: DuckDbConnection, database: string): void {
  connection.execute(`CREATE SCHEMA ${quoteName(database)}.${INTERNAL_SCHEMA}`)
  connection.execute(`CREATE TABLE ${objectsOf(database)} (
     id VARCHAR NOT NULL, kind VARCHAR NOT NULL, schema_name VARCHAR, object_name VARCHAR,
     owner_role VARCHAR, source VARCHAR)`)
  connection.execute(createColumnKeys(database))
  createFunctionTables(connection, database)
}

/** For databases that were made when there was less to know. */
export function completeRegistry(connection: DuckDbConnection, database: string): void {
  connection.execute(
    `ALTER TABLE ${objectsOf(database)} ADD COLUMN IF NOT EXISTS owner_role VARCHAR`,
  )
  connection.execute(`ALTER TABLE ${objectsOf(database)} ADD COLUMN IF NOT EXISTS source VARCHAR`)
  connection.execute(createColumnKeys(database))
  createFunctionTables(connection, database)
}

function createColumnKeys(database: string): string {
  return `CREATE TABLE IF NOT EXISTS ${columnKeysOf(database)} (
     table_id VARCHAR NOT NULL, column_name VARCHAR, key VARCHAR NOT NULL)`
}

/**
 * Ids go into the engine's own transaction, with the definition that they are for.
 *
 * @throws GatewayError as the engine says; the transaction can only be rolled back then.
 */
export function record(connection: DuckDbConnection, action: WireDefinition): void {
  if (action.database === TEMPORARY) return // it has no ids, and ends with its session
  unregister(connection, action)
  register(connection, action)
  amend(connection, action)
}

export function register(
  connection: DuckDbConnection,
  { database, registers }: Pick<WireDefinition, 'database' | 'registers'>,
): void {
  for (const made of registers) {
    const { id, kind, schema, name, ownerRole, source, sequence, uses = [], definition } = made
    const stored = JSON.stringify(source ?? sequence)
    add(connection, database, [id, kind, schema, name, ownerRole, stored])
    if (definition) setDefinition(connection, database, id, definition)
    setUses(connection, database, id, uses)
  }
}

function unregister(connection: DuckDbConnection, { database, unregisters }: WireDefinition): void {
  for (const id of unregisters) {
    changeRows(connection, `DELETE FROM ${objectsOf(database)} WHERE id = $1`, [id])
    changeRows(connection, `DELETE FROM ${columnKeysOf(database)} WHERE table_id = $1`, [id])
    removeFunctionRows(connection, database, id)
  }
}

function amend(connection: DuckDbConnection, { database, amends }: WireDefinition): void {
  const objects = objectsOf(database)
  const columnKeys = columnKeysOf(database)
  for (const amendment of amends) {
    const { id } = amendment
    switch (amendment.kind) {
      case 'owner':
        changeRows(connection, `UPDATE ${objects} SET owner_role = $2 WHERE id = $1`, [
          id,
          amendment.ownerRole,
        ])
        break
      case 'name':
        changeRows(connection, `UPDATE ${objects} SET object_name = $2 WHERE id = $1`, [
          id,
          amendment.name,
        ])
        break
      case 'uses':
        setUses(connection, database, id, amendment.uses)
        break
      case 'definition':
        setDefinition(connection, database, id, amendment.definition)
        break
      case 'column keys':
        changeRows(connection, `DELETE FROM ${columnKeys} WHERE table_id = $1`, [id])
        for (const { column, key } of amendment.keys) {
          changeRows(connection, `INSERT INTO ${columnKeys} VALUES ($1, $2, $3)`, [
            id,
            column ?? undefined,
            key,
          ])
        }
    }
  }
}

/** The database's own entry, once, at its making. */
export function registerDatabase(
  connection: DuckDbConnection,
  attachedAs: string,
  { id, name }: { readonly id: string; readonly name: string },
): void {
  add(connection, attachedAs, [id, 'database', undefined, name, undefined, undefined])
}

/** Of one that is attached under another name for a moment. */
export function registeredName(connection: DuckDbConnection, attachedAs: string): string {
  const [row] = connection.rows(
    `SELECT object_name FROM ${objectsOf(attachedAs)} WHERE kind = 'database'`,
  )
  return present(row?.[0], 'the name of a database')
}

type Entry = readonly [
  id: string,
  kind: string,
  schema: string | undefined,
  name: string | undefined,
  ownerRole: string | undefined,
  /** JSON: of a foreign table where its files are, of a sequence how it counts. */
  source: string | undefined,
]

function add(connection: DuckDbConnection, database: string, entry: Entry): void {
  changeRows(
    connection,
    `INSERT INTO ${objectsOf(database)} VALUES ($1, $2, $3, $4, $5, $6)`,
    entry,
  )
}
