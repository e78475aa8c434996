/** Which root keys are still needed by what is stored, and how that is brought to an end. */
import type { Log } from '../base/log.ts'
import type { IdentityLedger } from './identity-ledger.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { IdentityStoreChange, TokenRow } from './identity-store.ts'
import { keyCheck } from './key-check.ts'
import type { KeyRing } from './key-ring.ts'
import { endOf } from './token-life.ts'
import { sealedUnder } from './token-secrets.ts'
import type { TokenSecrets } from './token-secrets.ts'

export interface RootKeyUse {
  readonly id: number
  readonly current: boolean
  /** The chain of the audit is made with it. */
  readonly audit: boolean
  /** Live tokens that are proven with it; each comes under the current one when it is regenerated. */
  readonly tokens: number
  /** Tokens that are sealed with it; none, but for the current one, when a rotation is complete. */
  readonly sealed: number
}

export function rootKeyUses(records: IdentityRecords, keys: KeyRing, now: number): RootKeyUse[] {
  const tokens = [...records.tokens.values()]
  const living = tokens.filter((token) => endOf(token, now) === undefined)
  return keys.ids.map((id) => ({
    id,
    current: id === keys.currentId,
    audit: id === keys.auditId,
    tokens: living.filter(({ pepperVersion }) => pepperVersion === id).length,
    sealed: tokens.filter(({ sealed }) => sealed && sealedUnder(sealed) === id).length,
  }))
}

/** All in one commit: a crash leaves all of them under their old keys, or under the new one. */
export async function rewrapTokens(
  ledger: IdentityLedger,
  secrets: TokenSecrets,
  keys: KeyRing,
  log: Log,
): Promise<{ rewrapped: number }> {
  return await ledger.change((records) => {
    const changes: IdentityStoreChange[] = []
    for (const token of records.tokens.values()) {
      const sealed = rewrapped(token, secrets, keys, log)
      if (sealed) changes.push({ kind: 'put_token', token: { ...token, sealed } })
    }
    const result = { rewrapped: changes.length }
    const value = keyCheck(keys)
    if (records.properties.get('keyCheck') !== value) {
      changes.push({ kind: 'set_property', name: 'keyCheck', value })
    }
    return { changes, result }
  })
}

function rewrapped(
  { id, sealed }: TokenRow,
  secrets: TokenSecrets,
  keys: KeyRing,
  log: Log,
): Uint8Array | undefined {
  if (!sealed || sealedUnder(sealed) === keys.currentId) return undefined
  try {
    return secrets.seal({ id, text: secrets.unseal(id, sealed) })
  } catch (error) {
    log.warn({ error, tokenId: id }, 'a sealed token cannot be opened, and stays as it is')
    return undefined
  }
}
