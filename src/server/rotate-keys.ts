/**
 * A new root key for an installation that runs.
 *
 * In this order, so that a crash between any two steps leaves what works: the key is kept; it becomes
 * the current one; tokens that are sealed under older ones are sealed anew. The last is taken up
 * again by the next start.
 */
import type { AuditLog } from '../audit/audit-log.ts'
import type { Log } from '../base/log.ts'
import type { KeyRing } from '../identity/key-ring.ts'
import type { OpenIdentity } from '../identity/open-identity.ts'
import type { KeyRotation } from '../protocol/http/operations-port.ts'
import { rotateRootKey } from '../storage/secrets/rotate-root-key.ts'

export function keyRotation(
  secretsDir: string,
  keys: KeyRing,
  identity: Pick<OpenIdentity, 'rewrapTokens' | 'rootKeyUses'>,
): () => Promise<KeyRotation> {
  let last: Promise<unknown> = Promise.resolve()
  const rotate = async (): Promise<KeyRotation> => {
    await rotateRootKey(secretsDir, keys)
    const { rewrapped } = await identity.rewrapTokens()
    return { current: keys.currentId, rewrapped, keys: identity.rootKeyUses() }
  }
  return () => {
    const next = last.then(rotate)
    last = next.catch(() => undefined) // one after the other: each reads the file that it replaces
    return next
  }
}

/** What a rotation that was cut off has left to do; on record when there was something. */
export async function finishKeyRotation(
  identity: Pick<OpenIdentity, 'rewrapTokens'>,
  audit: Pick<AuditLog, 'append'>,
  log: Log,
): Promise<void> {
  const { rewrapped } = await identity.rewrapTokens()
  if (rewrapped === 0) return
  log.info({ rewrapped }, 'a rotation of keys that was cut off is complete')
  await audit.append(
    {
      category: 'SYSTEM',
      action: 'keys_rotation_finished',
      outcome: 'succeeded',
      username: 'system',
      address: 'local',
      door: 'system',
      details: `${rewrapped} tokens sealed under the current key`,
      initiatedBy: 'Blue_UI_System',
      startedAt: new Date().toISOString(),
    },
    'flushed',
  )
}
