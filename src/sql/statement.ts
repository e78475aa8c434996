/**
 * What the statement reader makes of a text: statements, classified by their head.
 *
 * Statements that the gateway itself answers are read completely (there is no second SQL parser,
 * only this grammar of ours). Statements for the engine are named by kind alone; the gate takes
 * them apart with the engine's own parser.
 */
import type { Permission } from '../base/permission-name.ts'
import type { CopyOptions } from './complete-copy-options.ts'
import type { LoadStatement } from './load-statement.ts'

export type Statement = StatementPlace & StatementBody

/** Where a statement stood in the text that the client sent. */
export interface StatementPlace {
  /** The statement alone, without its semicolon and the comments around it. */
  readonly text: string
  /** Index of `text` in the client's text, in UTF-16 units. */
  readonly start: number
  /** All of the client's text, for positions in errors. */
  readonly source: string
  /** The EXECUTE that runs it, as the client wrote it. */
  readonly executedBy?: string
  /** What the client wrote, where `text` is what was made of it in its dialect. */
  readonly written?: Written
}

/** A statement as it stands in the client's text. */
export interface Written {
  readonly text: string
  readonly source: string
  /** Index in `source` of what became the character at an index of the new text. */
  readonly placeOf: (index: number) => number
}

/** The statement as the client wrote it. */
export function writtenText({ text, written }: StatementPlace): string {
  return written?.text ?? text
}

export type StatementBody =
  | EngineStatement
  | TransactionStatement
  | SettingStatement
  | SessionStatement
  | DatabaseStatement
  | RoleStatement
  | DefaultStatement
  | PermissionQuery
  | { readonly kind: 'definition_query'; readonly query: DefinitionQuery }
  | MonitorQuery
  | SavedQueryStatement
  | AbortStatement
  | AuditLogStatement
  /** Made by the gateway, never read from a text. */
  | LoadStatement
  /** Known by name, but not offered: refused with `feature_not_supported` and this name. */
  | { readonly kind: 'unsupported'; readonly name: string }

/** For the gate and the engine. */
export type EngineStatement =
  PlainEngineStatement | CopyOutStatement | CopyInStatement | ExecuteStatement

/** COPY … TO STDOUT: a query, and how its rows are written. */
export interface CopyOutStatement {
  readonly kind: 'engine'
  readonly form: 'copy_out'
  readonly options: CopyOptions
  /** Where the query stands in `source`, in UTF-16 units; otherwise a table is named. */
  readonly query?: { readonly start: number; readonly end: number }
  readonly table?: QualifiedName
  /** Of the table; none: all. */
  readonly columns: readonly string[]
}

/** COPY … FROM STDIN: what the rows go to, and how they are written. */
export interface CopyInStatement {
  readonly kind: 'engine'
  readonly form: 'copy_in'
  readonly options: CopyOptions
  readonly table: QualifiedName
  /** Of the table; none: all. */
  readonly columns: readonly string[]
}

/** EXECUTE: what it runs is a statement of its own; the engine computes its arguments alone. */
export interface ExecuteStatement {
  readonly kind: 'engine'
  readonly form: 'execute'
  readonly name: string
  readonly arguments: readonly ExecuteArgument[]
}

export interface ExecuteArgument {
  /** Index of its first character in `source`, in UTF-16 units. */
  readonly start: number
  /** Of one that needs not be computed; `text` as between its quotes. */
  readonly constant?:
    | { readonly kind: 'null' }
    | { readonly kind: 'string' | 'number' | 'boolean'; readonly text: string }
}

export interface PlainEngineStatement {
  readonly kind: 'engine'
  readonly form:
    | 'select' // SELECT, WITH … SELECT, FROM-first, VALUES, TABLE, PIVOT, UNPIVOT, DESCRIBE, SUMMARIZE, and these in parentheses
    | 'explain'
    | 'insert'
    | 'update'
    | 'delete'
    | 'merge'
    | 'truncate'
    | 'create_table'
    | 'create_schema'
    | 'create_view'
    | 'create_foreign_table'
    | 'alter_table'
    | 'alter_view'
    | 'alter_foreign_table'
    | 'create_index'
    | 'drop_index'
    | 'drop_table'
    | 'drop_view'
    | 'drop_foreign_table'
    | 'drop_schema'
    | 'create_sequence'
    | 'drop_sequence'
    | 'create_function'
    | 'drop_function'
}

