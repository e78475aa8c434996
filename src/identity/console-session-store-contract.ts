/**
 * What every `ConsoleSessionStore` must do. A store's test calls it with a way to open an empty
 * store, in which the users `u1` and `u2` exist, and to open the same one again.
 */
import { expect, test } from 'vitest'
import type { ConsoleSessionRow, ConsoleSessionStore } from './console-session-store.ts'

export interface ConsoleSessionStoreUnderTest {
  readonly store: ConsoleSessionStore
  /** The same state through a new opening, as after a restart. */
  readonly reopen: () => Promise<ConsoleSessionStore>
}

const SESSION: ConsoleSessionRow = {
  id: 's1',
  userId: 'u1',
  digest: Uint8Array.of(0, 1, 255),
  createdAt: '2026-01-02T03:04:05.678Z',
  lastSeenAt: '2026-01-02T03:05:05.678Z',
  provenAt: '2026-01-02T03:04:05.678Z',
  address: '10.1.2.3',
  tool: 'Firefox, "the" browser',
}
const OTHER: ConsoleSessionRow = { ...SESSION, id: 's2', userId: 'u2', digest: Uint8Array.of(7) }
const LATER = '2026-01-02T03:09:00.000Z'

export function consoleSessionStoreContract(
  open: () => Promise<ConsoleSessionStoreUnderTest>,
): void {
  test('what was put is there, to the byte, after opening again; a second put replaces it', async () => {
    const { store, reopen } = await open()
    expect(await store.load()).toEqual([])
    await store.put(SESSION)
    await store.put(OTHER)
    const rotated = { ...SESSION, digest: Uint8Array.of(9), provenAt: LATER }
    await store.put(rotated)
    expect(byId(await (await reopen()).load())).toEqual([plain(rotated), plain(OTHER)])
  })

  test('a touch changes when a session was last seen, and nothing else', async () => {
    const { store, reopen } = await open()
    await store.put(SESSION)
    await store.put(OTHER)
    await store.touch([
      { id: SESSION.id, lastSeenAt: LATER },
      { id: 'unknown', lastSeenAt: LATER },
    ])
    const expected = [plain({ ...SESSION, lastSeenAt: LATER }), plain(OTHER)]
    expect(byId(await (await reopen()).load())).toEqual(expected)
  })

  test('what is removed is gone; the others stay', async () => {
    const { store, reopen } = await open()
    await store.put(SESSION)
    await store.put(OTHER)
    await store.remove([SESSION.id, 'unknown'])
    await store.remove([])
    expect(byId(await (await reopen()).load())).toEqual([plain(OTHER)])
  })
}

function byId(rows: readonly ConsoleSessionRow[]): object[] {
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(plain)
}

/** A store may answer with a Buffer where it was given other bytes. */
function plain(row: ConsoleSessionRow): object {
  return { ...row, digest: Buffer.from(row.digest).toString('hex') }
}
