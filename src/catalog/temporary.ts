/**
 * Where the temporary tables of a session are. They are in the snapshot of that session alone, and in
 * no list of databases and schemas.
 */
import { TEMPORARY } from '../engine/temporary-database.ts'
import { TEMPORARY_DATABASE_ID } from '../identity/permission.ts'
import type { DatabaseEntry, SchemaEntry, TableEntry } from './catalog-snapshot.ts'

/** Under the names that they have in the engine. */
const DATABASE: DatabaseEntry = { id: TEMPORARY_DATABASE_ID, name: TEMPORARY, readOnly: false }
export const TEMPORARY_SCHEMA: SchemaEntry = {
  id: TEMPORARY_DATABASE_ID,
  name: 'main',
  database: DATABASE,
}

export function isTemporary({ schema }: Pick<TableEntry, 'schema'>): boolean {
  return schema === TEMPORARY_SCHEMA
}

/** `temp`, the engine's word, and `pg_temp`, PostgreSQL's. */
export function namesTemporary(schema: string): boolean {
  return [TEMPORARY, 'pg_temp'].includes(schema.toLowerCase())
}