export type TransactionStatement =
  | { readonly kind: 'begin'; readonly modes: TransactionModes }
  | { readonly kind: 'commit'; readonly chain: boolean }
  | { readonly kind: 'rollback'; readonly chain: boolean }
  | {
      readonly kind: 'set_transaction'
      readonly scope: 'transaction' | 'session'
      readonly modes: TransactionModes
    }

export interface TransactionModes {
  readonly isolation?: 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable'
  readonly readOnly?: boolean
}

export type SettingStatement =
  | {
      readonly kind: 'set'
      readonly scope: 'session' | 'local'
      /** Lower case unless quoted, such as `search_path`, `timezone`, `dialect`. */
      readonly name: string
      /** The words and strings of a list, unquoted; absent for DEFAULT. */
      readonly values?: readonly string[]
    }
  | { readonly kind: 'show'; readonly name: string } // `all` for SHOW ALL
  | { readonly kind: 'reset'; readonly name: string } // `all` for RESET ALL
  | { readonly kind: 'use_pool'; readonly pool: string }
  | UseStatement

/**
 * Both undefined: `name` alone, one or two parts, is a database, or else a schema of the session's.
 * Source: BLUE SQL, USE; the engine's USE.
 */
export interface UseStatement {
  readonly kind: 'use'
  readonly database?: string
  readonly schema?: string
  readonly name?: readonly [string] | readonly [string, string]
}

/** Source: BLUE SQL, CREATE DATABASE and DROP DATABASE. */
export type DatabaseStatement =
  | { readonly kind: 'create_database'; readonly name: string; readonly ifNotExists: boolean }
  | { readonly kind: 'drop_database'; readonly name: string; readonly ifExists: boolean }

/** PREPARE: keeps a statement under a name, among those of the protocol. */
export interface PrepareStatement {
  readonly kind: 'prepare'
  readonly name: string
  /** Of the parameters, in lower case and without a precision: `numeric`, `timestamp with time zone`, `int4[]`. */
  readonly types: readonly string[]
  readonly statement: StatementPlace & PlainEngineStatement
}

export type SessionStatement =
  | PrepareStatement
  | { readonly kind: 'discard'; readonly what: 'all' | 'plans' | 'sequences' | 'temp' }
  | { readonly kind: 'deallocate'; readonly name: string | undefined } // undefined = ALL
  | { readonly kind: 'close_cursor'; readonly name: string | undefined } // undefined = ALL
  /** LISTEN, UNLISTEN, NOTIFY: accepted, without effect. */
  | { readonly kind: 'listen'; readonly tag: 'LISTEN' | 'UNLISTEN' | 'NOTIFY' }

export type RoleStatement =
  | { readonly kind: 'create_role'; readonly name: string }
  | { readonly kind: 'drop_role'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'rename_role'; readonly name: string; readonly newName: string }
  | {
      readonly kind: 'grant_cluster' | 'revoke_cluster'
      readonly attributes: readonly ('SUPERUSER' | 'LOGIN' | 'CLUSTERADMIN')[]
      readonly roles: readonly string[]
    }
  | {
      readonly kind: 'grant_permissions' | 'revoke_permissions'
      /** `ALL` stands for every permission of the target's kind, SUPERUSER excepted. */
      readonly permissions: readonly Permission[] | 'ALL'
      readonly target: GrantTarget
      /** `public` is PUBLIC. */
      readonly roles: readonly string[]
    }
  | {
      readonly kind: 'grant_roles' | 'revoke_roles'
      readonly roles: readonly string[]
      readonly members: readonly string[]
      /** GRANT … WITH ADMIN OPTION, REVOKE ADMIN OPTION FOR …. */
      readonly adminOption: boolean
    }

