/**
 * Saved queries: SAVE_QUERY and its like, DESCRIBE SAVED QUERIES, and what EXECUTE_SAVED_QUERY becomes.
 *
 * A saved query is its role's: roles that act with it, and SUPERUSER, may execute, show and drop it; for
 * everybody else it is not there. It brings no rights: whoever executes it needs all of its own.
 * Source: BLUE SQL, 3.4; decision 37.
 */
import { likePattern } from '../audit/like-pattern.ts'
import { GatewayError, repositioned } from '../base/gateway-error.ts'
import type { Schema } from '../columnar/column-type.ts'
import { heldRoles } from '../identity/held-roles.ts'
import { queriesOf } from '../identity/saved-queries.ts'
import type { SavedQuery } from '../identity/saved-queries.ts'
import { DIALECTS } from '../sql/dialect.ts'
import type { Dialect } from '../sql/dialect.ts'
import { fillParameters } from '../sql/fill-parameters.ts'
import { readStatements } from '../sql/read-statements.ts'
import type {
  ExecuteSavedQuery,
  PlainEngineStatement,
  SavedQueryStatement,
  Statement,
  StatementPlace,
} from '../sql/statement.ts'
import { text } from './answer-columns.ts'
import { answer } from './answer.ts'
import type { Row } from './answer.ts'
import { connectableDatabase } from './connectable-database.ts'
import type { SessionContext } from './execution-context.ts'
import type { RunningStatement, StatementOptions } from './executor.ts'
import { describeEngineStatement } from './run-statement.ts'

type Query = StatementPlace & PlainEngineStatement

/**
 * The query itself, with its values, to be run as if it had been sent.
 * @throws GatewayError `undefined_object`; `syntax_error` for a wrong number of values.
 */
export function savedStatement(
  context: SessionContext,
  execute: StatementPlace & ExecuteSavedQuery,
): Statement {
  const saved = findQuery(context, context.session.database, execute.name)
  const filled = fillParameters(saved.text, execute.arguments, saved.name)
  return { ...queryIn(filled, dialectOf(saved)), executedBy: execute.text }
}

/** @throws GatewayError `undefined_object`, `duplicate_object`, or what is wrong with the query. */
export async function runSavedQueryStatement(
  context: SessionContext,
  statement: Exclude<SavedQueryStatement, ExecuteSavedQuery>,
  options: StatementOptions,
): Promise<RunningStatement> {
  const rows = await rowsOf(context, statement)
  const columns = columnsOfSavedQueryStatement(statement)
  return answer(columns, [rows], 'SELECT', options.format, options.rowsMax)
}

export function columnsOfSavedQueryStatement({
  kind,
}: Exclude<SavedQueryStatement, ExecuteSavedQuery>): Schema {
  return [text(COLUMN_NAMES[kind] ?? kind)]
}

const COLUMN_NAMES: Readonly<Partial<Record<SavedQueryStatement['kind'], string>>> = {
  describe_saved_queries: 'save_query_name',
  describe_saved_query: 'sql',
}

const DONE: readonly Row[] = [['']]

async function rowsOf(
  context: SessionContext,
  statement: Exclude<SavedQueryStatement, ExecuteSavedQuery>,
): Promise<readonly Row[]> {
  const { identity, session } = context
  switch (statement.kind) {
    case 'save_query': {
      const { name, query } = statement
      const { dialect } = session.settings
      await compile(context, query, dialect)
      const { roleId: ownerRoleId } = session.principal
      await identity.saveQuery({
        name,
        text: query,
        dialect,
        ownerRoleId,
        database: session.database,
      })
      return DONE
    }
    case 'drop_saved_query':
      await identity.dropSavedQuery(findQuery(context, session.database, statement.name).id)
      return DONE
    case 'recompile_saved_query': {
      const saved = findQuery(context, session.database, statement.name)
      await compile(context, saved.text, dialectOf(saved))
      return DONE
    }
    case 'describe_saved_queries': {
      const fits = statement.like === undefined ? () => true : likePattern(statement.like)
      const known = knownQueries(context, await databaseOf(context, statement.database))
      return [...new Set(known.map(({ name }) => name))].filter(fits).map((name) => [name])
    }
    case 'describe_saved_query': {
      const database = await databaseOf(context, statement.database)
      return [[findQuery(context, database, statement.name).text]]
    }
  }
}

async function databaseOf(context: SessionContext, asked: string | undefined): Promise<string> {
  const { roleId } = context.session.principal
  const { database } = await connectableDatabase(context, roleId, asked ?? context.session.database)
  return database
}

/** Reads and authorizes it; nothing runs. A place in it is none in what the client sent. */
async function compile(context: SessionContext, query: string, dialect: Dialect): Promise<void> {
  try {
    await describeEngineStatement(context, queryIn(query, dialect), [])
  } catch (thrown) {
    throw repositioned(thrown, () => undefined)
  }
}

function queryIn(query: string, dialect: Dialect): Query {
  const [only, second] = placeless(() => readStatements(query, dialect))
  if (only?.kind === 'engine' && only.form === 'select' && !second) return only
  throw new GatewayError(
    'feature_not_supported',
    'a saved query that is not one query is not supported',
  )
}

function placeless<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (thrown) {
    throw repositioned(thrown, () => undefined)
  }
}

/** The own role's first, then those of its groups; with SUPERUSER all. */
function knownQueries({ identity, session }: SessionContext, database: string): SavedQuery[] {
  const { roleName, superuser } = identity.authority(session.principal.roleId)
  const all = identity.listSavedQueries(database)
  const held = queriesOf(all, heldRoles(identity, roleName))
  return superuser ? [...held, ...all.filter((query) => !held.includes(query))] : held
}

/**
 * @throws GatewayError `undefined_object`, the same for one that is not there and one of others;
 *         `duplicate_object` where several others have one of this name.
 */
function findQuery(context: SessionContext, database: string, name: string): SavedQuery {
  const [first, ...others] = knownQueries(context, database).filter((query) => query.name === name)
  if (!first) throw new GatewayError('undefined_object', `saved query "${name}" does not exist`)
  const { roleId } = context.session.principal
  if (first.ownerRoleId === roleId || others.length === 0) return first
  throw new GatewayError('duplicate_object', `several roles have a saved query "${name}"`)
}

function dialectOf({ dialect }: SavedQuery): Dialect {
  return DIALECTS.find((one) => one === dialect) ?? 'postgres'
}
