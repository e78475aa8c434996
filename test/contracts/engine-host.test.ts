/**
 * What the embedded engine's host owes beside the contract of every engine: its own bounds, its
 * supervision, and files.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, afterEach, expect, test } from 'vitest'
import { present } from '../../src/base/assert.ts'
import { GatewayError } from '../../src/base/gateway-error.ts'
import { silentLog } from '../../src/base/log.ts'
import { startEngine, type EngineLimits } from '../../src/engine/client/start-engine.ts'
import type { Engine, EnginePortal, EngineSession } from '../../src/engine/engine.ts'
import type { PermittedAction } from '../../src/identity/permit.ts'
import { testPermit } from '../fixtures/test-permit.ts'

const MIB = 1024 * 1024
const NEVER = new AbortController().signal
const WRITE = { kind: 'write', tag: 'INSERT' } as const

/** Some ten seconds in one call of one function, which hears no interrupt. */
const DEAF = `SELECT levenshtein(repeat('a', 120000), repeat('b', 120000))`

const root = mkdtempSync(join(tmpdir(), 'bluegate-host-'))
const started: Engine[] = []
afterEach(() => Promise.all(started.splice(0).map((engine) => engine.stop())))
afterAll(() => rmSync(root, { recursive: true }))

interface Started {
  readonly engine: Engine
  readonly session: EngineSession
  readonly directory: string
  readonly pid: () => number
}

async function start(
  directory = join(root, randomUUID()),
  limits?: Partial<EngineLimits>,
): Promise<Started> {
  let pid: unknown
  mkdirSync(join(directory, 'files'), { recursive: true })
  const engine = await startEngine({
    dataDirectory: join(directory, 'data'),
    tempDirectory: join(directory, 'temp'),
    allowedDirectories: [join(directory, 'files')],
    limits: {
      memoryBytes: 256 * MIB,
      threads: 2,
      workers: 5,
      killAfterMs: 10_000,
      spoolBytesMax: 64 * MIB,
      ...limits,
    },
    log: { ...silentLog, info: (fields) => (pid = fields['pid']) },
  })
  started.push(engine)
  return {
    engine,
    session: await engine.openSession(),
    directory,
    pid: () => Number(present(pid, 'a process id')),
  }
}

interface Asked {
  readonly action?: PermittedAction
  readonly rowsMax?: number
  readonly signal?: AbortSignal
}

async function run(
  { engine, session }: Pick<Started, 'engine' | 'session'>,
  text: string,
  { action, rowsMax = 0, signal = NEVER }: Asked = {},
): Promise<EnginePortal> {
  const permit = testPermit(text, engine.catalogVersion, action)
  return await session.run(
    permit,
    { parameters: [], format: { kind: 'json_lines' }, rowsMax },
    signal,
  )
}

async function rest(portal: EnginePortal): Promise<string> {
  const parts: Uint8Array[] = []
  for (;;) {
    const event = await portal.next()
    if (event.kind === 'complete') return Buffer.concat(parts).toString('utf8')
    if (event.kind === 'frame') parts.push(event.bytes)
  }
}

const one = async (at: Pick<Started, 'engine' | 'session'>, text: string) =>
  rest(await run(at, text))

/** As the gateway does: what is known not to have run is sent again, with a permit of today. */
async function again(at: Pick<Started, 'engine' | 'session'>, text: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await one(at, text)
    } catch (error) {
      if (!(error instanceof GatewayError && error.safeToRetry) || attempt === 5) throw error
    }
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; waited < 20_000 && !condition(); waited += 20) await pause(20)
  expect(condition()).toBe(true)
}

function defines(table: string): PermittedAction {
  const object = { id: randomUUID(), kind: 'table', schema: 'public', name: table } as const
  return {
    kind: 'define',
    tag: 'CREATE TABLE',
    database: 'master',
    registers: [object],
    unregisters: [],
    countsRows: true,
  }
}

