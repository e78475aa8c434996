/** The copy of the databases that a backup holds: one state, taken while others write, compared. */
import { randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { present } from '../../src/base/assert.ts'
import { GatewayError } from '../../src/base/gateway-error.ts'
import type { Engine, EngineBackup, EngineSession } from '../../src/engine/engine.ts'
import { drain } from '../../src/engine/engine-contract-harness.ts'
import type { Row } from '../../src/engine/engine-contract-harness.ts'
import type { PermittedAction } from '../../src/identity/permit.ts'
import { startTestEngine } from '../fixtures/start-test-engine.ts'
import { testPermit } from '../fixtures/test-permit.ts'

const NEVER = new AbortController().signal
const WRITE = { kind: 'write', tag: 'INSERT' } as const

const root = mkdtempSync(join(tmpdir(), 'bluegate-backup-'))
const started: Engine[] = []
afterEach(() => Promise.all(started.splice(0).map((engine) => engine.stop())))
afterAll(() => rmSync(root, { recursive: true }))

async function start(directory: string): Promise<Engine> {
  mkdirSync(directory, { recursive: true })
  const engine = await startTestEngine(directory)
  started.push(engine)
  return engine
}

async function run(
  engine: Engine,
  session: EngineSession,
  text: string,
  action?: PermittedAction,
): Promise<Row[]> {
  const permit = testPermit(text, engine.catalogVersion, action)
  const options = { parameters: [], format: { kind: 'json_lines' }, rowsMax: 0 } as const
  return (await drain(await session.run(permit, options, NEVER))).rows
}

async function write(engine: Engine, text: string, names: readonly string[] = []): Promise<void> {
  const session = await engine.openSession()
  await session.begin('read committed', false)
  const action: PermittedAction =
    names.length === 0
      ? WRITE
      : {
          kind: 'define',
          tag: 'CREATE TABLE',
          database: 'master',
          registers: names.map((name) => ({
            id: randomUUID(),
            kind: 'table',
            schema: 'public',
            name,
          })),
          unregisters: [],
          countsRows: false,
        }
  await run(engine, session, text, action)
  expect(await session.commit()).toBe('committed')
  await session.close()
}

async function rowsOf(engine: Engine, text: string): Promise<Row[]> {
  const session = await engine.openSession()
  const rows = await run(engine, session, text)
  await session.close()
  return rows
}

/** @returns rows by table. */
async function copyAll(backup: EngineBackup): Promise<Record<string, number>> {
  const copied: Record<string, number> = {}
  for (;;) {
    const table = await backup.copyNext(NEVER)
    if (!table) break
    copied[`${table.schema}.${table.name}`] = table.rows
  }
  await backup.finish()
  return copied
}

/** An engine whose database is the copy. */
async function openCopy(file: string): Promise<Engine> {
  const directory = join(root, randomUUID())
  mkdirSync(join(directory, 'data', 'databases'), { recursive: true })
  copyFileSync(file, join(directory, 'data', 'databases', 'master.duckdb'))
  return await start(directory)
}

const PAIR = `SELECT (SELECT count(*) FROM master.public.a), (SELECT count(*) FROM master.public.b),
  (SELECT sum(hash(a)) FROM master.public.a a)::VARCHAR`

test('a copy under write load holds one state, with its ids, and takes definitions and later writes no further', async () => {
  const engine = await start(join(root, randomUUID()))
  const columns = `id BIGINT PRIMARY KEY, n VARCHAR DEFAULT 'none' CHECK (length(n) < 40), "a ""b" DECIMAL(9,2)`
  await write(engine, `CREATE TABLE master.public.a (${columns})`, ['a'])
  await write(engine, `CREATE TABLE master.public.b (id BIGINT UNIQUE NOT NULL)`, ['b'])
  await write(
    engine,
    `INSERT INTO master.public.a SELECT i, 'row ' || i, i / 7 FROM range(200000) t(i)`,
  )
  await write(engine, 'INSERT INTO master.public.b SELECT i FROM range(200000) t(i)')

  // each transaction adds one row to both tables: in any one state they have as many
  let written = 200_000
  let stop = false
  const load = (async () => {
    const session = await engine.openSession()
    while (!stop) {
      await session.begin('read committed', false)
      try {
        const row = `INSERT INTO master.public.a VALUES (${written}, 'late', 1)`
        await run(engine, session, row, WRITE)
        await run(engine, session, `INSERT INTO master.public.b VALUES (${written})`, WRITE)
      } catch (error) {
        if (!isOvertaken(error)) throw error // a definition between them
        await session.rollback()
        continue
      }
      expect(await session.commit()).toBe('committed')
      written += 1
    }
    await session.close()
  })()
  const backup = await engine.openBackup()
  while (written < 200_010) await new Promise((resolve) => setTimeout(resolve, 5))
  const before = written
  expect(await backup.takeSnapshot()).toBe(6) // four of them are the registry
  const after = written + 1 // one may be committed, and its commit not yet answered
  const definitions = await engine.readDefinitions()
  const copied = await copyAll(backup)
  await write(engine, 'CREATE TABLE master.public.later (id BIGINT)', ['later'])
  stop = true
  await load
  expect(written).toBeGreaterThan(after)

  const copy = await openCopy(present(backup.files[0], 'a copy').file)
  const [[rowsA, rowsB, hash] = []] = await rowsOf(copy, PAIR)
  expect(rowsA).toBe(rowsB)
  expect(Number(rowsA)).toBeGreaterThanOrEqual(before)
  expect(Number(rowsA)).toBeLessThanOrEqual(after)
  expect(copied).toMatchObject({ 'public.a': Number(rowsA), 'public.b': Number(rowsB) })
  const sameRows = `SELECT sum(hash(a))::VARCHAR FROM master.public.a a WHERE id < ${String(rowsA)}`
  expect(await rowsOf(engine, sameRows)).toEqual([[hash]])
  const found = await copy.readDefinitions()
  const plain = (table: (typeof found.tables)[number]): unknown => ({ ...table, estimatedRows: 0 })
  expect(found.databases).toEqual(definitions.databases)
  expect(found.schemas).toEqual(definitions.schemas)
  expect(found.tables.map(plain)).toEqual(definitions.tables.map(plain))

  const broken = write(copy, `INSERT INTO master.public.a VALUES (5, 'again', 1)`)
  await expect(broken).rejects.toMatchObject({ kind: 'unique_violation' })
  await write(copy, 'INSERT INTO master.public.a (id) VALUES (-1)')
  expect(await rowsOf(copy, 'SELECT n FROM master.public.a WHERE id = -1')).toEqual([['none']])
  await backup.close()
  expect(existsSync(present(backup.files[0], 'a copy').file)).toBe(false)
})

test('a second backup is refused while there is one, and not after it; what one leaves is taken away', async () => {
  const directory = join(root, randomUUID())
  const engine = await start(directory)
  const first = await engine.openBackup()
  await first.takeSnapshot()
  await expect(engine.openBackup()).rejects.toMatchObject({ kind: 'object_in_use' })
  await first.close()
  const second = await engine.openBackup()
  await second.takeSnapshot()
  const cut = new AbortController()
  cut.abort()
  await expect(second.copyNext(cut.signal)).rejects.toMatchObject({ kind: 'cancelled' })
  await second.close()
  expect(readdirSync(join(directory, 'data', 'databases')).filter(isCopy)).toEqual([])
})

test('a copy that a dead engine left is removed by the next, and the database is unharmed', async () => {
  const directory = join(root, randomUUID())
  const engine = await start(directory)
  await write(engine, 'CREATE TABLE master.public.a (id BIGINT)', ['a'])
  const backup = await engine.openBackup()
  await backup.takeSnapshot()
  await backup.copyNext(NEVER)
  process.kill(present(engine.hostPid, 'a process id'), 'SIGKILL')
  await expect(backup.finish()).rejects.toMatchObject({ kind: 'crash_shutdown' })
  await backup.close()
  expect((await engine.readDefinitions()).tables.map(({ name }) => name)).toEqual(['a'])
  expect(readdirSync(join(directory, 'data', 'databases')).filter(isCopy)).toEqual([])
})

function isOvertaken(error: unknown): boolean {
  return error instanceof GatewayError && error.kind === 'serialization_failure'
}

function isCopy(name: string): boolean {
  return name.startsWith('backup-')
}

test('a copy goes on where sequences stood, also one at its end, and the original can still lose them', async () => {
  const engine = await start(join(root, randomUUID()))
  const own = 'master.bluegate_internal."identity"'
  for (const text of [`CREATE SEQUENCE ${own}`, 'CREATE SEQUENCE master.public.short MAXVALUE 2']) {
    await write(engine, text)
  }
  const id = `id INTEGER DEFAULT nextval('${own}')`
  const short = "n INTEGER DEFAULT nextval('master.public.short')"
  await write(engine, `CREATE TABLE master.public.t (${id}, ${short}, v INTEGER PRIMARY KEY)`, [
    't',
  ])
  await write(engine, 'CREATE INDEX i ON master.public.t (id)')
  await write(engine, 'INSERT INTO master.public.t (v) VALUES (1), (2)')
  const backup = await engine.openBackup()
  await backup.takeSnapshot()
  await copyAll(backup)
  const copy = await openCopy(present(backup.files[0], 'a copy').file)
  await backup.close()
  await write(copy, 'INSERT INTO master.public.t (n, v) VALUES (0, 3)')
  expect(await rowsOf(copy, 'SELECT id, n FROM master.public.t ORDER BY v')).toEqual([
    [1, 1],
    [2, 2],
    [3, 0],
  ])
  await expect(write(copy, 'INSERT INTO master.public.t (v) VALUES (4)')).rejects.toMatchObject({
    kind: 'sequence_limit',
  })
  for (const gone of ['TABLE master.public.t', `SEQUENCE ${own}`, 'SEQUENCE master.public.short']) {
    await write(engine, `DROP ${gone}`)
    await write(copy, `DROP ${gone}`)
  }
})
