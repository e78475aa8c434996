/**
 * One statement's way into the engine and out of it: its place in a pool, its client's budgets, and
 * how long it may run.
 *
 * Between the permit and the engine; `leave` is called at every end, whatever the end is.
 */
import { toGatewayError } from '../../base/gateway-error.ts'
import type { GatewayError } from '../../base/gateway-error.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Permit } from '../../identity/permit.ts'
import type { PoolInfo } from '../../identity/pools.ts'
import type { Session } from '../../session/session.ts'
import type { StatementAccount } from '../statement-account.ts'
import type { Budgets } from './budgets.ts'
import type { Admission, Lane } from './admission.ts'
import { LimitError } from './limit-error.ts'
import type { StatementBudget } from './statement-budget.ts'
import type { GiveBack, SessionPlaces } from './session-places.ts'

export interface AdmissionParts {
  readonly admission: Admission
  readonly budgets: Budgets
  readonly places: SessionPlaces
  readonly identity: Pick<Identity, 'authority'>
  readonly session: Session
  readonly account: StatementAccount
  /** Stops the statement from outside, wherever it is. */
  readonly stop: (reason: GatewayError) => void
}

export class StatementAdmission {
  readonly #parts: AdmissionParts
  #isIn = false
  #left = false
  #place: GiveBack | undefined
  #budget: StatementBudget | undefined
  readonly #timers: NodeJS.Timeout[] = []

  constructor(parts: AdmissionParts) {
    this.#parts = parts
  }

  /**
   * Returns when the statement may go to the engine; a second call does nothing.
   *
   * @returns whether it waited: what its permit was checked against may be another by now.
   * @throws LimitError; GatewayError `undefined_object` for its pool; the signal's reason.
   */
  async admit(permit: Permit, signal: AbortSignal): Promise<boolean> {
    if (this.#isIn) return false
    const { admission, places, budgets, session, account } = this.#parts
    const { principal } = session
    if (principal.kind === 'client') this.#budget ??= budgets.begin(principal, session.id)
    if (this.#isAdministrator()) {
      this.#enter()
      return false
    }
    const pool = admission.poolOf(session)
    const lane = laneOf(permit, account.statement.text)
    let place = places.take(pool, lane)
    const waits = place === undefined
    if (!place) {
      account.waitsIn(pool.name)
      place = await places.wait(pool, lane, waitOptions(pool), signal)
    }
    if (this.#left)
      place() // it ended in the very moment in which its turn came
    else this.#place = place
    this.#enter(pool)
    return waits
  }

  /**
   * Rows that are about to leave, and their bytes as encoded.
   * @throws LimitError: they must not leave, and the statement was stopped.
   */
  gave(rows: number, bytes: number): void {
    try {
      this.#budget?.gave(rows, bytes)
    } catch (thrown) {
      this.#parts.stop(toGatewayError(thrown))
      throw thrown
    }
  }

  leave(): void {
    this.#left = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#place?.()
    this.#budget?.end()
  }

  #enter(pool?: PoolInfo): void {
    this.#isIn = true
    this.#parts.account.runsIn(pool?.name)
    if (this.#left) return
    if (pool?.runSeconds !== undefined) this.#stopAfter(pool.runSeconds * 1000, ranTooLong(pool))
    const time = this.#budget?.start()
    if (time) this.#stopAfter(time.ms, time.error)
  }

  #stopAfter(ms: number, error: GatewayError): void {
    this.#timers.push(setTimeout(() => this.#parts.stop(error), ms).unref())
  }

  #isAdministrator(): boolean {
    const { identity, session } = this.#parts
    const { superuser, clusterAdmin } = identity.authority(session.principal.roleId)
    return superuser || clusterAdmin
  }
}

function waitOptions(pool: PoolInfo) {
  const { queueWaitSeconds } = pool
  return {
    waitMs: queueWaitSeconds === undefined ? undefined : queueWaitSeconds * 1000,
    tooLong: () => waitedTooLong(pool),
  }
}

function waitedTooLong({ name, queueWaitSeconds = 0 }: PoolInfo): LimitError {
  return new LimitError(
    'configuration_limit',
    { name: 'queueWaitSeconds', value: queueWaitSeconds, holder: `pool "${name}"` },
    'the statement did not get its turn in time',
    { hint: 'Try again later, or choose another pool: USE POOL ….', safeToRetry: true },
  )
}

function ranTooLong({ name, runSeconds = 0 }: PoolInfo): LimitError {
  return new LimitError(
    'cancelled',
    { name: 'runSeconds', value: runSeconds, holder: `pool "${name}"` },
    'canceling statement because it ran too long',
  )
}

/** The engine's DESCRIBE looks at names and types alone. */
function laneOf({ readsNoTable }: Permit, text: string): Lane {
  return readsNoTable || /^desc(?:ribe)?\b/i.test(text) ? 'catalogue' : 'tables'
}
