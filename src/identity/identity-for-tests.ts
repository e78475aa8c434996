/** An identity over a store in memory, with a clock that is set by hand. For tests of any room. */
import { silentLog } from '../base/log.ts'
import type { IdentityChange } from './identity.ts'
import type { IdentityStore } from './identity-store.ts'
import { KeyRing } from './key-ring.ts'
import { MemoryIdentityStore } from './memory-identity-store.ts'
import { openIdentity } from './open-identity.ts'
import type { IdentitySettings, OpenIdentity } from './open-identity.ts'

export interface IdentityForTests {
  readonly identity: OpenIdentity
  readonly store: IdentityStore
  /** What was told so far, oldest first. */
  readonly told: IdentityChange[]
}

export async function identityForTests(
  options: {
    store?: IdentityStore
    settings?: Partial<IdentitySettings>
    clock?: () => number
    secrets?: KeyRing
  } = {},
): Promise<IdentityForTests> {
  const store = options.store ?? new MemoryIdentityStore()
  const identity = await openIdentity({
    store,
    secrets: options.secrets ?? new KeyRing(1, new Map([[1, new Uint8Array(32).fill(7)]])),
    settings: { tokensShow: 'all', tokenLifetime: {}, ...options.settings },
    clock: options.clock ?? Date.now,
    log: silentLog,
  })
  const told: IdentityChange[] = []
  identity.changes.on((change) => told.push(change))
  return { identity, store, told }
}
