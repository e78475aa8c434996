/** Databases as files: what a crash leaves of them, what comes back, and what a backup copies. */
import { randomUUID } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, expect, test } from 'vitest'
import { assert, present } from '../../src/base/assert.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { drain } from '../../src/engine/engine-contract-harness.ts'
import type { Row } from '../../src/engine/engine-contract-harness.ts'
import type { PermittedAction } from '../../src/identity/permit.ts'
import { startTestEngine } from '../fixtures/start-test-engine.ts'
import { testPermit } from '../fixtures/test-permit.ts'

const NEVER = new AbortController().signal
const NAME = 'The "second" one'
const QUOTED = '"The ""second"" one"'

const root = mkdtempSync(join(tmpdir(), 'bluegate-databases-'))
const started: Engine[] = []
afterEach(() => Promise.all(started.splice(0).map((engine) => engine.stop())))
afterAll(() => rmSync(root, { recursive: true }))

interface Started {
  readonly engine: Engine
  /** Kills its process, and waits for the next one. */
  readonly kill: () => Promise<void>
}

async function start(directory: string): Promise<Started> {
  const engine = await startTestEngine(directory)
  started.push(engine)
  const kill = async (): Promise<void> => {
    const { generation } = engine
    process.kill(present(engine.hostPid, 'a process id'), 'SIGKILL')
    while (engine.generation === generation || !engine.isUp) await setTimeout(20)
  }
  return { engine, kill }
}

const newDirectory = (): string => join(root, randomUUID())
const filesIn = (directory: string): string[] =>
  readdirSync(join(directory, 'data', 'databases')).toSorted()

function newDatabase(name: string): { name: string; databaseId: string; schemaId: string } {
  return { name, databaseId: randomUUID(), schemaId: randomUUID() }
}

async function run(engine: Engine, text: string, action?: PermittedAction): Promise<Row[]> {
  const session = await engine.openSession()
  const options = { parameters: [], format: { kind: 'json_lines' }, rowsMax: 0 } as const
  if (action) await session.begin('read committed', false)
  const permit = testPermit(text, engine.catalogVersion, action)
  const { rows } = await drain(await session.run(permit, options, NEVER))
  if (action) assert((await session.commit()) === 'committed', 'it is committed')
  await session.close()
  return rows
}

/** A table with one row in it. @returns its id. */
async function makeTable(engine: Engine, database: string, quoted: string): Promise<string> {
  const id = randomUUID()
  await run(engine, `CREATE TABLE ${quoted}.public.t (a INTEGER)`, {
    kind: 'define',
    tag: 'CREATE TABLE',
    database,
    registers: [{ id, kind: 'table', schema: 'public', name: 't' }],
    unregisters: [],
    countsRows: false,
  })
  await run(engine, `INSERT INTO ${quoted}.public.t VALUES (7)`, { kind: 'write', tag: 'INSERT' })
  return id
}

test('one that was made is there after a kill, with its name, its ids and its rows', async () => {
  const directory = newDirectory()
  const { engine, kill } = await start(directory)
  const made = newDatabase(NAME)
  await engine.createDatabase(made)
  const tableId = await makeTable(engine, NAME, QUOTED)
  expect(filesIn(directory)).toContain(`${made.databaseId}.duckdb`)
  const before = engine.catalogVersion
  await kill()
  const { databases, schemas, tables } = await engine.readDefinitions()
  expect(databases.map(({ name }) => name)).toEqual(['master', NAME])
  expect(databases[1]).toEqual({ id: made.databaseId, name: NAME, readOnly: false })
  expect(schemas).toContainEqual({ id: made.schemaId, database: NAME, name: 'public' })
  expect(tables).toMatchObject([{ id: tableId, database: NAME, name: 't' }])
  expect(await run(engine, `SELECT a FROM ${QUOTED}.public.t`)).toEqual([[7]])
  expect(engine.catalogVersion).toBeGreaterThan(before)
})

