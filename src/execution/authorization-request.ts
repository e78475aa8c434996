/** What the gate is asked about a statement of a session: who asks, and what the session sees now. */
import type { AuthorizationRequest } from '../gate/gate.ts'
import type { EngineStatement, StatementPlace } from '../sql/statement.ts'
import type { SessionContext } from './execution-context.ts'
import { authorityIfAny } from './held-rights.ts'
import type { SeenDefinitions } from './session-definitions.ts'

/** `parameterTypes`: engine type names by number from 1; undefined where the client left it open. */
export async function requestFor(
  context: SessionContext,
  statement: StatementPlace & EngineStatement,
  parameterTypes: readonly (string | undefined)[],
): Promise<AuthorizationRequest> {
  const { session, identity } = context
  const authority = identity.authority(session.principal.roleId)
  const { catalog, introspection } = await definitionsFor(context)
  return {
    statement,
    parameterTypes,
    principal: session.principal,
    authority,
    catalog,
    introspection,
    database: session.database,
    searchPath: session.settings.searchPath,
    roleAuthority: (roleId) => authorityIfAny(identity, roleId),
  }
}

/** A transaction with definitions of its own sees those. */
export async function definitionsFor(context: SessionContext): Promise<SeenDefinitions> {
  const { transaction, definitions, engineSession } = context
  return transaction.overlay
    ? { catalog: transaction.overlay, introspection: engineSession.introspection }
    : await definitions.current()
}
