/** What the store keeps to know its keys again: the number of a root key, and a proof of it. */
import { createHmac } from 'node:crypto'
import type { KeyRing } from './key-ring.ts'

export function keyCheck(keys: KeyRing): string {
  return `${keys.currentId} ${proof(keys, keys.currentId)}`
}

/** @throws GatewayError `undefined_object` when the ring lacks the root key that was current then. */
export function isProvenBy(keys: KeyRing, check: string): boolean {
  const [rootId, known] = check.split(' ')
  return proof(keys, Number(rootId)) === known
}

function proof(keys: KeyRing, rootId: number): string {
  return createHmac('sha256', keys.key('key check', rootId)).update('bluegate').digest('base64url')
}
