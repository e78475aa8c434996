/** Rows of the table of saved queries to rows of identity, and back. */
import type { SavedQuery } from '../identity/saved-queries.ts'
import type { SavedQueryTable } from './metadata-tables.ts'

export function savedQueryFromTable(row: SavedQueryTable): SavedQuery {
  return {
    id: row.id,
    database: row.database_name,
    ownerRoleId: row.owner_role,
    name: row.name,
    text: row.query,
    dialect: row.dialect,
    createdAt: row.created_at,
  }
}

export function savedQueryToTable(query: SavedQuery): SavedQueryTable {
  return {
    id: query.id,
    database_name: query.database,
    owner_role: query.ownerRoleId,
    name: query.name,
    query: query.text,
    dialect: query.dialect,
    created_at: query.createdAt,
  }
}
