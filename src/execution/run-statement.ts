/**
 * The life of one statement for the engine, on one page.
 *
 *   3 session    may this principal still go on, and may a statement run now?
 *   4 resolve    which definitions does it see?
 *   5 authorize  text → permit, or why not
 *   6 admit      its place in a pool; a write needs a transaction; the engine host queues for a worker
 *   8 run        permit → portal (steps 7 and 9, route and encode, are the engine's)
 *  10 account    objects, rows, bytes, duration, outcome → audit
 *
 * Doors do what comes before (bytes, messages) and after (bytes).
 */
import { GatewayError, repositioned } from '../base/gateway-error.ts'
import { unlessAborted } from '../base/unless-aborted.ts'
import { givesRows } from '../identity/permit.ts'
import type { Permit } from '../identity/permit.ts'
import type { LoadStatement } from '../sql/load-statement.ts'
import { placedAsWritten } from '../sql/in-engine-sql.ts'
import { characterPosition } from '../sql/text-position.ts'
import type { EngineStatement, StatementPlace } from '../sql/statement.ts'
import type { StatementAdmission } from './admission/statement-admission.ts'
import { definitionsFor, requestFor } from './authorization-request.ts'
import { withRecord } from './find-record.ts'
import { withoutHiddenValues } from './beneath-views.ts'
import { locksOf } from './describe-locks.ts'
import { CopyInRun, noRows, storeBatch } from './copy-in-run.ts'
import { EngineStatementRun } from './engine-statement-run.ts'
import type { PreparedShape, StatementOptions } from './executor.ts'
import type { SessionContext } from './execution-context.ts'
import { lostRequirement } from './held-rights.ts'
import type { StatementAccount } from './statement-account.ts'
import { revoked } from './transaction.ts'

type EngineText = StatementPlace & EngineStatement

/** What runs in the engine. */
export type RunnableStatement = StatementPlace & (EngineStatement | LoadStatement)

interface StatementParts {
  readonly account: StatementAccount
  readonly admission: StatementAdmission
}

/** A permit may go stale between its making and the start; each attempt reads the catalogue anew. */
const ATTEMPTS_MAX = 5

/**
 * @throws GatewayError when it is refused or fails at once. The account is closed then; a
 *         transaction that this statement began is rolled back.
 */
export async function runEngineStatement(
  context: SessionContext,
  statement: RunnableStatement,
  options: StatementOptions,
  parts: StatementParts,
  signal: AbortSignal,
): Promise<EngineStatementRun> {
  const types = options.parameterTypes
  return await startPermitted(context, statement, types, parts, signal, async (permit) => {
    const portal = await context.engineSession.run(permit, options, signal)
    return new EngineStatementRun(context, permit, portal, parts)
  })
}

/** As `runEngineStatement`; the rows are still to come. */
export async function runCopyIn(
  context: SessionContext,
  statement: EngineText,
  parts: StatementParts,
  signal: AbortSignal,
): Promise<CopyInRun> {
  return await startPermitted(context, statement, [], parts, signal, async (permit) => {
    await storeBatch(context, permit, noRows(permit), signal)
    return new CopyInRun(context, permit, parts.account, signal)
  })
}

async function startPermitted<Run>(
  context: SessionContext,
  statement: RunnableStatement,
  parameterTypes: StatementOptions['parameterTypes'],
  { account, admission }: StatementParts,
  signal: AbortSignal,
  start: (permit: Permit) => Promise<Run>,
): Promise<Run> {
  const { transaction } = context
  for (let attempt = 1; ;) {
    const authorized =
      statement.kind === 'load'
        ? authorizeLoad(context, statement)
        : authorizeStatement(context, statement, parameterTypes)
    const permit = await unlessAborted(authorized, signal) // planning does not see an interrupt
    account.touches(permit.requires)
    if (await admission.admit(permit, signal)) continue // much may have changed while it waited
    const lost = lostRequirement(
      context.identity,
      context.session.principal.roleId,
      permit.requires,
    )
    if (lost) throw revoked(lost) // while it was planned; from here on `recheck` sees to it
    const before = transaction.kind
    try {
      if (permit.action.kind !== 'read') {
        if (context.audit.refusal) throw context.audit.refusal
        await transaction.beforeWrite(commandWord(permit))
      }
      transaction.beforeStatement()
      account.locks = locksOf(permit, account.record)
      return await start(permit)
    } catch (thrown) {
      if (before === 'none') await transaction.rollback()
      if (!isStale(thrown) || before !== 'none' || attempt === ATTEMPTS_MAX) {
        throw withoutHiddenValues(await withRecord(thrown, permit, context), permit)
      }
      attempt += 1
    }
  }
}

/** The shape of a statement: bound with the types that the client left open inferred, never run. */
export async function describeEngineStatement(
  context: SessionContext,
  statement: EngineText,
  declared: readonly (string | undefined)[],
): Promise<PreparedShape> {
  const shapeFor = async (types: readonly (string | undefined)[]) => {
    for (let attempt = 1; ; attempt += 1) {
      const permit = await authorizeStatement(context, statement, types)
      try {
        const shape = await context.engineSession.describe(permit)
        return { ...shape, hasRows: givesRows(permit) }
      } catch (thrown) {
        const last = attempt === ATTEMPTS_MAX || context.transaction.kind !== 'none'
        if (last || !isStale(thrown)) throw withoutHiddenValues(thrown, permit)
      }
    }
  }

  const first = await shapeFor(declared)
  const parameterTypes = first.parameterTypes.map(
    (inferred, index) => declared[index] ?? inferred ?? 'VARCHAR',
  )
  const open = parameterTypes.some((_, index) => declared[index] === undefined)
  const { columns, hasRows } = open ? await shapeFor(parameterTypes) : first
  return { parameterTypes, columns: hasRows ? columns : undefined }
}

async function authorizeStatement(
  context: SessionContext,
  statement: EngineText,
  parameterTypes: readonly (string | undefined)[],
): Promise<Permit> {
  const request = await requestFor(context, statement, parameterTypes)
  try {
    return await context.gate.authorize(request)
  } catch (thrown) {
    throw placedInSource(thrown, statement)
  }
}

async function authorizeLoad(context: SessionContext, load: LoadStatement): Promise<Permit> {
  const { session, identity, gate } = context
  const { catalog } = await definitionsFor(context)
  return await gate.authorizeLoad({
    load,
    principal: session.principal,
    authority: identity.authority(session.principal.roleId),
    catalog,
    database: session.database,
    searchPath: session.settings.searchPath,
  })
}

/**
 * Positions are told in the client's whole text, not in the statement cut out of it; none where that
 * text is EXECUTE, in which the statement does not stand.
 */
function placedInSource(
  thrown: unknown,
  { text, source, start, executedBy, written }: EngineText,
): unknown {
  if (executedBy !== undefined) return repositioned(thrown, () => undefined)
  if (written) return placedAsWritten(thrown, text, written)
  if (start === 0) return thrown
  const by = characterPosition(source, start) - 1
  return repositioned(thrown, (position) => position + by)
}

function isStale(thrown: unknown): boolean {
  return (
    thrown instanceof GatewayError && thrown.kind === 'serialization_failure' && thrown.safeToRetry
  )
}

function commandWord({ action }: Permit): string {
  if (action.kind === 'read') return 'SELECT'
  if (action.tag === 'SELECT') return 'nextval()'
  return action.tag === 'COPY' ? 'COPY FROM' : action.tag
}
