/** Two spellings of one default permission give one key, so that it can be found and dropped. */
import type { DefaultGrantRow } from './identity-store.ts'
import { ownId } from './object-key.ts'

/** Names all of a rule: two rules with one key are the same. */
export function defaultGrantKey(rule: DefaultGrantRow): string {
  const { creatorId, objectKind, schema, permission, granteeId } = rule
  const where = schema ? `schema ${ownId(schema)}` : 'anywhere'
  return `${creatorId ?? 'all roles'} ${objectKind} ${where} ${permission} ${granteeId ?? 'creator'}`
}
