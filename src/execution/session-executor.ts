/**
 * The statements of one lane of a session, whatever door they come through.
 *
 * Decides who answers a statement: the engine, or the gateway itself (`answer-statement.ts`). Keeps the transaction status
 * true, and the session's running statements at hand, so that they can be stopped from outside.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { ResultFormat } from '../columnar/result-format.ts'
import type { Session } from '../session/session.ts'
import { readStatements } from '../sql/read-statements.ts'
import type {
  CopyInStatement,
  EngineStatement,
  ExecuteStatement,
  PrepareStatement,
  Statement,
  StatementPlace,
} from '../sql/statement.ts'
import { LimitError } from './admission/limit-error.ts'
import type { SessionPlaces } from './admission/session-places.ts'
import { StatementAdmission } from './admission/statement-admission.ts'
import { answerStatement, CHANGES_STATE, columnsOfAnswer } from './answer-statement.ts'
import type { CopyInRun } from './copy-in-run.ts'
import type { EngineStatementRun } from './engine-statement-run.ts'
import type { SessionContext } from './execution-context.ts'
import { grantsThatWouldAllow, HiddenRefusals } from './explain-refusal.ts'
import type {
  Executor,
  PreparedShape,
  RunningCopyIn,
  RunningStatement,
  StatementOptions,
} from './executor.ts'
import { notHere } from './not-here.ts'
import { describeEngineStatement, runCopyIn, runEngineStatement } from './run-statement.ts'
import { lostRequirement } from './held-rights.ts'
import type { RunnableStatement } from './run-statement.ts'
import { roleNameOf } from './role-name-of.ts'
import { savedStatement } from './saved-queries.ts'
import { StatementAccount } from './statement-account.ts'
import type { HeldLock, StatementRecord } from './statement-record.ts'
import { revoked } from './transaction.ts'
import { commitRecorded } from './transaction-statements.ts'
import { abortReason, watchedCopy, watchedRun } from './watched-runs.ts'
import type { RunWatch } from './watched-runs.ts'

/** What a lane has of its session. */
export interface SessionParts {
  /** Shared by all lanes. */
  readonly places: SessionPlaces
  /** Told when a statement began or ended. */
  readonly statementChanged: () => void
  readonly closeSession: (reason: string) => Promise<void>
}

/** What stops a statement, and its place among those that run. */
interface LiveParts {
  readonly stop: AbortController
  readonly admission: StatementAdmission
}

export class SessionExecutor implements Executor {
  readonly #context: SessionContext
  readonly #parts: SessionParts
  /** Every statement, from before it starts until its end is told. */
  readonly #live = new Map<StatementAccount, LiveParts>()
  readonly #running = new Map<EngineStatementRun | CopyInRun, { close(): Promise<void> }>()
  readonly #hiddenRefusals: HiddenRefusals
  /** Of statements that ended well in a transaction that goes on. */
  #locks: HeldLock[] = []
  #starting = 0
  /** A SET outside BEGIN is undone when its query string or pipeline fails. */
  #settingsHeld = false
  #leaving: Promise<void> | undefined

  constructor(context: SessionContext, parts: SessionParts) {
    this.#context = context
    this.#parts = parts
    this.#hiddenRefusals = new HiddenRefusals(context)
  }

  get session(): Session {
    return this.#context.session
  }

  get busy(): boolean {
    return this.#starting > 0 || this.#running.size > 0 || this.#context.transaction.kind !== 'none'
  }

