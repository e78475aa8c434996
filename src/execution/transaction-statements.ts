/** BEGIN, COMMIT, ROLLBACK and SET TRANSACTION, with PostgreSQL's tags and warnings. */
import type { AuditLog } from '../audit/audit-log.ts'
import type { Isolation } from '../engine/engine.ts'
import type { TransactionModes, TransactionStatement } from '../sql/statement.ts'
import type { SessionContext } from './execution-context.ts'
import type { Notice } from './executor.ts'
import { recordCommit } from './record-commit.ts'

export interface CommandOutcome {
  readonly tag: string
  readonly notices: readonly Notice[]
}

export async function runTransactionStatement(
  context: SessionContext,
  statement: TransactionStatement,
): Promise<CommandOutcome> {
  const { transaction } = context
  switch (statement.kind) {
    case 'begin':
      if (transaction.kind === 'explicit') {
        return warned('BEGIN', '25001', 'there is already a transaction in progress')
      }
      await begin(context, statement.modes)
      return done('BEGIN')
    case 'commit':
      return await endTransaction(context, 'COMMIT', statement.chain)
    case 'rollback':
      return await endTransaction(context, 'ROLLBACK', statement.chain)
    case 'set_transaction':
      return await setTransaction(context, statement.scope, statement.modes)
  }
}

async function begin(context: SessionContext, modes: TransactionModes): Promise<void> {
  const { session, transaction } = context
  // BEGIN inside a query string or pipeline that wrote already makes those writes part of the block.
  if (transaction.kind === 'implicit') await commitRecorded(context, context.audit)
  await transaction.begin(
    offered(modes.isolation) ?? session.settings.defaultIsolation,
    modes.readOnly ?? session.settings.defaultReadOnly,
  )
}

async function endTransaction(
  context: SessionContext,
  asked: 'COMMIT' | 'ROLLBACK',
  chain: boolean,
): Promise<CommandOutcome> {
  const { session, transaction } = context
  if (transaction.kind !== 'explicit') {
    if (transaction.kind === 'implicit' && asked === 'ROLLBACK') await transaction.rollback()
    return warned(asked, '25P01', 'there is no transaction in progress')
  }
  const { modes } = transaction
  const failed = session.transactionStatus === 'failed_transaction'
  let tag = 'ROLLBACK'
  if (asked === 'COMMIT' && !failed) {
    tag = (await commitRecorded(context, context.audit)) === 'committed' ? 'COMMIT' : 'ROLLBACK'
  } else {
    await transaction.rollback()
  }
  if (chain) await transaction.begin(modes.isolation, modes.readOnly)
  return done(tag)
}

async function setTransaction(
  context: SessionContext,
  scope: 'transaction' | 'session',
  modes: TransactionModes,
): Promise<CommandOutcome> {
  const { session, transaction } = context
  const isolation = offered(modes.isolation)
  if (scope === 'session') {
    const { settings } = session
    if (isolation) settings.set('default_transaction_isolation', [isolation], 'session')
    if (modes.readOnly !== undefined) {
      settings.set('default_transaction_read_only', [modes.readOnly ? 'on' : 'off'], 'session')
    }
    return done('SET')
  }
  if (transaction.kind !== 'explicit') {
    return warned('SET', '25P01', 'SET TRANSACTION can only be used in transaction blocks')
  }
  await transaction.changeModes(isolation, modes.readOnly)
  return done('SET')
}

/** The engine's weakest level is READ COMMITTED; PostgreSQL treats READ UNCOMMITTED the same way. */
function offered(isolation: TransactionModes['isolation']): Isolation | undefined {
  return isolation === 'read uncommitted' ? 'read committed' : isolation
}

/** Commits; a transaction that wrote is flushed to the audit before anybody is told. */
export async function commitRecorded(
  context: SessionContext,
  audit: Pick<AuditLog, 'append'>,
): Promise<'committed' | 'rolled_back'> {
  const { wrote } = context.transaction
  const startedAt = new Date()
  const outcome = await context.transaction.commit()
  if (wrote) await recordCommit(audit, context, outcome, startedAt)
  return outcome
}

function done(tag: string): CommandOutcome {
  return { tag, notices: [] }
}

function warned(tag: string, code: string, message: string): CommandOutcome {
  return { tag, notices: [{ severity: 'WARNING', code, message }] }
}