async function create(at: Started, table: string, query: string): Promise<void> {
  await at.session.begin('read committed', false)
  await rest(
    await run(at, `CREATE TABLE master.public.${table} AS ${query}`, { action: defines(table) }),
  )
  expect(await at.session.commit()).toBe('committed')
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

test('a result beyond the bound cannot be put aside: 53400, and the transaction fails', async () => {
  const at = await start(undefined, { spoolBytesMax: 2 * MIB })
  await create(at, 't', 'SELECT 1 AS a')
  await at.session.begin('read committed', false)
  await rest(await run(at, 'INSERT INTO master.public.t VALUES (2)', { action: WRITE }))
  const small = await run(at, 'SELECT * FROM range(100000)', { rowsMax: 1 })
  const large = await run(at, 'SELECT * FROM range(10000000)', { rowsMax: 1 })
  await expect(run(at, 'SELECT 1')).rejects.toMatchObject({ kind: 'configuration_limit' })
  await expect(
    large
      .next()
      .then(() => large.next())
      .then(() => large.next()),
  ).rejects.toMatchObject({
    kind: 'configuration_limit',
  })
  await small.close()
  expect(await at.session.commit()).toBe('rolled_back')
  expect(await one(at, 'SELECT count(*)::INTEGER FROM master.public.t')).toBe('[1]\n')
})

test('a batch of very long rows arrives whole, while others are served', async () => {
  const at = await start()
  const other = { engine: at.engine, session: await at.engine.openSession() }
  const portal = await run(at, `SELECT i::INTEGER, repeat('x', 20000) FROM range(3000) r(i)`)
  let text = ''
  let rows = 0
  for (;;) {
    expect(await one(other, 'SELECT 1')).toBe('[1]\n')
    const event = await portal.next()
    if (event.kind !== 'frame') break
    rows += event.rows
    text += Buffer.from(event.bytes)
      .toString('latin1')
      .replaceAll(/x{20000}/g, 'x')
  }
  expect(rows).toBe(3000)
  expect(text).toBe(Array.from({ length: 3000 }, (_, i) => `[${i},"x"]\n`).join(''))
})

test('a statement that is deaf to its interrupt takes the host down, twice; then it is refused', async () => {
  const at = await start(undefined, { killAfterMs: 1000 })
  for (const generation of [2, 3]) {
    const other = run({ engine: at.engine, session: await at.engine.openSession() }, DEAF_FREE)
    other.catch(() => undefined)
    const signal = AbortSignal.timeout(300)
    await expect(run(at, DEAF, { signal })).rejects.toMatchObject({ kind: 'cancelled' })
    await until(() => at.engine.generation === generation)
    expect(await again(at, 'SELECT 1')).toBe('[1]\n')
    await expect(other).rejects.toMatchObject({
      kind: 'crash_shutdown',
      message: 'the engine restarted',
    })
  }
  await expect(run(at, DEAF)).rejects.toMatchObject({ kind: 'statement_too_complex' })
  // what merely ran beside it is no suspect
  const signal = AbortSignal.timeout(300)
  await expect(run(at, DEAF_FREE, { signal })).rejects.toMatchObject({ kind: 'cancelled' })
})

/** Runs as long, but can be interrupted. */
const DEAF_FREE = `SELECT count(*) FROM range(10000000) a(i), range(1000000) b(j) WHERE i * j = -1`

test('a commit under way when the host dies has an unknown outcome, and says so', async () => {
  const at = await start()
  await create(at, 't', 'SELECT i AS a FROM range(10) r(i)')
  await at.session.begin('read committed', false)
  await rest(await run(at, 'INSERT INTO master.public.t VALUES (11)', { action: WRITE }))
  process.kill(at.pid(), 'SIGSTOP')
  const committing = at.session.commit()
  process.kill(at.pid(), 'SIGKILL')
  await expect(committing).rejects.toMatchObject({
    kind: 'crash_shutdown',
    message: 'the engine restarted; the outcome of this write is unknown',
  })
  expect(await again(at, 'SELECT count(*)::INTEGER FROM master.public.t')).toMatch(/^\[1[01]\]\n$/)
})

test('what was committed, and its ids, are there at the next start', async () => {
  const first = await start()
  await create(first, 't', 'SELECT 42 AS a')
  const before = await first.engine.readDefinitions()
  await first.engine.stop()
  const second = await start(first.directory)
  const after = await second.engine.readDefinitions()
  expect({ ...after, catalogVersion: 0 }).toEqual({ ...before, catalogVersion: 0 })
  expect(await one(second, 'SELECT a FROM master.public.t')).toBe('[42]\n')
})

test('after a kill the log of the engine is taken in', async () => {
  const at = await start()
  await create(at, 't', 'SELECT 42 AS a')
  process.kill(at.pid(), 'SIGKILL')
  expect(await again(at, 'SELECT a FROM master.public.t')).toBe('[42]\n')
})

test('a file that is no database is an error at the start, and nothing is left running', async () => {
  const directory = join(root, randomUUID())
  mkdirSync(join(directory, 'data/databases'), { recursive: true })
  writeFileSync(join(directory, 'data/databases/master.duckdb'), 'x'.repeat(10_000))
  await expect(start(directory)).rejects.toMatchObject({ kind: expect.any(String) })
  rmSync(join(directory, 'data/databases/master.duckdb'))
  expect(await one(await start(directory), 'SELECT 1')).toBe('[1]\n')
})

test('a file of a location becomes a table with its id, or nothing at all', async () => {
  const at = await start()
  const csv = join(at.directory, 'files', "it's.csv")
  writeFileSync(csv, 'a,b\n1,x\n2,y\n')
  const call = { database: 'master', schema: 'public', tableId: randomUUID() } as const
  const { rows } = await at.engine.loadFile({
    ...call,
    table: 'Loaded "1"',
    path: csv,
    format: 'csv',
  })
  expect(rows).toBe(2)
  const { tables } = await at.engine.readDefinitions()
  expect(tables.map(({ id, name }) => [id, name])).toEqual([[call.tableId, 'Loaded "1"']])
  expect(await one(at, `SELECT * FROM master.public."Loaded ""1""" ORDER BY a`)).toBe(
    '["1","x"]\n["2","y"]\n',
  )

  const parquet = join(at.directory, 'files', 'made.parquet')
  await at.session.begin('read committed', false)
  const written = join(at.directory, 'data/databases/made.parquet') // locations are for reading
  const copy = `COPY (SELECT i AS n FROM range(1000) r(i)) TO '${written}' (FORMAT parquet)`
  await rest(await run(at, copy, { action: WRITE }))
  await at.session.commit()
  renameSync(written, parquet)
  const second = { ...call, tableId: randomUUID(), table: 'from_parquet' } as const
  expect(await at.engine.loadFile({ ...second, path: parquet, format: 'parquet' })).toEqual({
    rows: 1000,
  })

  const outside = join(at.directory, 'outside.csv')
  writeFileSync(outside, 'a\n1\n')
  await expect(
    at.engine.loadFile({ ...call, table: 'outside', path: outside, format: 'csv' }),
  ).rejects.toMatchObject({ kind: 'insufficient_privilege' })
  symlinkSync(outside, join(at.directory, 'files/link.csv'))
  await expect(
    at.engine.loadFile({
      ...call,
      table: 'linked',
      path: join(at.directory, 'files/link.csv'),
      format: 'csv',
    }),
  ).rejects.toMatchObject({ kind: 'insufficient_privilege' })
  await expect(
    at.engine.loadFile({ ...call, table: 'wrong', path: csv, format: 'parquet' }),
  ).rejects.toThrow(/parquet|magic|file/i)
  expect((await at.engine.readDefinitions()).tables.length).toBe(2)
})

test('without its gateway the host ends', async () => {
  const directory = join(root, randomUUID())
  const script = `
    import { startEngine } from ${JSON.stringify(new URL('../../src/engine/client/start-engine.ts', import.meta.url).href)}
    const log = { debug() {}, warn() {}, error() {}, info: ({ pid }) => console.log(pid) }
    await startEngine({
      dataDirectory: ${JSON.stringify(join(directory, 'data'))},
      tempDirectory: ${JSON.stringify(join(directory, 'temp'))},
      allowedDirectories: [], log,
      limits: { memoryBytes: 268435456, threads: 1, workers: 5, killAfterMs: 1000, spoolBytesMax: 1000 },
    })
    setInterval(() => {}, 1000)`
  const gateway = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pid = await new Promise<number>((resolve) => {
    gateway.stdout.once('data', (bytes: Buffer) => resolve(Number(bytes.toString())))
  })
  expect(() => process.kill(pid, 0)).not.toThrow()
  gateway.kill('SIGKILL')
  await until(() => !isAlive(pid))
})

test('definitions and statements at the same time: no statement meets other definitions than its permit', async () => {
  const at = await start()
  await create(at, 't', 'SELECT 0 AS v')
  const definer = await at.engine.openSession()
  let done = false
  const define = async (): Promise<void> => {
    for (let v = 1; v <= 25; v += 1) {
      const on = { engine: at.engine, session: definer }
      await definer.begin('read committed', false)
      const action = { ...defines('t'), registers: [] } as PermittedAction
      await rest(await run(on, 'DROP TABLE master.public.t', { action }))
      const { catalogVersion } = await definer.readDefinitions()
      const text = `CREATE TABLE master.public.t AS SELECT ${at.engine.catalogVersion} AS v`
      const options = { parameters: [], format: { kind: 'json_lines' }, rowsMax: 0 } as const
      await rest(await definer.run(testPermit(text, catalogVersion, action), options, NEVER))
      expect(await definer.commit()).toBe('committed')
    }
    done = true
  }
  let read = 0
  const reader = async (): Promise<void> => {
    const on = { engine: at.engine, session: await at.engine.openSession() }
    while (!done) {
      const version = at.engine.catalogVersion
      const text = await one(on, 'SELECT v FROM master.public.t').catch((error: unknown) => {
        if (error instanceof GatewayError && error.safeToRetry) return undefined
        throw error
      })
      if (text === undefined) continue
      const [seen] = JSON.parse(text) as [number]
      // the table was made at the version before the one that its commit gave
      expect(seen).toBeLessThan(version)
      read += 1
    }
  }
  await Promise.all([define(), reader(), reader(), reader()])
  expect(read).toBeGreaterThan(0)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a database whose registry knows less is completed when it is opened', async () => {
  const first = await start()
  await create(first, 'kept', 'SELECT 1 AS a')
  const [before] = (await first.engine.readDefinitions()).tables
  await first.engine.stop()
  const instance = await DuckDBInstance.create(
    join(first.directory, 'data', 'databases', 'master.duckdb'),
  )
  const old = await instance.connect()
  await old.run('DROP TABLE bluegate_internal.column_keys')
  await old.run('ALTER TABLE bluegate_internal.objects DROP COLUMN owner_role')
  old.closeSync()
  instance.closeSync()

  const second = await start(first.directory)
  expect((await second.engine.readDefinitions()).tables).toEqual([before])
  const { id } = present(before, 'the table')
  await second.session.begin('read committed', false)
  const action = { ...defines('other'), amends: [{ kind: 'name', id, name: 'new' }] } as const
  await rest(await run(second, 'ALTER TABLE master.public.kept RENAME TO new', { action }))
  expect(await second.session.commit()).toBe('committed')
  const [after] = (await second.engine.readDefinitions()).tables
  expect(after).toEqual({ ...before, name: 'new' })
})
