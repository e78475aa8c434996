/**
 * What does a permit cost? In this process, over an engine host of its own: the first time, from
 * the text (read, parse, check, regenerate, plan: two round trips), and when it was checked before,
 * where reading the text is a figure of its own.
 *
 * Beside the first time, statement by statement: what the engine alone needs to plan the same text, in
 * this process and without a gateway (`prepare`); and, of queries, what the same host needs for the plan
 * and nothing else: the trip to it is paid with or without a check.
 */
import { DuckDBInstance } from '@duckdb/node-api'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { present } from '../src/base/assert.ts'
import { silentLog } from '../src/base/log.ts'
import { buildSnapshot } from '../src/catalog/build-snapshot.ts'
import { DEFAULT_TEXT_SETTINGS } from '../src/columnar/result-format.ts'
import { startEngine } from '../src/engine/client/start-engine.ts'
import type { Engine, EngineSession } from '../src/engine/engine.ts'
import { createGate } from '../src/gate/authorize.ts'
import type { AuthorizationRequest } from '../src/gate/gate.ts'
import type { Permit } from '../src/identity/permit.ts'
import { readStatements } from '../src/sql/read-statements.ts'
import { testAuthority } from '../test/fixtures/test-authority.ts'
import { quantile } from './harness/measure.ts'
import { TABLES, source } from './harness/tables.ts'
import type { TableRecipe } from './harness/tables.ts'

export interface GateFigure {
  readonly question: string
  readonly coldMedianUs: number
  readonly coldP99Us: number
  /** Of the engine alone, and the median of the quotients of neighbours in time. */
  readonly planMedianUs: number
  readonly coldToPlan: number
  /** Not of writes: the host plans them for the gate alone. */
  readonly coldToHostPlan: number | undefined
  /** Means of many: one alone is shorter than the clock's noise. */
  readonly readUs: number
  readonly cachedUs: number
  readonly aim: string
}

/** `n` makes each text a new one. */
const STATEMENTS: Readonly<Record<string, (n: number) => string>> = {
  'SELECT 1': (n) => `SELECT ${n}`,
  'a point query': (n) => `SELECT orderkey, quantity, comment FROM wide WHERE orderkey = ${n}`,
  'the same through a view': (n) =>
    `SELECT orderkey, quantity, comment FROM narrow WHERE orderkey = ${n}`,
  'an aggregate over a join and a subquery': (n) => `
    WITH recent AS (SELECT * FROM wide WHERE shipdate > DATE '1995-01-01')
    SELECT r.returnflag, r.linestatus, sum(r.quantity) total, avg(r.extendedprice * (1 - r.discount))
    FROM recent r JOIN wide w USING (orderkey)
    WHERE w.suppkey IN (SELECT suppkey FROM wide WHERE linenumber = ${n})
    GROUP BY 1, 2 HAVING count(*) > 3 ORDER BY total DESC LIMIT 10`,
  'sixteen columns': (n) => `SELECT * FROM wide WHERE orderkey > ${n}`,
  'sixty CASE expressions': (n) => {
    const items = Array.from(
      { length: 60 },
      (_, i) => `CASE WHEN quantity > ${i + n} THEN discount * ${i} ELSE tax + ${i} END AS c${i}`,
    )
    return `SELECT ${items.join(', ')} FROM wide`
  },
  'a join of eight': (n) => {
    const joins = Array.from({ length: 7 }, (_, i) => `JOIN wide w${i} USING (orderkey)`)
    return `SELECT count(*), max(w6.comment) FROM wide w ${joins.join(' ')} WHERE w.suppkey = ${n}`
  },
  'an INSERT of one row': (n) => `INSERT INTO wide (orderkey, comment) VALUES (${n}, 'new')`,
  'an UPDATE': (n) => `UPDATE wide SET comment = upper(comment) WHERE orderkey = ${n}`,
  'a DELETE with USING': (n) => `
    DELETE FROM wide USING wide o WHERE o.orderkey = wide.orderkey AND o.suppkey = ${n}`,
}

/** Whose query is checked once, and then known. */
const VIEW = 'CREATE VIEW narrow AS SELECT orderkey, quantity, comment FROM wide'

const COLD_TIMES = 200
const CACHED_TIMES = 2_000
const LIMITS = { memoryBytes: 512 * 2 ** 20, threads: 2, workers: 5, spoolBytesMax: 2 ** 30 }

