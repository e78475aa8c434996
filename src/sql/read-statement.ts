/**
 * Tells by its first words what a statement is.
 *
 * A head that SQL knows but this gateway does not offer becomes `unsupported` with its name; a word
 * that begins no statement at all is a syntax error, as in PostgreSQL.
 */
import type { Dialect } from './dialect.ts'
import { isBlueDescribe } from './blue-describe.ts'
import { readExplainCall } from './explain-call.ts'
import { inEngineSql } from './in-engine-sql.ts'
import { readAuditLog } from './read-audit-log.ts'
import { readCopy } from './read-copy.ts'
import { readDatabaseStatement } from './read-database-statement.ts'
import { readDefaultStatement } from './read-default-statement.ts'
import {
  callsDefinitionFunction,
  describesDefinitions,
  readDefinitionFunction,
  readDefinitionQuery,
} from './read-definition-query.ts'
import { readGrant } from './read-grant.ts'
import {
  callsPermissionFunction,
  describesRoles,
  readPermissionFunction,
  readRoleDescription,
} from './read-permission-query.ts'
import { describesMonitor, readMonitorQuery } from './read-monitor-query.ts'
import { readExecute, readPrepare } from './read-prepare.ts'
import { readRoleStatement } from './read-role-statement.ts'
import {
  callsSavedQueryFunction,
  describesSavedQueries,
  readSavedQueryDescription,
  readSavedQueryFunction,
} from './read-saved-query.ts'
import { readSessionStatement } from './read-session-statement.ts'
import { readSet, readReset, readShow } from './read-setting-statement.ts'
import { readTransactionStatement } from './read-transaction-statement.ts'
import { readUse } from './read-use.ts'
import type { PlainEngineStatement, Statement, StatementBody } from './statement.ts'
import { TokenCursor } from './token-cursor.ts'
import { isSymbol, isWord } from './token.ts'
import type { Token } from './token.ts'
import { unsupportedHead } from './unsupported.ts'
import { wordSet } from './word-set.ts'

/**
 * `tokens`: those of one statement, at least one; their places count in `text`. Where the dialect has
 * another spelling for it than the engine, `text` of the statement is the engine's.
 */
export function readStatement(text: string, tokens: readonly Token[], dialect: Dialect): Statement {
  const explained =
    dialect === 'blue' &&
    readExplainCall(text, tokens, (its, ofIt) => readStatement(its, ofIt, dialect))
  if (explained) return explained
  const statement = readAsWritten(text, tokens, dialect)
  return dialect === 'blue' && statement.kind === 'engine'
    ? inEngineSql(statement, tokens, (anew, its) => readAsWritten(anew, its, 'duckdb'))
    : statement
}

function readAsWritten(text: string, tokens: readonly Token[], dialect: Dialect): Statement {
  const start = tokens[0]?.start ?? 0
  const end = tokens.at(-1)?.end ?? start
  const body = readBody(new TokenCursor(text, tokens), tokens, dialect)
  return { text: text.slice(start, end), start, source: text, ...body }
}

function readBody(cursor: TokenCursor, tokens: readonly Token[], dialect: Dialect): StatementBody {
  const first = tokens.find((token) => !isSymbol(token, '('))
  if (isSymbol(tokens[0], '(')) {
    if (first?.kind === 'word' && QUERY_HEADS.has(first.value)) return engine('select')
    throw cursor.syntaxError()
  }
  const head = first?.kind === 'word' ? first.value : ''
  switch (head) {
    case 'select':
      if (callsPermissionFunction(cursor)) return readPermissionFunction(cursor)
      if (callsSavedQueryFunction(cursor)) return readSavedQueryFunction(cursor)
      if (!callsDefinitionFunction(cursor)) return engine('select')
      return { kind: 'definition_query', query: readDefinitionFunction(cursor) }
    case 'from':
    case 'values':
    case 'table':
    case 'pivot':
    case 'unpivot':
    case 'summarize':
      return engine('select')
    case 'with':
      return readWith(tokens)
    case 'describe':
    case 'desc':
      if (dialect === 'duckdb' || !isBlueDescribe(tokens)) return engine('select')
      if (describesRoles(cursor)) return readRoleDescription(cursor)
      if (describesDefinitions(cursor)) {
        return { kind: 'definition_query', query: readDefinitionQuery(cursor) }
      }
      if (describesSavedQueries(cursor)) return readSavedQueryDescription(cursor)
      return describesMonitor(cursor) ? readMonitorQuery(cursor) : unsupportedHead(tokens, 2)
    case 'explain':
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
    case 'truncate':
      return engine(head)
    case 'copy':
      return readCopy(cursor)
    case 'create':
      return readCreate(cursor, tokens)
    case 'drop':
      return readDrop(cursor, tokens)
    case 'alter':
      if (cursor.sees('alter', 'default')) return readDefaultStatement(cursor)
      if (cursor.sees('alter', 'table')) return engine('alter_table')
      if (cursor.sees('alter', 'view')) return engine('alter_view')
      if (cursor.sees('alter', 'foreign', 'table')) return engine('alter_foreign_table')
      return cursor.sees('alter', 'role') ? readRoleStatement(cursor) : unsupportedHead(tokens, 2)
    case 'grant':
    case 'revoke':
      return readGrant(cursor)
    case 'begin':
    case 'start':
    case 'commit':
    case 'end':
    case 'rollback':
    case 'abort':
      return readTransactionStatement(cursor)
    case 'set':
      return readSet(cursor)
    case 'show':
      return readShow(cursor)
    case 'reset':
      return readReset(cursor)
    case 'discard':
    case 'deallocate':
    case 'close':
    case 'listen':
    case 'unlisten':
    case 'notify':
      return readSessionStatement(cursor)
    case 'prepare':
      return readPrepare(cursor, (rest) => readStatement(cursor.text, rest, dialect))
    case 'execute':
      return readExecute(cursor)
    case 'use':
      return readUse(cursor)
    case 'auditlog':
    case 'audit_log':
      return readAuditLog(cursor)
    default:
      if (first?.kind === 'word' && KNOWN_HEADS.has(first.value)) return unsupportedHead(tokens, 1)
      throw cursor.syntaxError()
  }
}

