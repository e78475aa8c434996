/**
 * Every act of the local administrator is on record, on disk, before it is answered.
 *
 * The peer of the control socket is whoever may open a file of mode 0600 in the data directory, so
 * all of them are `local` (design, section 4, decision 9).
 */
import type { AuditEvent } from '../../audit/audit-event.ts'
import { toGatewayError } from '../../base/gateway-error.ts'
import type { ControlParts } from './control-parts.ts'

export interface Act {
  readonly category: AuditEvent['category']
  /** In the past tense: `client_created`. */
  readonly action: string
  /** The act's parameters, for people. Never a secret. */
  readonly details: string
}

/**
 * Does `work` and records it with its outcome.
 *
 * @returns what `work` gives.
 * @throws what `work` threw, after that was recorded; or the audit's own error: the act then took
 *         effect, but its answer is an error, because it is not on record.
 */
export async function recordAct<T>(
  parts: Pick<ControlParts, 'audit' | 'identity'>,
  act: Act,
  work: () => T | Promise<T>,
): Promise<T> {
  const startedAt = new Date()
  const record = async (outcome: 'succeeded' | 'failed', error?: string): Promise<void> => {
    const { roleId } = parts.identity.localAdministrator()
    await parts.audit.append(
      {
        ...act,
        outcome,
        username: 'local',
        roleName: parts.identity.authority(roleId).roleName,
        address: 'local',
        door: 'local',
        initiatedBy: 'CLI',
        startedAt: startedAt.toISOString(),
        durationMs: Date.now() - startedAt.getTime(),
        ...(error === undefined ? {} : { error }),
      },
      'flushed',
    )
  }

  let result: T
  try {
    result = await work()
  } catch (thrown) {
    const { kind, message } = toGatewayError(thrown)
    await record('failed', `${kind}: ${message}`)
    throw thrown
  }
  await record('succeeded')
  return result
}
