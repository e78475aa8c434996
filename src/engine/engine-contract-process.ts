/** Of the process that the engine runs in, where it has one here. Part of `engine-contract.ts`. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { present } from '../base/assert.ts'
import {
  count,
  countUntilError,
  FOREVER,
  pause,
  type EngineHarness,
} from './engine-contract-harness.ts'

export function engineProcessContract(h: () => EngineHarness): void {
  describe('when the host dies', () => {
    test('statements end with an error, sessions go on, and what was committed is there', async (context) => {
      const { hostPid, engine } = h().under
      if (!hostPid) context.skip()
      await h().write('INSERT INTO master.public.w VALUES (1)')
      const [reading, writing, idle] = [
        await h().session(),
        await h().session(),
        await h().session(),
      ]
      const portal = await h().run('SELECT * FROM range(50000000)', { on: reading })
      await writing.begin('read committed', false)
      await h().writeOn(writing, 'INSERT INTO master.public.w VALUES (2)')
      const computing = h().run(FOREVER, { on: idle })
      const { generation } = engine
      await pause(200)
      process.kill(present(hostPid, 'a host')(), 'SIGKILL')
      await expect(computing).rejects.toMatchObject({ kind: 'crash_shutdown' })
      expect((await countUntilError(portal)).error).toMatchObject({ kind: 'crash_shutdown' })
      await expect(h().run('SELECT 1', { on: writing })).rejects.toMatchObject({
        kind: 'crash_shutdown',
      })
      expect(await writing.commit()).toBe('rolled_back')
      expect(await h().rowsOf('SELECT a FROM master.public.w', { on: writing })).toEqual([[1]])
      expect(await h().rowsOf('SELECT 1', { on: idle })).toEqual([[1]])
      expect(engine.generation).toBe(generation + 1)
    })

    test('versions of definitions go on growing', async (context) => {
      const { hostPid, engine } = h().under
      if (!hostPid) context.skip()
      const before = engine.catalogVersion
      process.kill(present(hostPid, 'a host')(), 'SIGKILL')
      const read = () => engine.readDefinitions().catch(() => undefined) // until the death is seen
      await expect
        .poll(async () => (await read(), engine.catalogVersion), { timeout: 20_000 })
        .toBeGreaterThan(before)
    })
  })

  test('a statement that wants all memory ends alone', async (context) => {
    if (!h().under.hostPid) context.skip()
    const { generation } = h().engine
    const other = await h().run('SELECT i FROM range(50000000) r(i)')
    await expect(h().rowsOf('SELECT len(range(3000000000))')).rejects.toMatchObject({
      kind: 'out_of_memory',
    })
    expect((await other.next()).kind).toBe('frame')
    await other.close()
    expect(await h().rowsOf('SELECT 1')).toEqual([[1]])
    expect(h().engine.generation).toBe(generation)
  })

  test('memory stays the same over five million rows', async (context) => {
    const { hostPid } = h().under
    if (!hostPid || process.platform !== 'linux') context.skip()
    const resident = () => residentBytes(present(hostPid, 'a host')())
    const wide = (rows: number) =>
      `SELECT i, i::VARCHAR, i * 1.5, 'a text of some length ' || i FROM range(${rows}) r(i)`
    await count(await h().run(wide(500_000)))
    const before = resident()
    let most = 0
    const timer = setInterval(() => (most = Math.max(most, resident())), 50)
    expect(await count(await h().run(wide(5_000_000)))).toBe(5_000_000)
    clearInterval(timer)
    expect(most - before).toBeLessThan(96 * 1024 * 1024)
  })
}

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}
