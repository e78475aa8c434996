/**
 * Functions of users, in the registry alone: the engine knows of none (`identity/permit.ts`); and in
 * what they stand written out.
 */
import { present } from '../../base/assert.ts'
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import type { WireDefinitions, WireFunctionDefinition, WireFunctionUse } from '../wire/request.ts'
import { changeRows } from './change-rows.ts'
import { quoteName } from './quote-name.ts'
import { INTERNAL_SCHEMA } from '../internal-schema.ts'

/** What a function is, as JSON. */
function functionsOf(database: string): string {
  return `${quoteName(database)}.${INTERNAL_SCHEMA}.functions`
}

/** Which functions stand written out in a view or in another function, and in which revision. */
function usesOf(database: string): string {
  return `${quoteName(database)}.${INTERNAL_SCHEMA}.function_uses`
}

export function createFunctionTables(connection: DuckDbConnection, database: string): void {
  connection.execute(
    `CREATE TABLE IF NOT EXISTS ${functionsOf(database)} (
       id VARCHAR NOT NULL, definition VARCHAR NOT NULL)`,
  )
  connection.execute(
    `CREATE TABLE IF NOT EXISTS ${usesOf(database)} (
       object_id VARCHAR NOT NULL, function_id VARCHAR NOT NULL, revision VARCHAR NOT NULL)`,
  )
}

/** In place of the one that it had. */
export function setDefinition(
  connection: DuckDbConnection,
  database: string,
  id: string,
  definition: WireFunctionDefinition,
): void {
  const functions = functionsOf(database)
  changeRows(connection, `DELETE FROM ${functions} WHERE id = $1`, [id])
  changeRows(connection, `INSERT INTO ${functions} VALUES ($1, $2)`, [
    id,
    JSON.stringify(definition),
  ])
}

/** In place of those that it had. `id`: of a view or a function. */
export function setUses(
  connection: DuckDbConnection,
  database: string,
  id: string,
  uses: readonly WireFunctionUse[],
): void {
  const table = usesOf(database)
  changeRows(connection, `DELETE FROM ${table} WHERE object_id = $1`, [id])
  for (const use of uses) {
    changeRows(connection, `INSERT INTO ${table} VALUES ($1, $2, $3)`, [id, use.id, use.revision])
  }
}

export function removeFunctionRows(
  connection: DuckDbConnection,
  database: string,
  id: string,
): void {
  changeRows(connection, `DELETE FROM ${functionsOf(database)} WHERE id = $1`, [id])
  changeRows(connection, `DELETE FROM ${usesOf(database)} WHERE object_id = $1`, [id])
}

/** By the id of what uses them. */
export type UsesByObject = ReadonlyMap<string, readonly WireFunctionUse[]>

export function readUses(connection: DuckDbConnection, database: string): UsesByObject {
  const found = new Map<string, WireFunctionUse[]>()
  for (const [object, id, revision] of connection.rows(
    `SELECT object_id, function_id, revision FROM ${usesOf(database)} ORDER BY ALL`,
  )) {
    const holder = present(object, 'an object')
    const use = { id: present(id, 'a function'), revision: present(revision, 'a revision') }
    found.set(holder, [...(found.get(holder) ?? []), use])
  }
  return found
}

/** @param objects the table of ids. */
export function readFunctions(
  connection: DuckDbConnection,
  database: string,
  objects: string,
  uses: UsesByObject,
): WireDefinitions['functions'] {
  const rows = connection.rows(`
    SELECT o.id, o.object_name, o.owner_role, f.definition
    FROM ${functionsOf(database)} f JOIN ${objects} o ON o.id = f.id AND o.kind = 'function'
    ORDER BY o.object_name`)
  return rows.map(([id, name, owner, definition]) => ({
    id: present(id, 'id'),
    database,
    name: present(name, 'name'),
    ownerRole: owner ?? '',
    uses: uses.get(present(id, 'id')) ?? [],
    ...(JSON.parse(present(definition, 'its definition')) as WireFunctionDefinition),
  }))
}
