/** Of portals: suspension, several at once, and who waits for whom. Part of `engine-contract.ts`. */
import { expect, test } from 'vitest'
import type { EnginePortal } from './engine.ts'
import {
  drain,
  FOREVER,
  pause,
  untilSuspended,
  upTo,
  type EngineHarness,
} from './engine-contract-harness.ts'

export function enginePortalsContract(h: () => EngineHarness): void {
  test('a portal stops after so many rows, and goes on when told', async () => {
    const portal = await h().run('SELECT i::INTEGER FROM range(2500) r(i)', { rowsMax: 1000 })
    expect((await untilSuspended(portal)).map(([value]) => value)).toEqual(upTo(0, 1000))
    portal.resume(3)
    expect((await untilSuspended(portal)).map(([value]) => value)).toEqual(upTo(1000, 1003))
    portal.resume(0)
    expect((await drain(portal)).rows.map(([value]) => value)).toEqual(upTo(1003, 2500))
  })

  test('a limit that is met exactly suspends first, and completes then', async () => {
    const portal = await h().run('SELECT 1', { rowsMax: 1 })
    expect(await untilSuspended(portal)).toEqual([[1]])
    portal.resume(1)
    expect(await drain(portal)).toEqual({ rows: [], count: undefined })
  })

  test.each(['read committed', 'repeatable read'] as const)(
    'three portals read by turns, and a write between them, in one %s transaction',
    async (isolation) => {
      const on = await h().session()
      await on.begin(isolation, false)
      const first = await h().run('SELECT i::INTEGER FROM range(30000) r(i)', { on, rowsMax: 7 })
      const second = await h().run('SELECT -i::INTEGER FROM range(30000) r(i)', { on, rowsMax: 11 })
      const one = [await untilSuspended(first)]
      const two = [await untilSuspended(second)]
      expect(await h().writeOn(on, 'INSERT INTO master.public.w VALUES (1), (2)')).toBe(2)
      const third = await h().run('SELECT i::INTEGER * 2 FROM range(30000) r(i)', {
        on,
        rowsMax: 13,
      })
      const three = [await untilSuspended(third)]
      for (let turn = 0; turn < 3; turn += 1) {
        for (const [portal, seen] of [
          [first, one],
          [second, two],
          [third, three],
        ] as const) {
          portal.resume(1000)
          seen.push(await untilSuspended(portal))
        }
      }
      for (const [portal, seen] of [
        [first, one],
        [second, two],
        [third, three],
      ] as const) {
        portal.resume(0)
        seen.push((await drain(portal)).rows)
      }
      expect(one.flat().map(([value]) => value)).toEqual(upTo(0, 30_000))
      expect(two.flat().map(([value]) => 0 - Number(value))).toEqual(upTo(0, 30_000))
      expect(three.flat().map(([value]) => Number(value) / 2)).toEqual(upTo(0, 30_000))
      expect(await h().rowsOf('SELECT a FROM master.public.w ORDER BY a', { on })).toEqual([
        [1],
        [2],
      ])
      expect(await on.commit()).toBe('committed')
      expect(await h().rowsOf('SELECT count(*)::INTEGER FROM master.public.w')).toEqual([[2]])
    },
  )

  test('twenty portals are open at once, in a transaction that has written', async () => {
    const on = await h().session()
    await on.begin('read committed', false)
    await h().writeOn(on, 'INSERT INTO master.public.w VALUES (0)')
    const portals: EnginePortal[] = []
    for (let n = 0; n < 20; n += 1) {
      portals.push(
        await h().run(`SELECT i::INTEGER + ${n} FROM range(5000) r(i)`, { on, rowsMax: 10 }),
      )
    }
    const values = await Promise.all(
      portals.map(async (portal) => {
        const some = await untilSuspended(portal)
        portal.resume(0)
        return [...some, ...(await drain(portal)).rows].map(([value]) => value)
      }),
    )
    expect(values).toEqual(portals.map((_, n) => upTo(n, 5000 + n)))
    expect(await on.commit()).toBe('committed')
  })

  test('portals end with the transaction that they were opened in', async () => {
    const on = await h().session()
    await on.begin('repeatable read', false)
    const portal = await h().run('SELECT * FROM range(1000000)', { on, rowsMax: 1 })
    await untilSuspended(portal)
    expect(await on.commit()).toBe('committed')
    await expect(portal.next()).rejects.toMatchObject({ kind: 'invalid_cursor_name' })
    expect(await h().rowsOf('SELECT 1', { on })).toEqual([[1]])
  })

  test('closing a half-read result gives its place back', async () => {
    const on = await h().session()
    for (let n = 0; n < 40; n += 1) {
      const portal = await h().run('SELECT * FROM range(10000000)', { on })
      expect((await portal.next()).kind).toBe('frame')
      await portal.close()
    }
    expect(await h().rowsOf('SELECT 1', { on })).toEqual([[1]])
  })

  test('a half-read result can be closed in a transaction without breaking it', async () => {
    const on = await h().session()
    await on.begin('read committed', false)
    await h().writeOn(on, 'INSERT INTO master.public.w VALUES (5)')
    const portal = await h().run('SELECT * FROM range(10000000)', { on })
    expect((await portal.next()).kind).toBe('frame')
    await portal.close()
    expect(await on.commit()).toBe('committed')
    expect(await h().rowsOf('SELECT a FROM master.public.w')).toEqual([[5]])
  })

  test('small statements do not wait behind large ones that nobody reads', async () => {
    const large = await Promise.all(
      upTo(0, 12).map(() => h().run('SELECT i, i::VARCHAR FROM range(50000000) r(i)')),
    )
    const startedAt = performance.now()
    for (let n = 0; n < 20; n += 1) expect(await h().rowsOf('SELECT 1')).toEqual([[1]])
    expect(performance.now() - startedAt).toBeLessThan(4000)
    await Promise.all(large.map((portal) => portal.close()))
  })

  test('small statements do not wait behind long computations', async () => {
    const aborter = new AbortController()
    let over = false
    const long = upTo(0, 12).map(() => h().run(FOREVER, { signal: aborter.signal }))
    const ends = Promise.allSettled(long).finally(() => (over = true))
    await pause(500)
    for (let n = 0; n < 10; n += 1) expect(await h().rowsOf('SELECT 1')).toEqual([[1]])
    expect(over).toBe(false) // they are answered while all twelve go on
    aborter.abort()
    for (const end of await ends) expect(end.status).toBe('rejected')
  }, 120_000)
}
