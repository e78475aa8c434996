/**
 * Questions about what exists: DESCRIBE DATABASES, SCHEMAS, TABLES, COLUMNS, VIEWS, USER FUNCTIONS and
 * CONFIGURATION,
 * and the functions that the BLUE clients call by a SELECT of their own.
 *
 * Source: BLUE SQL, DESCRIBE and GET_DDL; what the SQLAlchemy dialect of BLUE sends.
 */
import { tokenize } from './lexer.ts'
import { callsOneOf, readOwnCall } from './own-function.ts'
import { readNameArgument, readString } from './read-argument.ts'
import { readQualifiedName } from './read-name.ts'
import type { DefinitionQuery } from './statement.ts'
import { TokenCursor } from './token-cursor.ts'
import { wordSet } from './word-set.ts'

/** Whether it is one of these, of BLUE's DESCRIBE family. */
export function describesDefinitions(cursor: TokenCursor): boolean {
  return FAMILY.has(cursor.peek(1)?.value ?? '')
}

const FAMILY = wordSet('databases schemas tables columns views user configuration')

/** @throws GatewayError `syntax_error`. */
export function readDefinitionQuery(cursor: TokenCursor): DefinitionQuery {
  cursor.next()
  const query = readDescription(cursor)
  cursor.expectEnd()
  return query
}

function readDescription(cursor: TokenCursor): DefinitionQuery {
  if (cursor.accept('databases')) return { kind: 'describe_databases', like: readLike(cursor) }
  if (cursor.accept('schemas')) {
    const database = readPart(cursor, 'database')
    return { kind: 'describe_schemas', database, like: readLike(cursor) }
  }
  if (cursor.accept('configuration')) {
    const parameter = cursor.accept('parameter') ? readNameArgument(cursor) : undefined
    return { kind: 'describe_configuration', parameter, like: readLike(cursor) }
  }
  if (cursor.accept('tables')) {
    const extended = cursor.accept('extended')
    const place = { extended, ...readPlace(cursor) }
    return { kind: 'describe_tables', ...place, of: readTableType(cursor), like: readLike(cursor) }
  }
  if (cursor.accept('views')) {
    return { kind: 'describe_views', ...readPlace(cursor), like: readLike(cursor) }
  }
  if (cursor.accept('columns')) {
    const place = readPlace(cursor)
    const of = cursor.accept('view') ? 'view' : 'table'
    if (of === 'table') cursor.expect('table')
    const relation = cursor.identifier()
    return { kind: 'describe_columns', ...place, of, relation, like: readLike(cursor) }
  }
  cursor.expect('user', 'functions')
  const database = readPart(cursor, 'database')
  return { kind: 'describe_user_functions', database, like: readLike(cursor) }
}

function readPlace(cursor: TokenCursor): {
  database: string | undefined
  schema: string | undefined
} {
  const database = readPart(cursor, 'database')
  return { database, schema: readPart(cursor, 'schema') }
}

function readPart(cursor: TokenCursor, word: string): string | undefined {
  return cursor.accept(word) ? cursor.identifier() : undefined
}

function readTableType(cursor: TokenCursor): 'all' | 'internal' | 'external' {
  if (cursor.accept('internal')) return 'internal'
  if (cursor.accept('external')) return 'external'
  cursor.accept('all')
  return 'all'
}

function readLike(cursor: TokenCursor): string | undefined {
  return cursor.accept('like') ? readString(cursor) : undefined
}

/** Whether a SELECT calls one of the functions; with anything else in it, it is the engine's. */
export function callsDefinitionFunction(cursor: TokenCursor): boolean {
  return callsOneOf(cursor, FUNCTIONS)
}

const FUNCTIONS = wordSet(`get_ddl get_view_ddl get_function_ddl dump_database_ddl recompile_view
  get_schemas get_views get_sqream_server_version show_version`)

/** @throws GatewayError `syntax_error`. */
export function readDefinitionFunction(cursor: TokenCursor): DefinitionQuery {
  return readOwnCall(cursor, readCall)
}

function readCall(name: string, cursor: TokenCursor): DefinitionQuery {
  switch (name) {
    case 'get_ddl':
      return { kind: 'table_ddl', table: readTableName(cursor) }
    case 'get_view_ddl':
      return { kind: 'view_ddl', view: readTableName(cursor) }
    case 'recompile_view':
      return { kind: 'recompile_view', view: readTableName(cursor) }
    case 'get_function_ddl':
      return { kind: 'function_ddl', name: readNameArgument(cursor) }
    case 'dump_database_ddl':
      return { kind: 'database_ddl' }
    case 'get_schemas':
      return { kind: 'list_schemas' }
    case 'get_views':
      return { kind: 'list_views' }
    default:
      return { kind: 'server_version', column: name }
  }
}

/**
 * A name as it is written elsewhere, or in a string: `t`, `"s"."t"`, `'"t"'`. The SQLAlchemy dialect
 * sends names as they are, `Mixed Case` without quotes too.
 */
function readTableName(cursor: TokenCursor): [string, ...string[]] {
  if (cursor.peek()?.kind === 'word' && cursor.peek(1)?.kind === 'word') return [readWords(cursor)]
  if (cursor.peek()?.kind !== 'string') return [...readQualifiedName(cursor)]
  const text = readString(cursor)
  const inside = new TokenCursor(text, tokenize(text))
  const name = readQualifiedName(inside)
  inside.expectEnd()
  return [...name]
}

function readWords(cursor: TokenCursor): string {
  const { start } = cursor.next()
  let { end } = cursor.next()
  while (cursor.peek()?.kind === 'word') end = cursor.next().end
  return cursor.text.slice(start, end)
}
