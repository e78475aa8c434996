/** What an engine owes a session that makes temporary tables: they are its own, and nobody else's. */
import { expect, test } from 'vitest'
import { tableNames, WRITE } from './engine-contract-harness.ts'
import type { EngineHarness } from './engine-contract-harness.ts'
import type { EngineSession } from './engine.ts'
import { TEMPORARY } from './temporary-database.ts'

const DEFINE = {
  kind: 'define',
  tag: 'CREATE TABLE',
  database: TEMPORARY,
  registers: [],
  unregisters: [],
  countsRows: false,
} as const

export function engineTemporaryContract(h: () => EngineHarness): void {
  async function defined(on: EngineSession, text: string): Promise<void> {
    await on.begin('read committed', false)
    await h().rowsOf(text, { on, action: DEFINE, version: await versionOf(on) })
    await on.commit()
  }

  async function versionOf(on: EngineSession): Promise<number> {
    return (await on.readDefinitions()).catalogVersion
  }

  test('temporary tables are in the definitions of their session alone', async () => {
    const [on, other] = [await h().session(), await h().session()]
    const before = h().engine.catalogVersion
    expect(on.temporaries).toBe(0)
    await defined(on, 'CREATE TEMP TABLE temp.main.mine (a INTEGER)')
    expect(on.temporaries).not.toBe(0)
    expect(await tableNames(on)).toEqual(['w', 'mine'])
    expect(await tableNames(other)).toEqual(['w'])
    expect(h().engine.catalogVersion, 'nobody else has to look again').toBe(before)
    const { temporaries } = on
    await defined(on, 'CREATE TEMP TABLE temp.main.more (a INTEGER)')
    expect(on.temporaries).not.toBe(temporaries)
    await on.discardTemporary()
    expect(on.temporaries).toBe(0)
    expect(await tableNames(on)).toEqual(['w'])
  })

  test('temporary views are among them, with their queries', async () => {
    const on = await h().session()
    await defined(on, 'CREATE TEMP TABLE temp.main.mine (a INTEGER)')
    await defined(on, 'CREATE TEMP VIEW temp.main.over AS SELECT a FROM temp.main.mine')
    const { tables } = await on.readDefinitions()
    expect(tables.find(({ name }) => name === 'over')).toMatchObject({
      kind: 'view',
      database: TEMPORARY,
      columns: [{ name: 'a', typeName: 'INTEGER' }],
      view: { sql: expect.stringMatching(/^CREATE TEMP VIEW .* AS SELECT/s) as string },
    })
    expect(tables.find(({ name }) => name === 'mine')).toMatchObject({ kind: 'table' })
    await defined(on, 'DROP VIEW temp.main.over')
    expect(await tableNames(on)).toEqual(['w', 'mine'])
  })

  test('a permit from before the tables, or from before what others defined, is stale', async () => {
    const on = await h().session()
    const before = await versionOf(on)
    await defined(on, 'CREATE TEMP TABLE temp.main.mine AS SELECT 1 AS a')
    const read = (version: number) => h().rowsOf('SELECT a FROM temp.main.mine', { on, version })
    const stale = { kind: 'serialization_failure', safeToRetry: true }
    await expect(read(before)).rejects.toMatchObject(stale)
    const version = await versionOf(on)
    expect(await read(version)).toEqual([[1]])
    await h().define('CREATE TABLE master.public.between (a INTEGER)', { registers: ['between'] })
    await expect(read(version)).rejects.toMatchObject(stale)
    expect(await read(await versionOf(on))).toEqual([[1]])
    await h().define('DROP TABLE master.public.between', {})
  })

  test('in a transaction that others have overtaken nothing is read that would count afterwards', async () => {
    const on = await h().session()
    await defined(on, 'CREATE TEMP TABLE temp.main.mine AS SELECT 1 AS a')
    await on.begin('repeatable read', false)
    const version = await versionOf(on)
    await h().rowsOf('SELECT a FROM temp.main.mine', { on, version })
    await h().define('CREATE TABLE master.public.later (a INTEGER)', { registers: ['later'] })
    await expect(on.readDefinitions()).rejects.toMatchObject({ kind: 'serialization_failure' })
    await on.rollback()
    expect(await tableNames(on)).toEqual(['later', 'w', 'mine'])
    await h().define('DROP TABLE master.public.later', {})
    expect(await tableNames(on)).toEqual(['w', 'mine'])
  })

  test('one that is rolled back leaves nothing, and rows go with their transaction', async () => {
    const on = await h().session()
    await defined(on, 'CREATE TEMP TABLE temp.main.mine AS SELECT 1 AS a')
    await on.begin('read committed', false)
    const version = await versionOf(on)
    await h().rowsOf('INSERT INTO temp.main.mine VALUES (2)', { on, version, action: WRITE })
    await h().rowsOf('CREATE TEMP TABLE temp.main.gone (a INTEGER)', {
      on,
      version,
      action: DEFINE,
    })
    expect(await tableNames(on)).toEqual(['w', 'gone', 'mine'])
    await on.rollback()
    expect(await tableNames(on)).toEqual(['w', 'mine'])
    const rows = await h().rowsOf('SELECT a FROM temp.main.mine', {
      on,
      version: await versionOf(on),
    })
    expect(rows).toEqual([[1]])
  })
}
