/** An identity over a store in memory, with a clock that is set by hand. For tests of any room. */
import type { ConsoleSessionStore } from './console-session-store.ts'
import { silentLog } from '../base/log.ts'
import type { IdentityChange } from './identity.ts'
import type { IdentityStore } from './identity-store.ts'
import { KeyRing } from './key-ring.ts'
import { MemoryConsoleSessionStore } from './memory-console-session-store.ts'
import { MemoryIdentityStore } from './memory-identity-store.ts'
import { openIdentity } from './open-identity.ts'
import type { IdentitySettings, OpenIdentity } from './open-identity.ts'

/** The defaults: 15 minutes, 8 hours. */
const CONSOLE = { idleMs: 15 * 60_000, lifetimeMs: 8 * 3_600_000 }

export interface IdentityForTests {
  readonly identity: OpenIdentity
  readonly store: IdentityStore
  /** What was told so far, oldest first. */
  readonly told: IdentityChange[]
}

export async function identityForTests(
  options: {
    store?: IdentityStore
    consoleSessions?: ConsoleSessionStore
    settings?: Partial<IdentitySettings>
    clock?: () => number
    secrets?: KeyRing
  } = {},
): Promise<IdentityForTests> {
  const store = options.store ?? new MemoryIdentityStore()
  const identity = await openIdentity({
    store,
    secrets: options.secrets ?? new KeyRing(1, new Map([[1, new Uint8Array(32).fill(7)]])),
    consoleSessions: options.consoleSessions ?? new MemoryConsoleSessionStore(),
    settings: { console: CONSOLE, tokensShow: 'all', tokenLifetime: {}, ...options.settings },
    clock: options.clock ?? Date.now,
    log: silentLog,
  })
  const told: IdentityChange[] = []
  identity.changes.on((change) => told.push(change))
  return { identity, store, told }
}
