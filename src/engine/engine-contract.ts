/**
 * What every engine owes us, as tests. An adapter passes this file as it is.
 *
 * Some laws are about processes (what dies with the host, what memory a host takes): an engine that
 * has no process of its own on this machine leaves `hostPid` out, and those are skipped.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { present } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { Permit, PermittedAction } from '../identity/permit.ts'
import type { Engine, EnginePortal, EngineSession } from './engine.ts'

export interface EngineUnderTest {
  readonly engine: Engine
  /** A permit as the gate would make it. */
  readonly permit: (text: string, catalogVersion: number, action?: PermittedAction) => Permit
  /** Of the process that can be killed, where there is one. */
  readonly hostPid?: () => number
  /** Takes everything away, the data too. */
  readonly dispose: () => Promise<void>
}

const NEVER = new AbortController().signal
const WRITE = { kind: 'write', tag: 'INSERT' } as const

type Row = readonly unknown[]

export function engineContract(name: string, open: () => Promise<EngineUnderTest>): void {
  describe(`${name}: engine contract`, () => {
    let under: EngineUnderTest
    const sessions: EngineSession[] = []

    beforeAll(async () => {
      under = await open()
      await define('CREATE TABLE master.public.w (a INTEGER)', { registers: ['w'] })
    })
    afterEach(async () => {
      await Promise.all(sessions.splice(0).map((session) => session.close()))
      await write('DELETE FROM master.public.w')
    })
    afterAll(() => under.dispose())

    async function session(): Promise<EngineSession> {
      const opened = await under.engine.openSession()
      sessions.push(opened)
      return opened
    }

    interface RunSettings {
      readonly on?: EngineSession
      readonly rowsMax?: number
      readonly signal?: AbortSignal
      readonly action?: PermittedAction
      readonly version?: number
    }

    async function run(text: string, settings: RunSettings = {}): Promise<EnginePortal> {
      const { on, rowsMax = 0, signal = NEVER, action, version } = settings
      const permit = under.permit(text, version ?? under.engine.catalogVersion, action)
      const options = { parameters: [], format: { kind: 'json_lines' }, rowsMax } as const
      return await (on ?? (await session())).run(permit, options, signal)
    }

    async function rowsOf(text: string, settings: RunSettings = {}): Promise<Row[]> {
      return (await drain(await run(text, settings))).rows
    }

    async function write(text: string): Promise<number | undefined> {
      const on = await session()
      await on.begin('read committed', false)
      const { count } = await drain(await run(text, { on, action: WRITE }))
      expect(await on.commit()).toBe('committed')
      return count
    }

    interface Definition {
      readonly on?: EngineSession
      readonly registers?: readonly string[]
      readonly unregisters?: readonly string[]
      readonly version?: number
    }

    function defines({ registers = [], unregisters = [] }: Definition): PermittedAction {
      return {
        kind: 'define',
        tag: 'CREATE TABLE',
        database: 'master',
        registers: registers.map((table) => ({
          id: randomUUID(),
          kind: 'table',
          schema: 'public',
          name: table,
        })),
        unregisters,
        countsRows: false,
      }
    }

    async function define(text: string, definition: Definition): Promise<void> {
      const on = definition.on ?? (await session())
      if (!definition.on) await on.begin('read committed', false)
      const { version } = definition
      const settings = {
        on,
        action: defines(definition),
        ...(version === undefined ? {} : { version }),
      }
      await drain(await run(text, settings))
      if (!definition.on) expect(await on.commit()).toBe('committed')
    }

    const tableNames = async (from: Pick<EngineSession, 'readDefinitions'>) =>
      (await from.readDefinitions()).tables.map((table) => table.name)

    // ── results ──────────────────────────────────────────────────────────────────────────────

    test('a small result has its columns and its rows', async () => {
      const portal = await run(`SELECT 1 AS a, 'x' AS "b c", NULL::DATE AS d`)
      expect(portal.columns).toEqual([
        { name: 'a', type: { kind: 'integer' } },
        { name: 'b c', type: { kind: 'varchar' } },
        { name: 'd', type: { kind: 'date' } },
      ])
      expect(await drain(portal)).toEqual({ rows: [[1, 'x', null]], count: undefined })
    })

    test('an empty result still has its columns', async () => {
      const portal = await run('SELECT a FROM master.public.w WHERE false')
      expect(portal.columns).toEqual([{ name: 'a', type: { kind: 'integer' } }])
      expect(await drain(portal)).toEqual({ rows: [], count: undefined })
    })

    test('every row of a large result arrives once and in order', async () => {
      const rows = await rowsOf(`SELECT i::INTEGER FROM range(300000) r(i)`)
      expect(rows.length).toBe(300_000)
      expect(rows.every(([value], index) => value === index)).toBe(true)
    })

    test('the end of a result stays its end', async () => {
      const portal = await run('SELECT 1')
      await drain(portal)
      expect(await portal.next()).toEqual({ kind: 'complete', count: undefined })
    })

    test('parameters reach the statement by number', async () => {
      const on = await session()
      const permit = under.permit(
        'SELECT $2::VARCHAR AS b, $1::INTEGER + 1 AS a',
        under.engine.catalogVersion,
      )
      const portal = await on.run(
        permit,
        {
          parameters: [
            { kind: 'text', value: '41' },
            { kind: 'text', value: 'x' },
          ],
          format: { kind: 'json_lines' },
          rowsMax: 0,
        },
        NEVER,
      )
      expect((await drain(portal)).rows).toEqual([['x', 42]])
    })

    test('describe tells columns and parameters and runs nothing', async () => {
      const on = await session()
      const shape = await on.describe(
        under.permit(
          'SELECT a, $1::BIGINT AS b FROM master.public.w WHERE a = $2',
          under.engine.catalogVersion,
        ),
      )
      expect(shape.columns.map((column) => column.name)).toEqual(['a', 'b'])
      expect(shape.parameterTypes).toEqual(['BIGINT', 'INTEGER'])
    })

    test('a statement that does not bind fails with its kind and leaves the session usable', async () => {
      const on = await session()
      await expect(run('SELECT nosuch FROM master.public.w', { on })).rejects.toMatchObject({
        kind: 'undefined_column',
      })
      await expect(run('SELECT * FROM master.public.nosuch', { on })).rejects.toMatchObject({
        kind: 'undefined_table',
      })
      expect(await rowsOf('SELECT 1', { on })).toEqual([[1]])
    })

    // ── portals ──────────────────────────────────────────────────────────────────────────────

    test('a portal stops after so many rows, and goes on when told', async () => {
      const portal = await run('SELECT i::INTEGER FROM range(2500) r(i)', { rowsMax: 1000 })
      expect((await untilSuspended(portal)).map(([value]) => value)).toEqual(upTo(0, 1000))
      portal.resume(3)
      expect((await untilSuspended(portal)).map(([value]) => value)).toEqual(upTo(1000, 1003))
      portal.resume(0)
      expect((await drain(portal)).rows.map(([value]) => value)).toEqual(upTo(1003, 2500))
    })

    test('a limit that is met exactly suspends first, and completes then', async () => {
      const portal = await run('SELECT 1', { rowsMax: 1 })
      expect(await untilSuspended(portal)).toEqual([[1]])
      portal.resume(1)
      expect(await drain(portal)).toEqual({ rows: [], count: undefined })
    })

    test.each(['read committed', 'repeatable read'] as const)(
      'three portals read by turns, and a write between them, in one %s transaction',
      async (isolation) => {
        const on = await session()
        await on.begin(isolation, false)
        const first = await run('SELECT i::INTEGER FROM range(30000) r(i)', { on, rowsMax: 7 })
        const second = await run('SELECT -i::INTEGER FROM range(30000) r(i)', { on, rowsMax: 11 })
        const one = [await untilSuspended(first)]
        const two = [await untilSuspended(second)]
        expect(
          (
            await drain(
              await run('INSERT INTO master.public.w VALUES (1), (2)', {
                on,
                action: WRITE,
              }),
            )
          ).count,
        ).toBe(2)
        const third = await run('SELECT i::INTEGER * 2 FROM range(30000) r(i)', { on, rowsMax: 13 })
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
        expect(await rowsOf('SELECT a FROM master.public.w ORDER BY a', { on })).toEqual([[1], [2]])
        expect(await on.commit()).toBe('committed')
        expect(await rowsOf('SELECT count(*)::INTEGER FROM master.public.w')).toEqual([[2]])
      },
    )

    test('twenty portals are open at once, in a transaction that has written', async () => {
      const on = await session()
      await on.begin('read committed', false)
      await drain(await run('INSERT INTO master.public.w VALUES (0)', { on, action: WRITE }))
      const portals: EnginePortal[] = []
      for (let n = 0; n < 20; n += 1) {
        portals.push(
          await run(`SELECT i::INTEGER + ${n} FROM range(5000) r(i)`, { on, rowsMax: 10 }),
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
      const on = await session()
      await on.begin('repeatable read', false)
      const portal = await run('SELECT * FROM range(1000000)', { on, rowsMax: 1 })
      await untilSuspended(portal)
      expect(await on.commit()).toBe('committed')
      await expect(portal.next()).rejects.toMatchObject({ kind: 'invalid_cursor_name' })
      expect(await rowsOf('SELECT 1', { on })).toEqual([[1]])
    })

    test('closing a half-read result gives its place back', async () => {
      const on = await session()
      for (let n = 0; n < 40; n += 1) {
        const portal = await run('SELECT * FROM range(10000000)', { on })
        expect((await portal.next()).kind).toBe('frame')
        await portal.close()
      }
      expect(await rowsOf('SELECT 1', { on })).toEqual([[1]])
    })

    test('a half-read result can be closed in a transaction without breaking it', async () => {
      const on = await session()
      await on.begin('read committed', false)
      await drain(await run('INSERT INTO master.public.w VALUES (5)', { on, action: WRITE }))
      const portal = await run('SELECT * FROM range(10000000)', { on })
      expect((await portal.next()).kind).toBe('frame')
      await portal.close()
      expect(await on.commit()).toBe('committed')
      expect(await rowsOf('SELECT a FROM master.public.w')).toEqual([[5]])
    })

    test('small statements do not wait behind large ones that nobody reads', async () => {
      const large = await Promise.all(
        upTo(0, 12).map(() => run('SELECT i, i::VARCHAR FROM range(50000000) r(i)')),
      )
      const startedAt = performance.now()
      for (let n = 0; n < 20; n += 1) expect(await rowsOf('SELECT 1')).toEqual([[1]])
      expect(performance.now() - startedAt).toBeLessThan(4000)
      await Promise.all(large.map((portal) => portal.close()))
    })

    test('small statements do not wait behind long computations', async () => {
      const aborter = new AbortController()
      const long = upTo(0, 12).map(() => run(FOREVER, { signal: aborter.signal }))
      const ends = Promise.allSettled(long)
      await pause(500)
      const startedAt = performance.now()
      for (let n = 0; n < 10; n += 1) expect(await rowsOf('SELECT 1')).toEqual([[1]])
      expect(performance.now() - startedAt).toBeLessThan(5000)
      aborter.abort()
      for (const end of await ends) expect(end.status).toBe('rejected')
    })

    // ── failures ─────────────────────────────────────────────────────────────────────────────

    test('a result that fails in its last row is an error, never a short result', async () => {
      const portal = await run(LATE_BAD_CAST)
      const { rows, error } = await countUntilError(portal)
      expect(error).toMatchObject({ kind: 'invalid_text_representation' })
      expect(rows).toBeGreaterThan(1_000_000)
      expect(rows).toBeLessThan(5_000_000)
      await expect(portal.next()).rejects.toMatchObject({ kind: 'invalid_text_representation' })
    })

    test('after such a failure a transaction is rolled back, never committed', async () => {
      const on = await session()
      await on.begin('read committed', false)
      await drain(await run('INSERT INTO master.public.w VALUES (1)', { on, action: WRITE }))
      const { error } = await countUntilError(await run(LATE_BAD_CAST, { on }))
      expect(error).toMatchObject({ kind: 'invalid_text_representation' })
      expect(await on.commit()).toBe('rolled_back')
      expect(await rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
    })

    test('a failed statement fails its transaction, and a rollback ends it', async () => {
      const on = await session()
      await on.begin('read committed', false)
      await drain(await run('INSERT INTO master.public.w VALUES (1)', { on, action: WRITE }))
      await expect(run(`SELECT 'x'::INTEGER`, { on })).rejects.toBeInstanceOf(GatewayError)
      await expect(run('SELECT 1', { on })).rejects.toMatchObject({ kind: 'failed_transaction' })
      await on.rollback()
      expect(await rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
    })

    // ── interrupts ───────────────────────────────────────────────────────────────────────────

    test('a statement that is cancelled before it starts does not run', async () => {
      const on = await session()
      const signal = AbortSignal.abort()
      await expect(run('SELECT 1', { on, signal })).rejects.toMatchObject({ kind: 'cancelled' })
      expect(await rowsOf('SELECT 2', { on })).toEqual([[2]])
    })

    test('a statement that is cancelled while it computes ends soon', async () => {
      const on = await session()
      const aborter = new AbortController()
      const running = run(FOREVER, { on, signal: aborter.signal })
      await Promise.all([
        expect(running).rejects.toMatchObject({ kind: 'cancelled' }),
        pause(300).then(() => aborter.abort()),
      ])
      const startedAt = performance.now()
      expect(await rowsOf('SELECT 2', { on })).toEqual([[2]])
      expect(performance.now() - startedAt).toBeLessThan(3000)
    })

    test('a result that is cancelled half-read ends with an error, whatever was on its way', async () => {
      const aborter = new AbortController()
      const portal = await run('SELECT * FROM range(50000000)', { signal: aborter.signal })
      expect((await portal.next()).kind).toBe('frame')
      aborter.abort()
      await expect(portal.next()).rejects.toMatchObject({ kind: 'cancelled' })
      await portal.close()
    })

    test('cancelling in a transaction that wrote rolls it back', async () => {
      const on = await session()
      await on.begin('read committed', false)
      await drain(await run('INSERT INTO master.public.w VALUES (1)', { on, action: WRITE }))
      const aborter = new AbortController()
      const portal = await run('SELECT * FROM range(50000000)', { on, signal: aborter.signal })
      expect((await portal.next()).kind).toBe('frame')
      aborter.abort()
      await expect(portal.next()).rejects.toMatchObject({ kind: 'cancelled' })
      expect(await on.commit()).toBe('rolled_back')
      expect(await rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
    })

    test('cancelling what is complete changes nothing', async () => {
      const aborter = new AbortController()
      const portal = await run('SELECT 1', { signal: aborter.signal })
      expect((await drain(portal)).rows).toEqual([[1]])
      aborter.abort()
      expect((await portal.next()).kind).toBe('complete')
    })

    // ── transactions and definitions ─────────────────────────────────────────────────────────

    test('a rollback takes back writes and definitions', async () => {
      const on = await session()
      const before = under.engine.catalogVersion
      await on.begin('read committed', false)
      await drain(await run('INSERT INTO master.public.w VALUES (1)', { on, action: WRITE }))
      await define('CREATE TABLE master.public.gone (a INTEGER)', { on, registers: ['gone'] })
      expect(await tableNames(on)).toEqual(['gone', 'w'])
      await on.rollback()
      expect(await tableNames(on)).toEqual(['w'])
      expect(await rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
      expect(under.engine.catalogVersion).toBe(before)
    })

    test('a definition is seen by its own transaction, and by the others once it is committed', async () => {
      const on = await session()
      const before = under.engine.catalogVersion
      await on.begin('read committed', false)
      await define('CREATE TABLE master.public.t1 (a INTEGER PRIMARY KEY, b DECIMAL(10,2))', {
        on,
        registers: ['t1'],
      })
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
      expect(await tableNames(under.engine)).toEqual(['w'])
      expect(
        await rowsOf('SELECT * FROM master.public.t1', { on, version: own.catalogVersion }),
      ).toEqual([])
      expect(await on.commit()).toBe('committed')
      expect(under.engine.catalogVersion).toBeGreaterThan(before)

      const committed = await under.engine.readDefinitions()
      expect(committed.catalogVersion).toBe(under.engine.catalogVersion)
      const t1 = present(
        committed.tables.find((table) => table.name === 't1'),
        't1',
      )
      expect(t1.id).toBe(own.tables.find((table) => table.name === 't1')?.id)
      await define('DROP TABLE master.public.t1', { unregisters: [t1.id] })
      expect(await tableNames(under.engine)).toEqual(['w'])
    })

    test('what belongs to us or the engine, and what has no id, is not listed', async () => {
      await define('CREATE TABLE master.public.orphan (a INTEGER)', {})
      const { databases, schemas, tables } = await under.engine.readDefinitions()
      expect(databases.map((one) => one.name)).toEqual(['master'])
      expect(schemas.map((one) => one.name)).toEqual(['public'])
      expect(tables.map((one) => one.name)).toEqual(['w'])
      await define('DROP TABLE master.public.orphan', {})
    })

    test('a permit for other definitions is refused before anything runs', async () => {
      const stale = under.engine.catalogVersion
      await define('CREATE TABLE master.public.t2 (a INTEGER)', { registers: ['t2'] })
      const on = await session()
      await expect(run('SELECT 1', { on, version: stale })).rejects.toMatchObject({
        kind: 'serialization_failure',
        safeToRetry: true,
      })
      await on.begin('read committed', false)
      await expect(
        run('INSERT INTO master.public.w VALUES (1)', { on, version: stale, action: WRITE }),
      ).rejects.toMatchObject({ kind: 'serialization_failure', safeToRetry: true })
      await on.rollback()
      expect(await rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
      const { tables } = await under.engine.readDefinitions()
      const t2 = present(
        tables.find((table) => table.name === 't2'),
        't2',
      )
      await define('DROP TABLE master.public.t2', { unregisters: [t2.id] })
    })

    test('a transaction that others overtook with definitions cannot go on', async () => {
      const on = await session()
      await on.begin('repeatable read', false)
      expect(await rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
      await define('CREATE SCHEMA master.later', {})
      await expect(run('SELECT a FROM master.public.w', { on })).rejects.toMatchObject({
        kind: 'serialization_failure',
        safeToRetry: false,
      })
      await on.rollback()
      expect(await rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
      await define('DROP SCHEMA master.later', {})
    })

    test('each read of a READ COMMITTED transaction sees what is committed by then', async () => {
      const on = await session()
      await on.begin('read committed', false)
      expect(await rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
      await write('INSERT INTO master.public.w VALUES (7)')
      expect(await rowsOf('SELECT a FROM master.public.w', { on })).toEqual([[7]])
      expect(await on.commit()).toBe('committed')
    })

    test('a REPEATABLE READ transaction sees one state', async () => {
      const on = await session()
      await on.begin('repeatable read', false)
      expect(await rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
      await write('INSERT INTO master.public.w VALUES (7)')
      expect(await rowsOf('SELECT a FROM master.public.w', { on })).toEqual([])
      expect(await on.commit()).toBe('committed')
      expect(await rowsOf('SELECT a FROM master.public.w', { on })).toEqual([[7]])
    })

    test('a read-only transaction refuses a write', async () => {
      const on = await session()
      await on.begin('read committed', true)
      await expect(
        run('INSERT INTO master.public.w VALUES (1)', { on, action: WRITE }),
      ).rejects.toMatchObject({ kind: 'read_only_transaction' })
      await on.rollback()
    })

    test('two transactions that change one row: the second fails, and nothing of it is kept', async () => {
      await write('INSERT INTO master.public.w VALUES (1)')
      const [one, two] = [await session(), await session()]
      const update = { kind: 'write', tag: 'UPDATE' } as const
      for (const on of [one, two]) await on.begin('repeatable read', false)
      await drain(await run('UPDATE master.public.w SET a = 2', { on: one, action: update }))
      const text = 'UPDATE master.public.w SET a = 3'
      await expect(run(text, { on: two, action: update })).rejects.toMatchObject({
        kind: 'serialization_failure',
      })
      expect(await two.commit()).toBe('rolled_back')
      expect(await one.commit()).toBe('committed')
      expect(await rowsOf('SELECT a FROM master.public.w')).toEqual([[2]])
    })

    test('closing a session rolls its transaction back', async () => {
      const on = await under.engine.openSession()
      await on.begin('read committed', false)
      await drain(await run('INSERT INTO master.public.w VALUES (1)', { on, action: WRITE }))
      await on.close()
      expect(await rowsOf('SELECT a FROM master.public.w')).toEqual([])
    })

    // ── introspection ────────────────────────────────────────────────────────────────────────

    test('text becomes a tree and text again, and a plan names the columns that it reads', async () => {
      const { introspection } = under.engine
      const tree = await introspection.parse('select a from master.public.w where a > 1')
      const { text, plan } = await introspection.regenerate(tree, tree)
      expect(text).toContain(
        'FROM master."public".w'.replace(
          '"public"',
          text.includes('"public"') ? '"public"' : 'public',
        ),
      )
      expect(JSON.parse(plan)).toMatchObject({ error: false })
      expect(await introspection.deparse([tree, tree])).toEqual([text, text])
      expect(await introspection.plan(text)).toContain('"names":["a"]')
    })

    test('what does not parse is a syntax error with its place, in characters', async () => {
      await expect(
        under.engine.introspection.parse(`select 'ä€\u{1f600}' from from`),
      ).rejects.toMatchObject({ kind: 'syntax_error', position: 19 })
    })

    test('a session sees the definitions of its own transaction in its plans', async () => {
      const on = await session()
      await on.begin('read committed', false)
      await define('CREATE TABLE master.public.own (z INTEGER)', { on, registers: ['own'] })
      expect(await on.introspection.plan('SELECT z FROM master.public.own')).toContain('"z"')
      await expect(
        under.engine.introspection.plan('SELECT z FROM master.public.own'),
      ).rejects.toMatchObject({ kind: 'undefined_table' })
      await on.rollback()
    })

    // ── the host process ─────────────────────────────────────────────────────────────────────

    describe('when the host dies', () => {
      test('statements end with an error, sessions go on, and what was committed is there', async (context) => {
        const { hostPid, engine } = under
        if (!hostPid) context.skip()
        await write('INSERT INTO master.public.w VALUES (1)')
        const [reading, writing, idle] = [await session(), await session(), await session()]
        const portal = await run('SELECT * FROM range(50000000)', { on: reading })
        await writing.begin('read committed', false)
        await drain(
          await run('INSERT INTO master.public.w VALUES (2)', { on: writing, action: WRITE }),
        )
        const computing = run(FOREVER, { on: idle })
        const { generation } = engine
        await pause(200)
        process.kill(present(hostPid, 'a host')(), 'SIGKILL')
        await expect(computing).rejects.toMatchObject({ kind: 'crash_shutdown' })
        expect((await countUntilError(portal)).error).toMatchObject({ kind: 'crash_shutdown' })
        await expect(run('SELECT 1', { on: writing })).rejects.toMatchObject({
          kind: 'failed_transaction',
        })
        expect(await writing.commit()).toBe('rolled_back')
        expect(await rowsOf('SELECT a FROM master.public.w', { on: writing })).toEqual([[1]])
        expect(await rowsOf('SELECT 1', { on: idle })).toEqual([[1]])
        expect(engine.generation).toBe(generation + 1)
      })

      test('versions of definitions go on growing', async (context) => {
        const { hostPid, engine } = under
        if (!hostPid) context.skip()
        const before = engine.catalogVersion
        process.kill(present(hostPid, 'a host')(), 'SIGKILL')
        await pause(100)
        await engine.readDefinitions()
        expect(engine.catalogVersion).toBeGreaterThan(before)
      })
    })

    test('a statement that wants all memory ends alone', async (context) => {
      if (!under.hostPid) context.skip()
      const { generation } = under.engine
      const other = await run('SELECT i FROM range(50000000) r(i)')
      await expect(rowsOf('SELECT len(range(3000000000))')).rejects.toMatchObject({
        kind: 'out_of_memory',
      })
      expect((await other.next()).kind).toBe('frame')
      await other.close()
      expect(await rowsOf('SELECT 1')).toEqual([[1]])
      expect(under.engine.generation).toBe(generation)
    })

    test('memory stays the same over five million rows', async (context) => {
      const { hostPid } = under
      if (!hostPid || process.platform !== 'linux') context.skip()
      const resident = () => residentBytes(present(hostPid, 'a host')())
      const wide = (rows: number) =>
        `SELECT i, i::VARCHAR, i * 1.5, 'a text of some length ' || i FROM range(${rows}) r(i)`
      await count(await run(wide(500_000)))
      const before = resident()
      let most = 0
      const timer = setInterval(() => (most = Math.max(most, resident())), 50)
      expect(await count(await run(wide(5_000_000)))).toBe(5_000_000)
      clearInterval(timer)
      expect(most - before).toBeLessThan(96 * 1024 * 1024)
    })
  })
}

/** Computes for minutes before its first row, and can be interrupted. */
const FOREVER = `SELECT count(*) FROM range(10000000) a(i), range(1000000) b(j) WHERE i * j = -1`

const LATE_BAD_CAST = `SELECT CAST(CASE WHEN i = 4999999 THEN 'x' ELSE '1' END AS INTEGER)
  FROM range(5000000) r(i)`

function upTo(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

function parse(bytes: Uint8Array): Row[] {
  const lines = Buffer.from(bytes).toString('utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as Row)
}

async function drain(portal: EnginePortal): Promise<{ rows: Row[]; count: number | undefined }> {
  const rows: Row[] = []
  for (;;) {
    const event = await portal.next()
    if (event.kind === 'complete') return { rows, count: event.count }
    expect(event.kind).toBe('frame')
    if (event.kind === 'frame') for (const row of parse(event.bytes)) rows.push(row)
  }
}

async function untilSuspended(portal: EnginePortal): Promise<Row[]> {
  const rows: Row[] = []
  for (;;) {
    const event = await portal.next()
    if (event.kind === 'suspended') return rows
    expect(event.kind).toBe('frame')
    if (event.kind === 'frame') for (const row of parse(event.bytes)) rows.push(row)
  }
}

async function count(portal: EnginePortal): Promise<number> {
  let rows = 0
  for (;;) {
    const event = await portal.next()
    if (event.kind === 'complete') return rows
    if (event.kind === 'frame') rows += event.rows
  }
}

/** Fails when the portal comes to an end without an error. */
async function countUntilError(portal: EnginePortal): Promise<{ rows: number; error: unknown }> {
  let rows = 0
  for (;;) {
    try {
      const event = await portal.next()
      if (event.kind === 'frame') rows += event.rows
      else throw new Error(`the portal is ${event.kind} after ${rows} rows`)
    } catch (error) {
      return { rows, error }
    }
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}
