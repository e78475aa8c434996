/**
 * GET_STATEMENT_PERMISSIONS: what a statement needs, found out by the gate. Nothing runs.
 *
 * It tells what a refusal would tell, no more: an object that the asking role may not know of does
 * not exist here either. Where a permission on what is written is missing, that is the answer; what
 * the query in such a statement reads comes into it once it is held.
 *
 * Source: BLUE SQL, GET_STATEMENT_PERMISSIONS. CONNECT on the session's own database is left out.
 */
import { GatewayError, repositioned } from '../base/gateway-error.ts'
import { RecordingAuthority } from '../gate/recording-authority.ts'
import type { Requirement } from '../identity/permission.ts'
import { readStatements } from '../sql/read-statements.ts'
import type { Statement } from '../sql/statement.ts'
import type { Row } from './answer.ts'
import { requestFor } from './authorization-request.ts'
import type { SessionContext } from './execution-context.ts'
import { lackedBy } from './missing-grants.ts'

/** @throws GatewayError what is wrong with the statement, without a position. */
export async function statementPermissions(context: SessionContext, text: string): Promise<Row[]> {
  const only = onlyStatement(text, context)
  const statement = only.kind === 'prepare' ? only.statement : only
  if (statement.kind === 'unsupported') {
    throw new GatewayError('feature_not_supported', `${statement.name} is not supported`)
  }
  if (NEED_SUPERUSER.has(statement.kind)) return [['SUPERUSER', 'cluster', null]]
  if (statement.kind !== 'engine') return []
  if (statement.form === 'execute') {
    throw new GatewayError('feature_not_supported', 'the permissions of EXECUTE are not told', {
      hint: 'Ask for those of the statement that was prepared.',
    })
  }
  const { database } = context.session
  const needed = await requirements(context, statement)
  const rows = needed
    .filter(({ permission, name }) => permission !== 'CONNECT' || name !== database)
    .toSorted((a, b) => KINDS.indexOf(a.object.kind) - KINDS.indexOf(b.object.kind))
    .map(({ permission, object, name }): Row => [permission, object.kind, name])
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}

/** The object itself first, then what holds it, as in BLUE's example. */
const KINDS = [
  'column',
  'table',
  'view',
  'foreign table',
  'sequence',
  'function',
  'location',
  'schema',
  'database',
]

const NEED_SUPERUSER: ReadonlySet<Statement['kind']> = new Set<Statement['kind']>([
  'create_role',
  'drop_role',
  'rename_role',
  'grant_cluster',
  'revoke_cluster',
  'grant_permissions',
  'revoke_permissions',
  'grant_roles',
  'revoke_roles',
  'alter_default_permissions',
  'describe_roles',
  'auditlog',
])

function onlyStatement(text: string, { session }: SessionContext): Statement {
  const [statement, second] = withoutPosition(() => readStatements(text, session.settings.dialect))
  if (statement && !second) return statement
  throw new GatewayError(
    'invalid_parameter_value',
    'GET_STATEMENT_PERMISSIONS takes exactly one statement',
    { hint: 'Write it as a string: SELECT GET_STATEMENT_PERMISSIONS($$SELECT * FROM t$$).' },
  )
}

async function requirements(
  context: SessionContext,
  statement: Extract<Statement, { kind: 'engine' }>,
): Promise<readonly Requirement[]> {
  const request = await requestFor(context, statement, [])
  const authority = new RecordingAuthority(request.authority, false)
  try {
    return await context.gate.requirementsOf({ ...request, authority })
  } catch (thrown) {
    if (lackedBy(thrown).length > 0) return authority.asked
    throw placeless(thrown)
  }
}

function withoutPosition<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (thrown) {
    throw placeless(thrown)
  }
}

/** A place in the string is none in the text that the client sent. */
function placeless(thrown: unknown): unknown {
  return repositioned(thrown, () => undefined)
}