function engine(form: PlainEngineStatement['form']): PlainEngineStatement {
  return { kind: 'engine', form }
}

const QUERY_HEADS = wordSet('select from values table with pivot unpivot describe desc summarize')

/** WITH … and then a query, or a write: the first such word outside of brackets tells. */
function readWith(tokens: readonly Token[]): StatementBody {
  const verb = tokens.find(
    ({ kind, value, depth }) => kind === 'word' && depth === 0 && VERBS.has(value),
  )?.value
  switch (verb) {
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return engine(verb)
    default:
      return engine('select')
  }
}

const VERBS = wordSet('select values pivot unpivot insert update delete merge')

function readCreate(cursor: TokenCursor, tokens: readonly Token[]): StatementBody {
  if (cursor.sees('create', 'sequence')) return engine('create_sequence')
  const temporary = TEMPORARY.exec(headOf(tokens))?.groups?.['kind']
  if (temporary !== undefined) return engine(temporary === 'table' ? 'create_table' : 'create_view')
  if (cursor.sees('create', 'table')) return engine('create_table')
  if (cursor.sees('create', 'or', 'replace', 'table')) return engine('create_table')
  if (cursor.sees('create', 'schema')) return engine('create_schema')
  if (cursor.sees('create', 'index')) return engine('create_index')
  if (cursor.sees('create', 'unique', 'index')) return engine('create_index')
  if (cursor.sees('create', 'view')) return engine('create_view')
  if (cursor.sees('create', 'or', 'replace', 'view')) return engine('create_view')
  if (cursor.sees('create', 'function')) return engine('create_function')
  if (cursor.sees('create', 'or', 'replace', 'function')) return engine('create_function')
  if (cursor.sees('create', 'foreign', 'table')) return engine('create_foreign_table')
  if (cursor.sees('create', 'or', 'replace', 'foreign', 'table')) {
    return engine('create_foreign_table')
  }
  if (cursor.sees('create', 'role')) return readRoleStatement(cursor)
  if (cursor.sees('create', 'database')) return readDatabaseStatement(cursor)
  // CREATE [OR REPLACE] [TEMPORARY | UNIQUE | …] KIND: the name ends with the kind of object.
  const kind = tokens.findIndex(
    ({ kind: of, value }, index) => index > 0 && (of !== 'word' || !CREATE_MODIFIERS.has(value)),
  )
  return unsupportedHead(tokens, kind < 0 ? tokens.length : kind + 1)
}

const TEMPORARY = /^create (or replace )?((global|local) )?(temp|temporary) (?<kind>table|view)\b/

/** Its first words, as far as they can tell what is created. */
function headOf(tokens: readonly Token[]): string {
  const words = tokens.slice(0, 6).map(({ kind, value }) => (kind === 'word' ? value : '"'))
  return words.join(' ')
}

const CREATE_MODIFIERS = wordSet(`or replace temp temporary global local unlogged unique foreign
  materialized persistent recursive external`)

function readDrop(cursor: TokenCursor, tokens: readonly Token[]): StatementBody {
  if (cursor.sees('drop', 'table')) return engine('drop_table')
  if (cursor.sees('drop', 'index')) return engine('drop_index')
  if (cursor.sees('drop', 'sequence')) return engine('drop_sequence')
  if (cursor.sees('drop', 'schema')) return engine('drop_schema')
  if (cursor.sees('drop', 'view')) return engine('drop_view')
  if (cursor.sees('drop', 'function')) return engine('drop_function')
  if (cursor.sees('drop', 'foreign', 'table')) return engine('drop_foreign_table')
  if (cursor.sees('drop', 'role')) return readRoleStatement(cursor)
  if (cursor.sees('drop', 'database')) return readDatabaseStatement(cursor)
  return unsupportedHead(tokens, isWord(tokens[1], 'foreign') ? 3 : 2)
}

/** First words of statements in PostgreSQL, the engine and BLUE that are not offered here. */
const KNOWN_HEADS = wordSet(`analyze vacuum checkpoint declare fetch move
  savepoint release lock comment cluster reindex refresh reassign security
  statistics do call load import attach detach install uninstall export pragma force replace
  update_extensions kill statistics upsert get put list remove stop`)
