/**
 * One statement's way into the engine and out of it: its place in a pool, and how long it may run.
 *
 * Between the permit and the engine; `leave` is called at every end, whatever the end is.
 */
import type { GatewayError } from '../../base/gateway-error.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Permit } from '../../identity/permit.ts'
import type { PoolInfo } from '../../identity/pools.ts'
import type { Session } from '../../session/session.ts'
import type { StatementAccount } from '../statement-account.ts'
import type { Admission, Lane } from './admission.ts'
import { LimitError } from './limit-error.ts'
import type { GiveBack, SessionPlaces } from './session-places.ts'

export interface AdmissionParts {
  readonly admission: Admission
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
  #timer: NodeJS.Timeout | undefined

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
    const { admission, places, session, account } = this.#parts
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

  leave(): void {
    this.#left = true
    clearTimeout(this.#timer)
    this.#place?.()
  }

  #enter(pool?: PoolInfo): void {
    this.#isIn = true
    this.#parts.account.runsIn(pool?.name)
    if (pool?.runSeconds === undefined || this.#left) return
    this.#timer = setTimeout(() => this.#parts.stop(ranTooLong(pool)), pool.runSeconds * 1000)
    this.#timer.unref()
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
