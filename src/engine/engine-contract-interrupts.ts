/** Of interrupts: before, during and after. Part of `engine-contract.ts`. */
import { expect, test } from 'vitest'
import { drain, FOREVER, pause, WRITE, type EngineHarness } from './engine-contract-harness.ts'

export function engineInterruptsContract(h: () => EngineHarness): void {
  test('a statement that is cancelled before it starts does not run', async () => {
    const on = await h().session()
    const signal = AbortSignal.abort()
    await expect(h().run('SELECT 1', { on, signal })).rejects.toMatchObject({ kind: 'cancelled' })
    expect(await h().rowsOf('SELECT 2', { on })).toEqual([[2]])
  })

  test('a write that is cancelled before it starts, and its transaction rolled back at once, writes nothing', async () => {
    const on = await h().session()
    const text = 'INSERT INTO master.public.w VALUES (1)'
    for (let round = 0; round < 20; round += 1) {
      await on.begin('read committed', false)
      const running = h().run(text, { on, action: WRITE, signal: AbortSignal.abort() })
      await expect(running).rejects.toMatchObject({ kind: 'cancelled' })
      await on.rollback() // both are in what the host hears next
    }
    await h().write('INSERT INTO master.public.w VALUES (2)')
    expect(await h().rowsOf('SELECT a FROM master.public.w', { on })).toEqual([[2]])
  })

  test('a statement that is cancelled while it computes ends soon', async () => {
    const on = await h().session()
    const aborter = new AbortController()
    const running = h().run(FOREVER, { on, signal: aborter.signal })
    await Promise.all([
      expect(running).rejects.toMatchObject({ kind: 'cancelled' }),
      pause(300).then(() => aborter.abort()),
    ])
    const startedAt = performance.now()
    expect(await h().rowsOf('SELECT 2', { on })).toEqual([[2]])
    expect(performance.now() - startedAt).toBeLessThan(3000)
  })

  test('a result that is cancelled half-read ends with an error, whatever was on its way', async () => {
    const aborter = new AbortController()
    const portal = await h().run('SELECT * FROM range(50000000)', { signal: aborter.signal })
    expect((await portal.next()).kind).toBe('frame')
    aborter.abort()
    await expect(portal.next()).rejects.toMatchObject({ kind: 'cancelled' })
    await portal.close()
  })

  test('cancelling in a transaction that wrote rolls it back', async () => {
    const on = await h().session()
    await on.begin('read committed', false)
    await h().writeOn(on, 'INSERT INTO master.public.w VALUES (1)')
    const aborter = new AbortController()
    const portal = await h().run('SELECT * FROM range(50000000)', { on, signal: aborter.signal })
    expect((await portal.next()).kind).toBe('frame')
    aborter.abort()
    await expect(portal.next()).rejects.toMatchObject({ kind: 'cancelled' })
    expect(await on.commit()).toBe('rolled_back')
    expect(await h().rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
  })

  test('cancelling what is complete changes nothing', async () => {
    const aborter = new AbortController()
    const portal = await h().run('SELECT 1', { signal: aborter.signal })
    expect((await drain(portal)).rows).toEqual([[1]])
    aborter.abort()
    expect((await portal.next()).kind).toBe('complete')
  })
}
