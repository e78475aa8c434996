/** Objects as grants know them, and what a statement needs of them. */
import type { Permission } from '../base/permission-name.ts'

export type ObjectKind =
  | 'database'
  | 'schema'
  | 'table'
  | 'view'
  | 'foreign table'
  | 'sequence'
  | 'column'
  | 'function'
  | 'location'

/**
 * Of what a session has for itself alone: temporary tables. Whoever can name them may do everything
 * with them, and no grant is about them.
 */
export const TEMPORARY_DATABASE_ID = 'temporary'

/**
 * An object as grants know it: by id, never by name (a dropped name comes back, an id does not).
 *
 * A column is named by its table's id and its key: the name that it was made with. The ids of the schema and the database
 * are carried along because SUPERUSER on either covers everything inside.
 *
 * A location is named by the configuration alone, so its name is its id. It belongs to the cluster and
 * to no database: SUPERUSER on a database does not cover it.
 */
export interface ObjectRef {
  readonly kind: ObjectKind
  /** Empty for a location. */
  readonly databaseId: string
  /** Absent for a database, a location, and a function: that belongs to the database itself. */
  readonly schemaId?: string
  /** The table, view, foreign table or sequence itself, or the relation that a column belongs to. */
  readonly tableId?: string
  /** Only for a column. */
  readonly column?: string
  /** Only for a function. */
  readonly functionId?: string
  /** Only for a location: its name. */
  readonly location?: string
}

/** One permission that a statement needs. `columns`: SELECT on just these columns of the table. */
export interface Requirement {
  readonly permission: Permission
  readonly object: ObjectRef
  readonly columns?: readonly string[]
  /** What grants call the columns, in the same order; absent where that is their names. */
  readonly columnKeys?: readonly string[]
  /**
   * The role that must hold it, where that is not the session's own: the owner of a view must hold
   * what the view's query reads, and EXECUTE on the functions that it calls; the owner of a foreign
   * table must hold its location.
   */
  readonly holder?: string
  /** For people: `database.schema.table`. */
  readonly name: string
}
