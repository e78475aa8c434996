/** Of failures: an error is never a short result, and never a commit. Part of `engine-contract.ts`. */
import { expect, test } from 'vitest'
import { GatewayError } from '../base/gateway-error.ts'
import { countUntilError, type EngineHarness } from './engine-contract-harness.ts'

/** Which of the engine's threads is heard is chance: another one tells only that a value failed. */
const BAD_CAST = {
  kind: expect.stringMatching(/^(invalid_text_representation|data_exception)$/) as string,
}

export function engineFailuresContract(h: () => EngineHarness): void {
  test('a result that fails in its last row is an error, never a short result', async () => {
    const portal = await h().run(LATE_BAD_CAST)
    const { rows, error } = await countUntilError(portal)
    expect(error).toMatchObject(BAD_CAST)
    expect(rows).toBeGreaterThan(1_000_000)
    expect(rows).toBeLessThan(5_000_000)
    await expect(portal.next()).rejects.toMatchObject(BAD_CAST)
  })

  test('after such a failure a transaction is rolled back, never committed', async () => {
    const on = await h().session()
    await on.begin('read committed', false)
    await h().writeOn(on, 'INSERT INTO master.public.w VALUES (1)')
    const { error } = await countUntilError(await h().run(LATE_BAD_CAST, { on }))
    expect(error).toMatchObject(BAD_CAST)
    expect(await on.commit()).toBe('rolled_back')
    expect(await h().rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
  })

  test('a failed statement fails its transaction, and a rollback ends it', async () => {
    const on = await h().session()
    await on.begin('read committed', false)
    await h().writeOn(on, 'INSERT INTO master.public.w VALUES (1)')
    await expect(h().run(`SELECT 'x'::INTEGER`, { on })).rejects.toBeInstanceOf(GatewayError)
    await expect(h().run('SELECT 1', { on })).rejects.toMatchObject({ kind: 'failed_transaction' })
    await on.rollback()
    expect(await h().rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
  })
}

const LATE_BAD_CAST = `SELECT CAST(CASE WHEN i = 4999999 THEN 'x' ELSE '1' END AS INTEGER)
  FROM range(5000000) r(i)`
