/** When the keys are lost: no token can be proven any more, so each client gets another one. */
import type { IdentityStore, IdentityStoreChange } from './identity-store.ts'
import { IdentityRecords } from './identity-records.ts'
import { keyCheck } from './key-check.ts'
import type { KeyRing } from './key-ring.ts'
import { sealedUnder, TokenSecrets } from './token-secrets.ts'
import { TokenMint } from './token-mint.ts'

/** The highest number of a root key that anything in the store names; 0 for none. */
export async function highestRootKeyNamed(store: IdentityStore): Promise<number> {
  const { tokens, properties } = await store.load()
  const check = Number(properties.keyCheck?.split(' ')[0] ?? 0)
  const named = tokens.flatMap(({ pepperVersion, sealed }) => {
    return sealed ? [pepperVersion, sealedUnder(sealed)] : [pepperVersion]
  })
  return Math.max(check, ...named)
}

/**
 * Ends every token, makes one for each client under the new keys (nobody has seen it: it can be
 * shown, or regenerated), and binds the store to those keys: all in one commit. Roles, grants and
 * clients stay.
 *
 * @returns the names of the clients.
 */
export async function replaceLostTokens(
  store: IdentityStore,
  keys: KeyRing,
  clock: () => number,
): Promise<readonly string[]> {
  const state = await store.load()
  const records = new IdentityRecords(state)
  const mint = new TokenMint(new TokenSecrets(keys), {}, clock)
  const changes: IdentityStoreChange[] = []
  for (const client of records.clients.values()) {
    const next = await mint.next(client, records.tokensOf(client.id), 0)
    changes.push(...next.changes)
  }
  changes.push({ kind: 'set_property', name: 'keyCheck', value: keyCheck(keys) })
  await store.commit(state.version, changes)
  return [...records.clients.values()].map(({ name }) => name).toSorted()
}
