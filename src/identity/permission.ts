/** Objects as grants know them, and what a statement needs of them. */
import type { Permission } from '../base/permission-name.ts'

export type ObjectKind = 'database' | 'schema' | 'table' | 'view' | 'column' | 'function'

/**
 * An object as grants know it: by id, never by name (a dropped name comes back, an id does not).
 *
 * A column is named by its table's id and its key: the name that it was made with. The ids of the schema and the database
 * are carried along because SUPERUSER on either covers everything inside.
 */
export interface ObjectRef {
  readonly kind: ObjectKind
  readonly databaseId: string
  /** Absent for a database, and for a function: that belongs to the database itself. */
  readonly schemaId?: string
  /** The table or view itself, or the one a column belongs to. Absent for everything else. */
  readonly tableId?: string
  /** Only for a column. */
  readonly column?: string
  /** Only for a function. */
  readonly functionId?: string
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
   * what the view's query reads, and EXECUTE on the functions that it calls.
   */
  readonly holder?: string
  /** For people: `database.schema.table`. */
  readonly name: string
}