export async function gate(): Promise<GateFigure[]> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'bench-gate-')))
  const engine = await startEngine({
    dataDirectory: join(directory, 'data'),
    tempDirectory: join(directory, 'temp'),
    allowedDirectories: [],
    limits: { ...LIMITS, killAfterMs: 10_000 },
    log: silentLog,
  })
  try {
    const session = await engine.openSession()
    await define(engine, session, wideTable().bluegate(source('bluegate', 1000)))
    await define(engine, session, VIEW)
    const authorize = await authorizer(engine)
    const plan = await openRawEngine()
    const figures: GateFigure[] = []
    const aim = 'cached ≤ 20 µs, cold ≤ 2 × plan'
    for (const [question, text] of Object.entries(STATEMENTS)) {
      const isQuery = /^\s*(SELECT|WITH)/.test(text(0))
      const inHost = isQuery ? (sql: string) => engine.introspection.plan(inFull(sql)) : undefined
      figures.push({ question, ...(await measure(authorize, plan, inHost, text)), aim })
    }
    await session.close()
    return figures
  } finally {
    await engine.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The host's session has no search path: the gate gives it names in full. */
function inFull(sql: string): string {
  return sql.replaceAll(/\b(FROM|JOIN) (wide|narrow)\b/g, '$1 master.public.$2')
}

type EngineText = AuthorizationRequest['statement']
type Authorize = (statement: EngineText) => Promise<Permit>

async function measure(
  authorize: Authorize,
  plan: (text: string) => Promise<unknown>,
  planInHost: ((text: string) => Promise<unknown>) | undefined,
  text: (n: number) => string,
): Promise<Omit<GateFigure, 'question' | 'aim'>> {
  const cold: number[] = []
  const alone: number[] = []
  const inHost: number[] = []
  for (let n = 0; n < COLD_TIMES * 2; n += 1) {
    const start = performance.now()
    await authorize(read(text(n)))
    const between = performance.now()
    await plan(text(n))
    const planned = performance.now()
    await planInHost?.(text(n))
    if (n < COLD_TIMES) continue // the first half warms up
    cold.push((between - start) * 1000)
    alone.push((planned - between) * 1000)
    inHost.push((performance.now() - planned) * 1000)
  }
  const quotients = (peer: number[]) => cold.map((us, index) => us / (peer[index] ?? 1))
  const known = text(0)
  const readUs = await meanUs(() => void read(known))
  const statement = read(known)
  const cachedUs = await meanUs(() => authorize(statement))
  return {
    coldMedianUs: quantile(cold, 0.5),
    coldP99Us: quantile(cold, 0.99),
    planMedianUs: quantile(alone, 0.5),
    coldToPlan: quantile(quotients(alone), 0.5),
    coldToHostPlan: planInHost && quantile(quotients(inHost), 0.5),
    readUs,
    cachedUs,
  }
}

/** The engine in this process, with the same table; plans a text and does nothing more. */
async function openRawEngine(): Promise<(text: string) => Promise<void>> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(wideTable().bluegate(source('bluegate', 1000)))
  await connection.run(VIEW)
  return async (text) => (await connection.prepare(text)).destroySync()
}

/** Of `CACHED_TIMES` runs, after as many to warm up. */
async function meanUs(run: () => unknown): Promise<number> {
  let start = 0
  for (let n = -CACHED_TIMES; n < CACHED_TIMES; n += 1) {
    if (n === 0) start = performance.now()
    await run()
  }
  return ((performance.now() - start) * 1000) / CACHED_TIMES
}

function read(text: string): EngineText {
  const statement = present(readStatements(text, 'postgres')[0], 'a statement')
  if (statement.kind !== 'engine') throw new Error(`not for the engine: ${text}`)
  return statement
}

/** One gate, one role, the definitions as they are now. */
async function authorizer(engine: Engine): Promise<Authorize> {
  const catalog = buildSnapshot(await engine.readDefinitions())
  const tables = catalog.tables.flatMap(({ name }) =>
    (['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const).map(
      (right) => `${right} ON master.public.${name}` as const,
    ),
  )
  const authority = testAuthority(catalog, [
    'CONNECT ON master',
    'USAGE ON master.public',
    'CREATE ON master.public',
    ...tables,
  ])
  const asker = createGate()
  return async (statement) =>
    await asker.authorize({
      statement,
      parameterTypes: [],
      roleAuthority: () => authority,
      principal: {
        kind: 'client',
        clientId: 'client-1',
        clientName: 'bench',
        tokenId: 'token-1',
        roleId: authority.roleId,
      },
      authority,
      catalog,
      introspection: engine.introspection,
      database: 'master',
      searchPath: ['public'],
    })
}

async function define(engine: Engine, session: EngineSession, text: string): Promise<void> {
  const authorize = await authorizer(engine)
  const permit = await authorize(read(text))
  const format = { kind: 'postgres', columnFormats: [], text: DEFAULT_TEXT_SETTINGS } as const
  await session.begin('read committed', false)
  const options = { parameters: [], format, rowsMax: 0 }
  const portal = await session.run(permit, options, new AbortController().signal)
  while ((await portal.next()).kind !== 'complete');
  await session.commit()
}

function wideTable(): TableRecipe {
  return present(
    TABLES.find(({ name }) => name === 'wide'),
    'the recipe of the wide table',
  )
}