test('one that was dropped stays away, and its name is free', async () => {
  const directory = newDirectory()
  const { engine, kill } = await start(directory)
  const first = newDatabase(NAME)
  await engine.createDatabase(first)
  await makeTable(engine, NAME, QUOTED)
  await engine.dropDatabase(NAME.toUpperCase())
  expect(filesIn(directory)).not.toContain(`${first.databaseId}.duckdb`)
  await expect(run(engine, `SELECT a FROM ${QUOTED}.public.t`)).rejects.toThrow(/does not exist/)
  const second = newDatabase(NAME)
  await engine.createDatabase(second)
  await kill()
  const { databases, tables } = await engine.readDefinitions()
  expect(databases[1]).toEqual({ id: second.databaseId, name: NAME, readOnly: false })
  expect(tables).toEqual([])
})

test('a name that is taken, and one that is not there, change nothing', async () => {
  const directory = newDirectory()
  const { engine } = await start(directory)
  await engine.createDatabase(newDatabase('other'))
  const [files, version] = [filesIn(directory), engine.catalogVersion]
  await expect(engine.createDatabase(newDatabase('OTHER'))).rejects.toMatchObject({
    kind: 'duplicate_database',
  })
  await expect(engine.createDatabase(newDatabase('system'))).rejects.toThrow(
    /already exists|reserved/,
  )
  await expect(engine.dropDatabase('absent')).rejects.toMatchObject({
    kind: 'invalid_catalog_name',
  })
  await expect(engine.dropDatabase('master')).rejects.toMatchObject({ kind: 'object_in_use' })
  expect([filesIn(directory), engine.catalogVersion]).toEqual([files, version])
})

test('what a crash left of one that nobody was told of is removed at the next start', async () => {
  const directory = newDirectory()
  const first = await start(directory)
  await first.engine.createDatabase(newDatabase('kept'))
  await first.engine.stop()
  const files = filesIn(directory)
  const at = (name: string): string => join(directory, 'data', 'databases', name)
  writeFileSync(at(`${randomUUID()}.duckdb.wal`), 'the file is gone, the log is not')
  writeFileSync(at(`backup-${randomUUID()}.duckdb`), 'a copy')
  writeFileSync(at(`new-${randomUUID()}.duckdb`), '') // attached, and never filled
  writeFileSync(at(`new-${randomUUID()}.duckdb.wal`), 'half a')
  const { engine } = await start(directory)
  expect((await engine.readDefinitions()).databases.map(({ name }) => name)).toEqual([
    'master',
    'kept',
  ])
  expect(filesIn(directory).filter((name) => !name.endsWith('.wal'))).toEqual(files)
})

test('a backup holds each in a file of its own; meanwhile none is made or dropped', async () => {
  const { engine } = await start(newDirectory())
  const made = newDatabase(NAME)
  await engine.createDatabase(made)
  await makeTable(engine, NAME, QUOTED)
  await makeTable(engine, 'master', 'master')
  const definitions = await engine.readDefinitions()
  const backup = await engine.openBackup()
  await backup.takeSnapshot()
  const inUse = { kind: 'object_in_use', message: 'a backup is under way' }
  await expect(engine.createDatabase(newDatabase('later'))).rejects.toMatchObject(inUse)
  await expect(engine.dropDatabase(NAME)).rejects.toMatchObject(inUse)
  await run(engine, `INSERT INTO ${QUOTED}.public.t VALUES (8)`, { kind: 'write', tag: 'INSERT' })
  while (await backup.copyNext(NEVER)) continue
  await backup.finish()
  const copy = newDirectory()
  mkdirSync(join(copy, 'data', 'databases'), { recursive: true })
  for (const { name, file } of backup.files) {
    copyFileSync(file, join(copy, 'data', 'databases', name))
  }
  await backup.close()
  await engine.createDatabase(newDatabase('later'))

  const restored = (await start(copy)).engine
  const found = await restored.readDefinitions()
  expect({ ...found, catalogVersion: 0 }).toEqual({ ...definitions, catalogVersion: 0 })
  const rows = `SELECT (SELECT sum(a) FROM ${QUOTED}.public.t)::INTEGER, (SELECT sum(a) FROM master.public.t)::INTEGER`
  expect(await run(restored, rows)).toEqual([[7, 7]])
})
