/** Every act of an administrator is on record, on disk, under the caller's name, before it is answered. */
import type { AuditEvent } from '../../audit/audit-event.ts'
import { toGatewayError } from '../../base/gateway-error.ts'
import { principalName } from '../../identity/principal.ts'
import type { ApiParts } from './api-parts.ts'
import type { Caller } from './caller.ts'

export interface Act {
  readonly category: AuditEvent['category']
  /** In the past tense: `client_created`. */
  readonly action: string
  /** The act's parameters, for people. Never a secret. */
  readonly details: string
}

/** BLUE's words. */
const INITIATED_BY = { local: 'CLI', user: 'Blue_UI_User', client: 'External' } as const

/**
 * Does `work` and records it with its outcome.
 *
 * @returns what `work` gives.
 * @throws what `work` threw, after that was recorded; or the audit's own error: the act then took
 *         effect, but its answer is an error, because it is not on record.
 */
export async function recordAct<T>(
  parts: Pick<ApiParts, 'audit' | 'identity'>,
  caller: Caller,
  act: Act,
  work: () => T | Promise<T>,
): Promise<T> {
  const startedAt = new Date()
  const record = async (outcome: 'succeeded' | 'failed', error?: string): Promise<void> => {
    const { principal, address, door, tool } = caller
    await parts.audit.append(
      {
        ...act,
        outcome,
        username: principalName(principal),
        ...(principal.kind === 'client' && {
          clientId: principal.clientId,
          tokenId: principal.tokenId,
        }),
        roleName: parts.identity.authority(principal.roleId).roleName,
        address,
        clientVersion: tool,
        door,
        initiatedBy: INITIATED_BY[principal.kind],
        startedAt: startedAt.toISOString(),
        durationMs: Date.now() - startedAt.getTime(),
        ...(error === undefined ? {} : { error }),
      },
      'flushed',
    )
  }

  let result: T
  try {
    // looking at the audit changes nothing, and may be what shows why there is no room
    if (parts.audit.refusal && act.category !== 'AUDITLOG') throw parts.audit.refusal
    result = await work()
  } catch (thrown) {
    const { kind, message } = toGatewayError(thrown)
    await record('failed', `${kind}: ${message}`)
    throw thrown
  }
  await record('succeeded')
  return result
}