/** Source: BLUE SQL, ALTER DEFAULT PERMISSIONS and ALTER DEFAULT SCHEMA. */
export type DefaultStatement = AlterDefaultPermissions | AlterDefaultSchema

export interface AlterDefaultPermissions {
  readonly kind: 'alter_default_permissions'
  readonly verb: 'grant' | 'drop'
  /** Who creates; undefined: ALL ROLES. */
  readonly creator: string | undefined
  /** Only for what is made in one of these; empty: anywhere. */
  readonly schemas: readonly QualifiedName[]
  readonly objectKind: 'schema' | 'table' | 'view' | 'foreign table' | 'sequence' | 'function'
  readonly permissions: readonly Permission[] | 'ALL'
  /** undefined: CREATOR_ROLE. */
  readonly grantees: readonly (string | undefined)[]
}

export interface AlterDefaultSchema {
  readonly kind: 'alter_default_schema'
  readonly role: string
  readonly schema: QualifiedName
}

/** Questions about roles and permissions. Source: BLUE SQL, DESCRIBE and its permission functions. */
export type PermissionQuery =
  | { readonly kind: 'describe_roles'; readonly like: string | undefined }
  | {
      readonly kind: 'describe_role_permissions'
      readonly role: string
      readonly permissionIds: readonly number[] | undefined
    }
  | {
      readonly kind: 'describe_connect_permissions'
      readonly database: string | undefined
      readonly roleIds: readonly number[] | undefined
      readonly permissionIds: readonly number[] | undefined
    }
  /** `statement` is read again when it is analysed; it is never run. */
  | { readonly kind: 'statement_permissions'; readonly statement: string }
  | { readonly kind: 'role_permissions' }
  | {
      readonly kind: 'role_ddl'
      readonly scope: 'global' | 'database'
      /** undefined: all roles. */
      readonly role: string | undefined
    }

/** Questions about who is here and what runs. Source: BLUE SQL, DESCRIBE. */
/** What exists, as far as the asking role may know of it. Places that are not named: the session's. */
export type DefinitionQuery =
  | { readonly kind: 'describe_databases'; readonly like: string | undefined }
  | {
      readonly kind: 'describe_schemas' | 'describe_user_functions'
      readonly database: string | undefined
      readonly like: string | undefined
    }
  | {
      readonly kind: 'describe_tables'
      /** With what they take up. */
      readonly extended: boolean
      readonly database: string | undefined
      /** undefined: all that may be seen. */
      readonly schema: string | undefined
      readonly of: 'all' | 'internal' | 'external'
      readonly like: string | undefined
    }
  | {
      readonly kind: 'describe_views'
      readonly database: string | undefined
      readonly schema: string | undefined
      readonly like: string | undefined
    }
  | {
      readonly kind: 'describe_columns'
      readonly database: string | undefined
      readonly schema: string | undefined
      readonly of: 'table' | 'view'
      readonly relation: string
      readonly like: string | undefined
    }
  | { readonly kind: 'table_ddl'; readonly table: readonly [string, ...string[]] }
  | { readonly kind: 'view_ddl'; readonly view: readonly [string, ...string[]] }
  | { readonly kind: 'recompile_view'; readonly view: readonly [string, ...string[]] }
  | { readonly kind: 'function_ddl'; readonly name: string }
  | { readonly kind: 'database_ddl' }
  /** `parameter`: one alone; it must be there. */
  | {
      readonly kind: 'describe_configuration'
      readonly parameter: string | undefined
      readonly like: string | undefined
    }
  | { readonly kind: 'list_schemas' | 'list_views' }
  /** `column`: the function's name, which its column bears. */
  | { readonly kind: 'server_version'; readonly column: string }

