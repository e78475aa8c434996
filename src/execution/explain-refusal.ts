/**
 * What would have allowed a refused statement, for the administrators who read the audit.
 *
 * A refusal that names what is missing is explained in its own record. One that only says that
 * something does not exist is explained after it was answered, in a record of its own: looking for
 * what is hidden takes longer than looking for what is not there, and the client shall not learn the
 * one from the other by its watch.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { ErrorKind } from '../base/gateway-error.ts'
import type { Log } from '../base/log.ts'
import { RecordingAuthority } from '../gate/recording-authority.ts'
import type { EngineStatement, StatementPlace } from '../sql/statement.ts'
import { definitionsFor, requestFor } from './authorization-request.ts'
import type { SessionContext } from './execution-context.ts'
import { lackedBy, missingGrants } from './missing-grants.ts'
import type { StatementAccount } from './statement-account.ts'

/** The grants that a refusal says are missing; none for any other error. Never throws. */
export async function grantsThatWouldAllow(
  context: SessionContext,
  thrown: unknown,
): Promise<readonly string[]> {
  const missing = lackedBy(thrown)
  if (missing.length === 0) return []
  const { identity, session, log } = context
  try {
    const authority = identity.authority(session.principal.roleId)
    const { catalog } = await definitionsFor(context)
    return missingGrants(missing, authority, catalog)
  } catch (error) {
    return unexplained(log, error)
  }
}

/** With these a gate says that something is not there, be it hidden or not. */
const NOT_THERE: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'undefined_table',
  'undefined_function',
  'invalid_schema_name',
  'invalid_catalog_name',
])

/** Of one session: explains one refusal at a time; those that come meanwhile stay unexplained. */
export class HiddenRefusals {
  readonly #context: SessionContext
  #busy = false

  constructor(context: SessionContext) {
    this.#context = context
  }

  /** Returns at once. A record follows when the statement was about something hidden. */
  explain(account: StatementAccount, thrown: unknown): void {
    const { statement } = account
    const { transaction, log } = this.#context
    if (!(thrown instanceof GatewayError) || !NOT_THERE.has(thrown.kind)) return
    if (statement.kind !== 'engine' || this.#busy || transaction.overlay) return
    this.#busy = true
    setImmediate(() => {
      this.#explain(statement, account)
        .catch((error: unknown) => unexplained(log, error))
        .finally(() => (this.#busy = false))
    })
  }

  async #explain(
    statement: StatementPlace & EngineStatement,
    account: StatementAccount,
  ): Promise<void> {
    const { gate } = this.#context
    const request = await requestFor(this.#context, statement, [])
    const seeing = new RecordingAuthority(request.authority, true)
    // what is wrong besides does not matter: the grants that it got to are missing all the same
    await gate.requirementsOf({ ...request, authority: seeing }).catch(() => undefined)
    const grants = missingGrants(seeing.lacking, request.authority, request.catalog)
    if (grants.length > 0) await account.explained(grants)
  }
}

function unexplained(log: Log, error: unknown): [] {
  log.warn({ error }, 'a refused statement could not be explained')
  return []
}
