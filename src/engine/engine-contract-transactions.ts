/** Of transactions and definitions: who sees what, and when a permit is too old. Part of `engine-contract.ts`. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { present } from '../base/assert.ts'
import type { PermittedAction } from '../identity/permit.ts'
import type { EngineSession } from './engine.ts'
import { drain, tableNames, WRITE, type EngineHarness } from './engine-contract-harness.ts'

type DefineAction = Extract<PermittedAction, { kind: 'define' }>

const DEFINE: DefineAction = {
  kind: 'define',
  tag: 'CREATE VIEW',
  database: 'master',
  registers: [],
  unregisters: [],
  countsRows: false,
}

function made(name: string) {
  return { id: randomUUID(), kind: 'table', schema: 'public', name } as const
}

/** Defines again and again in one transaction, each time at what it sees by then. */
function definer(h: EngineHarness, on: EngineSession) {
  return async (text: string, changes: Partial<DefineAction>) => {
    const { catalogVersion: version } = await on.readDefinitions()
    await drain(await h.run(text, { on, action: { ...DEFINE, ...changes }, version }))
  }
}

export function engineTransactionsContract(h: () => EngineHarness): void {
  test('a rollback takes back writes and definitions', async () => {
    const on = await h().session()
    const before = h().engine.catalogVersion
    await on.begin('read committed', false)
    await h().writeOn(on, 'INSERT INTO master.public.w VALUES (1)')
    await h().defineOn(on, 'CREATE TABLE master.public.gone (a INTEGER)', { registers: ['gone'] })
    expect(await tableNames(on)).toEqual(['gone', 'w'])
    await on.rollback()
    expect(await tableNames(on)).toEqual(['w'])
    expect(await h().rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
    expect(h().engine.catalogVersion).toBe(before)
  })

  test('what a permit has to run after it belongs to it: all of it, or nothing', async () => {
    const on = await h().session()
    await on.begin('read committed', false)
    const action = { ...DEFINE, registers: [made('step')] }
    const create = 'CREATE TABLE master.public.step (a INTEGER)'
    const fill = 'INSERT INTO master.public.step VALUES (1), (2)'
    const strict = 'ALTER TABLE master.public.step ALTER COLUMN a SET DEFAULT 7'
    await drain(await h().run(create, { on, action, further: [strict, fill] }))
    const { catalogVersion: version } = await on.readDefinitions()
    expect(await h().rowsOf('SELECT * FROM master.public.step', { on, version })).toHaveLength(2)
    await on.rollback()
    expect(await tableNames(on)).toEqual(['w'])
    await on.begin('read committed', false)
    const failing = h().run(create, {
      on,
      action,
      further: [fill, strict.replace('a SET', 'b SET'), fill],
    })
    await expect(failing).rejects.toThrow('does not have a column')
    expect(await on.commit()).toBe('rolled_back')
    expect(await tableNames(on)).toEqual(['w'])
  })

  test('writes that belong together are one, too', async () => {
    await h().write('INSERT INTO master.public.w VALUES (1), (2)')
    const on = await h().session()
    await on.begin('read committed', false)
    const clear = 'DELETE FROM master.public.w WHERE a = 1'
    const { count } = await drain(
      await h().run(clear, { on, action: WRITE, further: [clear.replace('a = 1', 'a > 0')] }),
    )
    expect(count).toBe(1)
    expect(await on.commit()).toBe('committed')
    expect(await h().rowsOf('SELECT a FROM master.public.w')).toEqual([])
  })

  test('a definition that was rolled back makes the same the second time', async () => {
    const on = await h().session()
    const create = 'CREATE TABLE master.public.again (a INTEGER)'
    await on.begin('read committed', false)
    await h().defineOn(on, create, { registers: ['again'] })
    await on.rollback()
    await on.begin('read committed', false)
    await h().defineOn(on, create, { registers: ['again'] })
    const { tables } = await on.readDefinitions()
    expect(tables.find(({ name }) => name === 'again')?.columns).toMatchObject([{ name: 'a' }])
    await on.rollback()
  })

  test('a definition is seen by its own transaction, and by the others once it is committed', async () => {
    const on = await h().session()
    const before = h().engine.catalogVersion
    await on.begin('read committed', false)
    await h().defineOn(
      on,
      'CREATE TABLE master.public.t1 (a INTEGER PRIMARY KEY, b DECIMAL(10,2))',
      { registers: ['t1'] },
    )
    const own = await on.readDefinitions()
    expect(own.catalogVersion).not.toBe(before)
    expect(own.tables.find((table) => table.name === 't1')).toMatchObject({
      kind: 'table',
      database: 'master',
      schema: 'public',
      primaryKey: ['a'],
      columns: [
        { name: 'a', typeName: 'INTEGER', nullable: false, defaultExpression: undefined },
        { name: 'b', typeName: 'DECIMAL(10,2)', nullable: true, defaultExpression: undefined },
      ],
    })
    expect(await tableNames(h().engine)).toEqual(['w'])
    expect(
      await h().rowsOf('SELECT * FROM master.public.t1', { on, version: own.catalogVersion }),
    ).toEqual([])
    expect(await on.commit()).toBe('committed')
    expect(h().engine.catalogVersion).toBeGreaterThan(before)

    const committed = await h().engine.readDefinitions()
    expect(committed.catalogVersion).toBe(h().engine.catalogVersion)
    const t1 = present(
      committed.tables.find((table) => table.name === 't1'),
      't1',
    )
    expect(t1.id).toBe(own.tables.find((table) => table.name === 't1')?.id)
    await h().define('DROP TABLE master.public.t1', { unregisters: [t1.id] })
    expect(await tableNames(h().engine)).toEqual(['w'])
  })

  test('a view is listed with its owner and its text', async () => {
    const on = await h().session()
    const run = definer(h(), on)
    await on.begin('read committed', false)
    const view = { id: 'v1', kind: 'view', schema: 'public', name: 'v', ownerRole: 'r1' } as const
    await run('CREATE VIEW master.public.v AS SELECT a FROM master.public.w', { registers: [view] })
    const listed = async () => (await on.readDefinitions()).tables.find(({ id }) => id === 'v1')
    expect(await listed()).toMatchObject({
      kind: 'view',
      name: 'v',
      columns: [{ name: 'a', typeName: 'INTEGER' }],
      view: { ownerRole: 'r1', sql: expect.stringMatching(/^CREATE VIEW .* AS SELECT a FROM/) },
    })
    await run('CREATE OR REPLACE VIEW master.public.v AS SELECT 1 AS b', {
      amends: [{ kind: 'owner', id: 'v1', ownerRole: 'r2' }],
    })
    expect(await listed()).toMatchObject({ columns: [{ name: 'b' }], view: { ownerRole: 'r2' } })
    await on.rollback()
  })

  test('what is amended keeps its id', async () => {
    const on = await h().session()
    const run = definer(h(), on)
    const listed = async () => (await on.readDefinitions()).tables.find(({ id }) => id === 'a1')
    await on.begin('read committed', false)
    const table = { id: 'a1', kind: 'table', schema: 'public', name: 'before' } as const
    await run('CREATE TABLE master.public.before (a INTEGER)', { registers: [table] })
    await run('ALTER TABLE master.public.before RENAME TO after', {
      amends: [{ kind: 'name', id: 'a1', name: 'after' }],
    })
    const keys = [
      { column: 'b', key: 'a' },
      { column: null, key: 'gone' },
    ]
    await run('ALTER TABLE master.public.after RENAME COLUMN a TO b', {
      amends: [{ kind: 'column keys', id: 'a1', keys }],
    })
    const found = await listed()
    expect(found).toMatchObject({ name: 'after', columns: [{ name: 'b' }] })
    expect(found?.columnKeys).toEqual(expect.arrayContaining(keys))
    await run('ALTER TABLE master.public.after RENAME COLUMN b TO a', {
      amends: [{ kind: 'column keys', id: 'a1', keys: [] }],
    })
    expect((await listed())?.columnKeys).toEqual([])
    await on.rollback()
  })

  test('what belongs to us or the engine, and what has no id, is not listed', async () => {
    await h().define('CREATE TABLE master.public.orphan (a INTEGER)', {})
    const { databases, schemas, tables } = await h().engine.readDefinitions()
    expect(databases.map((one) => one.name)).toEqual(['master'])
    expect(schemas.map((one) => one.name)).toEqual(['public'])
    expect(tables.map((one) => one.name)).toEqual(['w'])
    await h().define('DROP TABLE master.public.orphan', {})
  })

  test('a permit for other definitions is refused before anything runs', async () => {
    const stale = h().engine.catalogVersion
    await h().define('CREATE TABLE master.public.t2 (a INTEGER)', { registers: ['t2'] })
    const on = await h().session()
    await expect(h().run('SELECT 1', { on, version: stale })).rejects.toMatchObject({
      kind: 'serialization_failure',
      safeToRetry: true,
    })
    await on.begin('read committed', false)
    await expect(
      h().run('INSERT INTO master.public.w VALUES (1)', { on, version: stale, action: WRITE }),
    ).rejects.toMatchObject({ kind: 'serialization_failure', safeToRetry: true })
    await on.rollback()
    expect(await h().rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
    const { tables } = await h().engine.readDefinitions()
    const t2 = present(
      tables.find((table) => table.name === 't2'),
      't2',
    )
    await h().define('DROP TABLE master.public.t2', { unregisters: [t2.id] })
  })

  test('a transaction that others overtook with definitions cannot go on', async () => {
    const on = await h().session()
    await on.begin('repeatable read', false)
    expect(await h().rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
    await h().define('CREATE SCHEMA master.later', {})
    await expect(h().run('SELECT a FROM master.public.w', { on })).rejects.toMatchObject({
      kind: 'serialization_failure',
      safeToRetry: false,
    })
    await on.rollback()
    expect(await h().rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
    await h().define('DROP SCHEMA master.later', {})
  })

  test('each read of a READ COMMITTED transaction sees what is committed by then', async () => {
    const on = await h().session()
    await on.begin('read committed', false)
    expect(await h().rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
    await h().write('INSERT INTO master.public.w VALUES (7)')
    expect(await h().rowsOf('SELECT a FROM master.public.w', { on })).toEqual([[7]])
    expect(await on.commit()).toBe('committed')
  })

  test('a REPEATABLE READ transaction sees one state', async () => {
    const on = await h().session()
    await on.begin('repeatable read', false)
    expect(await h().rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
    await h().write('INSERT INTO master.public.w VALUES (7)')
    expect(await h().rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
    expect(await on.commit()).toBe('committed')
    expect(await h().rowsOf('SELECT a FROM master.public.w', { on })).toEqual([[7]])
  })

  test('a read-only transaction refuses a write', async () => {
    const on = await h().session()
    await on.begin('read committed', true)
    await expect(
      h().run('INSERT INTO master.public.w VALUES (1)', { on, action: WRITE }),
    ).rejects.toMatchObject({ kind: 'read_only_transaction' })
    await on.rollback()
  })

  test('two transactions that change one row: the second fails, and nothing of it is kept', async () => {
    await h().write('INSERT INTO master.public.w VALUES (1)')
    const [one, two] = [await h().session(), await h().session()]
    const update = { kind: 'write', tag: 'UPDATE' } as const
    for (const on of [one, two]) await on.begin('repeatable read', false)
    await drain(await h().run('UPDATE master.public.w SET a = 2', { on: one, action: update }))
    const text = 'UPDATE master.public.w SET a = 3'
    await expect(h().run(text, { on: two, action: update })).rejects.toMatchObject({
      kind: 'serialization_failure',
    })
    expect(await two.commit()).toBe('rolled_back')
    expect(await one.commit()).toBe('committed')
    expect(await h().rowsOf('SELECT a FROM master.public.w')).toEqual([[2]])
  })

  test('closing a session rolls its transaction back', async () => {
    const on = await h().engine.openSession()
    await on.begin('read committed', false)
    await h().writeOn(on, 'INSERT INTO master.public.w VALUES (1)')
    await on.close()
    expect(await h().rowsOf('SELECT a FROM master.public.w')).toEqual([])
  })
}
