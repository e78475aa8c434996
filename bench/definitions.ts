/**
 * How often a second can a client define something and then read? The first statement after a change
 * of definitions is checked against definitions that were read again, so with many tables it tells what that
 * costs. The engine alone does the same in this process, without a gateway.
 */
import { DuckDBInstance } from '@duckdb/node-api'
import { startBluegate } from '../test/clients/harness/bluegate-server.ts'
import { forkClient } from './harness/client-process.ts'
import { compare } from './harness/measure.ts'
import type { Comparison } from './harness/measure.ts'
import { startPostgres } from './harness/start-postgres.ts'

const ROUND = [
  'create table just_made (a integer, b varchar)',
  'select a, b from just_made',
  'drop table just_made',
  'select 1',
]
const FOR_MS = 2000
const TABLES = [10, 500]

/** Tables beside the one that comes and goes. */
const others = (from: number, to: number): string[] =>
  Array.from(
    { length: to - from },
    (_, i) =>
      `create table beside_${from + i} (a integer primary key, b varchar, c decimal(10,2) default 1,
       d timestamp, e double precision)`,
  )

/** With servers of its own, which hold nothing else. */
export async function definitions(): Promise<Comparison[]> {
  const bluegate = await startBluegate()
  const postgres = await startPostgres()
  const client = forkClient()
  const { name, token } = await bluegate.createClient('definer', [
    'CONNECT ON DATABASE master',
    'CREATE ON SCHEMA public',
  ])
  const { host, port } = bluegate
  const target = { host, port, user: name, database: 'master', password: token }
  const rounds = (side: typeof target) => async (): Promise<number> => {
    const { ms, times } = await client.ask({
      kind: 'in turn',
      target: side,
      texts: ROUND,
      forMs: FOR_MS,
    })
    return ((times ?? 0) / ms) * 1000
  }
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const engine = await instance.connect()
  const inEngine = async (): Promise<number> => {
    const start = performance.now()
    let times = 0
    for (; performance.now() - start < FOR_MS; times += 1) {
      for (const text of ROUND) await engine.runAndReadAll(text)
    }
    return (times / (performance.now() - start)) * 1000
  }
  const results: Comparison[] = []
  let before = 0
  try {
    for (const count of TABLES) {
      const made = others(before, count)
      before = count
      await client.ask({ kind: 'in turn', target, texts: ['begin', ...made, 'commit'], forMs: 0 })
      postgres.run(made.join(';'))
      for (const text of made) await engine.run(text)
      for (const [peerName, peer] of [
        ['PostgreSQL 15', rounds(postgres.target)],
        ['the engine alone', inEngine],
      ] as const) {
        results.push(
          await compare({
            question: `CREATE TABLE, SELECT, DROP TABLE, SELECT beside ${count} tables`,
            unit: 'rounds/s',
            peerName,
            aim: '',
            pairs: 3,
            bluegate: rounds(target),
            peer,
          }),
        )
      }
    }
    return results
  } finally {
    engine.closeSync()
    instance.closeSync()
    client.stop()
    await postgres.stop()
    await bluegate.stop()
  }
}