export type MonitorQuery =
  | { readonly kind: 'describe_pools' }
  | {
      readonly kind: 'describe_sessions'
      readonly user: string | undefined
      readonly timeframe: { readonly from: string; readonly to: string } | undefined
      /** Lower case; `all` lifts the default filter. */
      readonly initiatedBy: readonly string[] | undefined
    }
  | {
      readonly kind: 'describe_session_queries'
      readonly of: 'this' | 'all' | { readonly sessionId: string }
      /** Upper case. */
      readonly statuses: readonly string[] | undefined
    }
  | {
      readonly kind: 'describe_query'
      /** undefined: of this session. */
      readonly sessionId: string | undefined
      readonly queryId: number
    }
  | { readonly kind: 'describe_locks' }

/** Source: BLUE SQL, SAVE_QUERY and its like, DESCRIBE SAVED QUERIES. */
export type SavedQueryStatement =
  /** `query`: read when it is saved, and again whenever it is executed. */
  | { readonly kind: 'save_query'; readonly name: string; readonly query: string }
  | { readonly kind: 'drop_saved_query' | 'recompile_saved_query'; readonly name: string }
  | ExecuteSavedQuery
  | {
      readonly kind: 'describe_saved_queries'
      readonly database: string | undefined
      readonly like: string | undefined
    }
  | {
      readonly kind: 'describe_saved_query'
      readonly database: string | undefined
      readonly name: string
    }

/** Becomes the statement itself before anything else is done with it. */
export interface ExecuteSavedQuery {
  readonly kind: 'execute_saved_query'
  readonly name: string
  /** Constants as the client wrote them: strings, numbers with their sign, NULL, TRUE, FALSE. */
  readonly arguments: readonly string[]
}

/** ABORT('session', 'query'): stops a statement. */
export interface AbortStatement {
  readonly kind: 'abort_statement'
  readonly sessionId: string
  readonly queryId: number
}

export type GrantTarget =
  | { readonly kind: 'database'; readonly names: readonly string[] }
  | { readonly kind: 'schema'; readonly names: readonly QualifiedName[] }
  | { readonly kind: 'table'; readonly names: readonly QualifiedName[] }
  | { readonly kind: 'view'; readonly names: readonly QualifiedName[] }
  /** Functions belong to a database: with one part its name, with more as `gate/function-name.ts`. */
  | { readonly kind: 'function'; readonly names: readonly QualifiedName[] }
  | { readonly kind: 'all_functions' }
  | { readonly kind: 'foreign table'; readonly names: readonly QualifiedName[] }
  | { readonly kind: 'sequence'; readonly names: readonly QualifiedName[] }
  | { readonly kind: 'location'; readonly names: readonly string[] }
  /** Those of one kind alone, each with a form of its own, as in BLUE. */
  | {
      readonly kind: 'all'
      readonly of: 'table' | 'view' | 'foreign table' | 'sequence'
      readonly schemas: readonly QualifiedName[]
    }
  /** BLUE: `COLUMN a, b IN TABLE t`, `ALL COLUMNS IN TABLE t`; PostgreSQL: `SELECT (a, b) ON t`. */
  | {
      readonly kind: 'column'
      readonly columns: readonly string[] | 'ALL'
      readonly tables: readonly QualifiedName[]
    }

/** One to three parts, folded to lower case unless quoted: name, schema.name, database.schema.name. */
export type QualifiedName =
  readonly [string] | readonly [string, string] | readonly [string, string, string]

/** Source: BLUE SQL, AUDITLOG. Filters that are absent do not restrict. */
export interface AuditLogStatement {
  readonly kind: 'auditlog'
  readonly from?: string
  readonly to?: string
  readonly usernames?: readonly string[]
  readonly sessionIds?: readonly string[]
  readonly queryIds?: readonly string[]
  readonly statuses?: readonly string[]
  readonly categories?: readonly string[]
  readonly additionalDetailsLike?: string
  readonly errorDetailsLike?: string
  /** Lower case; `all` lifts the default filter. */
  readonly initiatedBy?: readonly string[]
}