  get statements(): readonly StatementRecord[] {
    return [...this.#live.keys()].map((account) => account.record)
  }

  get locks(): readonly HeldLock[] {
    const before = this.#context.transaction.kind === 'none' ? [] : this.#locks
    return [...before, ...[...this.#live.keys()].flatMap(({ locks }) => locks)]
  }

  cancel(queryId: number, why: 'user request' | 'administrator command'): boolean {
    for (const [account, { stop }] of this.#live) {
      if (account.record.queryId !== queryId) continue
      stop.abort(new GatewayError('cancelled', `canceling statement due to ${why}`))
      return true
    }
    return false
  }

  read(text: string): Statement[] {
    return readStatements(text, this.session.settings.dialect).map((statement) =>
      statement.kind === 'execute_saved_query'
        ? savedStatement(this.#context, statement)
        : statement,
    )
  }

  async describe(
    statement: Statement,
    parameterTypes: readonly (string | undefined)[],
    queryId?: number,
  ): Promise<PreparedShape> {
    this.#mayRun(statement)
    if (statement.kind !== 'engine') {
      return { parameterTypes: [], columns: columnsOfAnswer(this.session, statement) }
    }
    if (statement.form === 'copy_in') return { parameterTypes: [], columns: undefined }
    refuseWithoutDoor(statement)
    try {
      this.#context.budgets.checkHours(this.session.principal)
      return await describeEngineStatement(this.#context, statement, parameterTypes)
    } catch (thrown) {
      this.#failTransaction()
      await this.#recordFailure(this.#newAccount(statement, queryId), thrown) // it will not be run
      throw thrown
    }
  }

  async run(
    statement: Statement,
    options: StatementOptions,
    signal: AbortSignal,
  ): Promise<RunningStatement> {
    const start = async (account: StatementAccount, live: LiveParts): Promise<RunningStatement> => {
      if (statement.kind === 'engine') refuseWithoutDoor(statement)
      if (statement.kind === 'engine' || statement.kind === 'load')
        return await this.#runInEngine(statement, options, account, live, signal)
      this.#holdSettings(statement)
      const answered = await answerStatement(this.#context, statement, options)
      await account.succeeded(CHANGES_STATE.has(statement.kind) ? 'flushed' : 'written')
      this.#over(account)
      return answered
    }
    return await this.#onRecord(statement, start, options.queryId)
  }

  async copyIn(
    statement: StatementPlace & CopyInStatement,
    signal: AbortSignal,
  ): Promise<RunningCopyIn> {
    return await this.#onRecord(statement, async (account, { stop, admission }) => {
      const either = AbortSignal.any([signal, stop.signal])
      try {
        const run = await runCopyIn(this.#context, statement, { account, admission }, either)
        this.#running.set(run, { close: () => run.settled() })
        return watchedCopy(run, either, this.#watchOf(run, account))
      } catch (thrown) {
        throw either.aborted ? abortReason(either, thrown) : thrown
      }
    })
  }

  async prepare(
    prepare: StatementPlace & PrepareStatement,
    parameterTypes: readonly (string | undefined)[],
  ): Promise<PreparedShape> {
    const { statement: prepared } = prepare
    return await this.#onRecord(prepare, async (account) => {
      const shape = await describeEngineStatement(this.#context, prepared, parameterTypes)
      await account.succeeded('written')
      this.#over(account)
      return shape
    })
  }

  async evaluate(
    execute: StatementPlace & ExecuteStatement,
    parameterTypes: readonly (string | undefined)[],
    format: ResultFormat,
    signal: AbortSignal,
  ): Promise<RunningStatement> {
    const options = { parameters: [], parameterTypes, format, rowsMax: 0 }
    return await this.#onRecord(
      execute,
      async (account, live) => await this.#runInEngine(execute, options, account, live, signal),
    )
  }

  /** With its account open, which is closed here when it does not start. */
  async #onRecord<Started>(
    statement: Statement,
    start: (account: StatementAccount, live: LiveParts) => Promise<Started>,
    queryId?: number,
  ): Promise<Started> {
    const { budgets, session } = this.#context
    const account = this.#newAccount(statement, queryId)
    const live = this.#began(account)
    this.#starting += 1
    try {
      this.#mayRun(statement)
      if (!ENDS_TRANSACTION.has(statement.kind)) budgets.checkHours(session.principal)
      return await start(account, live)
    } catch (thrown) {
      this.#over(account)
      this.#failTransaction()
      await this.#recordFailure(account, thrown)
      throw thrown
    } finally {
      this.#starting -= 1
    }
  }

  async endImplicitTransaction(outcome: 'succeeded' | 'failed'): Promise<void> {
    const { transaction, audit, session } = this.#context
    if (transaction.kind === 'explicit') return
    if (this.#settingsHeld) {
      this.#settingsHeld = false
      session.settings.endTransaction(outcome === 'succeeded' ? 'committed' : 'rolled_back')
    }
    if (transaction.kind === 'none') return
    if (outcome === 'failed') {
      await transaction.rollback()
    } else if ((await commitRecorded(this.#context, audit)) === 'rolled_back') {
      throw new GatewayError('failed_transaction', 'the transaction was aborted and rolled back')
    }
  }

  #began(account: StatementAccount): LiveParts {
    const { budgets, identity, session } = this.#context
    if (this.#context.transaction.kind === 'none') this.#locks = []
    const stop = new AbortController()
    const live: LiveParts = {
      stop,
      admission: new StatementAdmission({
        admission: this.#context.admission,
        budgets,
        places: this.#parts.places,
        identity,
        session,
        account,
        stop: (reason) => stop.abort(reason),
      }),
    }
    this.#live.set(account, live)
    this.#parts.statementChanged()
    return live
  }

  #over(account: StatementAccount): void {
    this.#live.get(account)?.admission.leave()
    if (!this.#live.delete(account)) return
    this.#locks.push(...account.locks)
    this.#parts.statementChanged()
  }

  #holdSettings(statement: Statement): void {
    const { transaction, session } = this.#context
    if (transaction.kind === 'explicit') return
    if (statement.kind === 'begin') this.#settingsHeld = false // the block takes them over
    if (!CHANGES_SETTINGS.has(statement.kind)) return
    if (!this.#settingsHeld) session.settings.beginTransaction()
    this.#settingsHeld = true
  }

  recheck(): void {
    const { identity, session } = this.#context
    for (const [account, { stop }] of this.#live) {
      const lost = lostRequirement(identity, session.principal.roleId, account.requires)
      if (lost) stop.abort(revoked(lost))
    }
  }

  /** Whatever runs fails with this. */
  stopAll(reason: GatewayError): void {
    for (const { stop } of this.#live.values()) stop.abort(reason)
  }

  async close(reason: string): Promise<void> {
    await this.#parts.closeSession(reason)
  }

  /** Ends the lane alone, and waits until its engine work is gone. */
  async leave(): Promise<void> {
    this.#leaving ??= this.#leave()
    await this.#leaving
  }

  async #leave(): Promise<void> {
    await Promise.all([...this.#running.values()].map((one) => one.close()))
    await this.#context.engineSession.close()
  }

  async #runInEngine(
    statement: RunnableStatement,
    options: StatementOptions,
    account: StatementAccount,
    { stop, admission }: LiveParts,
    signal: AbortSignal,
  ): Promise<RunningStatement> {
    const either = AbortSignal.any([signal, stop.signal])
    try {
      const run = await runEngineStatement(
        this.#context,
        statement,
        options,
        { account, admission },
        either,
      )
      const watched = watchedRun(run, either, this.#watchOf(run, account))
      this.#running.set(run, watched)
      return watched
    } catch (thrown) {
      throw either.aborted ? abortReason(either, thrown) : thrown
    }
  }

  #watchOf(run: EngineStatementRun | CopyInRun, account: StatementAccount): RunWatch {
    return {
      over: () => {
        this.#running.delete(run)
        this.#over(account)
      },
      failed: async (reason) => {
        this.#failTransaction()
        await this.#recordFailure(account, reason)
      },
      recheck: () => this.#mayStillRead(account),
    }
  }

  #mayStillRead({ requires }: StatementAccount): void {
    const { identity, session } = this.#context
    const cutOff = this.#cutOff
    if (cutOff) throw cutOff
    const lost = lostRequirement(identity, session.principal.roleId, requires)
    if (lost) throw revoked(lost)
  }

  /** @throws GatewayError when the session was cut off, or its transaction failed. */
  #mayRun(statement: Statement): void {
    const { session } = this.#context
    const cutOff = this.#cutOff
    if (cutOff) {
      session.end(cutOff)
      throw cutOff
    }
    const ends = ENDS_TRANSACTION.has(statement.kind)
    if (session.transactionStatus === 'failed_transaction' && !ends) {
      throw new GatewayError(
        'failed_transaction',
        'current transaction is aborted, commands ignored until end of transaction block',
      )
    }
  }

  /** Why the session may not go on, or undefined while it may. */
  get #cutOff(): GatewayError | undefined {
    const { session, identity } = this.#context
    return session.endReason ?? identity.cutOff(session.principal)
  }

  #newAccount(statement: Statement, queryId = this.session.nextQueryId()): StatementAccount {
    const { audit, session, identity, history } = this.#context
    const roleName = roleNameOf(identity, session.principal.roleId)
    return new StatementAccount(audit, session, roleName, { statement, queryId }, (record) =>
      history.ended(session.id, record),
    )
  }

  /** Failures and refusals are on record before they are told; with what would have allowed them. */
  async #recordFailure(account: StatementAccount, thrown: unknown): Promise<void> {
    const grants = await grantsThatWouldAllow(this.#context, thrown)
    await account.failed(thrown, isRefusal(thrown) ? 'refused' : 'failed', grants)
    this.#hiddenRefusals.explain(account, thrown)
  }

  #failTransaction(): void {
    const { transaction, session } = this.#context
    if (transaction.kind === 'explicit') session.moveTo('failed_transaction')
  }
}

const ENDS_TRANSACTION: ReadonlySet<Statement['kind']> = new Set<Statement['kind']>([
  'commit',
  'rollback',
])

/** Undone when the query string or pipeline that they are part of fails. */
const CHANGES_SETTINGS: ReadonlySet<Statement['kind']> = new Set<Statement['kind']>([
  'set',
  'reset',
  'use_pool',
  'use',
])

/** @throws GatewayError for what its own door runs in another way. */
function refuseWithoutDoor({ form }: EngineStatement): void {
  if (form === 'copy_in') throw notHere('COPY … FROM STDIN', 'It takes rows')
  if (form === 'execute') throw notHere('EXECUTE', 'Statements are prepared')
}

function isRefusal(thrown: unknown): boolean {
  return (
    thrown instanceof GatewayError &&
    (thrown instanceof LimitError ||
      thrown.kind === 'insufficient_privilege' ||
      thrown.kind === 'feature_not_supported')
  )
}
