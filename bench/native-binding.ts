/**
 * Our binding to the engine beside `@duckdb/node-api`, the usual one: same library, same thread,
 * each with a database of its own in memory. Every value ends up in JavaScript's memory, in the form
 * that each binding gives: ours copies columns and gathers the bytes of texts, the other one gives
 * columns of numbers and makes a string of each text.
 */
import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import { openTestDatabase } from '../src/engine/duckdb/testing/test-database.ts'
import type { DuckDbConnection } from '../src/engine/duckdb/duckdb-connection.ts'
import { compare } from './harness/measure.ts'
import type { Comparison } from './harness/measure.ts'
import { TABLES, source } from './harness/tables.ts'

const ROWS = 300_000
const STATEMENTS_MS = 1000
const PEER = '@duckdb/node-api'

export async function nativeBinding(): Promise<Comparison[]> {
  const ours = openTestDatabase()
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const theirs = await instance.connect()
  try {
    for (const table of TABLES) {
      const create = table.bluegate(source('bluegate', ROWS))
      ours.connection.execute(create)
      await theirs.run(create)
    }
    const results = [
      await compare({
        question: 'SELECT 1, prepared, streamed to its end',
        unit: '/s',
        peerName: PEER,
        aim: '',
        pairs: 5,
        bluegate: () => Promise.resolve(ourStatements(ours.connection)),
        peer: () => theirStatements(theirs),
      }),
    ]
    for (const [question, select] of [
      ['one DOUBLE column', 'select e from numeric8'],
      ['16 columns as of lineitem', 'select * from wide'],
      ['long strings', 'select s from strings'],
    ] as const) {
      results.push(
        await compare({
          question: `${question}, fetched`,
          unit: 'rows/s',
          peerName: PEER,
          aim: '',
          pairs: 5,
          bluegate: () => Promise.resolve(ourRows(ours.connection, select)),
          peer: () => theirRows(theirs, select),
        }),
      )
    }
    return results
  } finally {
    theirs.closeSync()
    instance.closeSync()
    ours.close()
  }
}

function ourStatements(connection: DuckDbConnection): number {
  const statement = connection.prepare('SELECT 1')
  const start = performance.now()
  let times = 0
  for (; performance.now() - start < STATEMENTS_MS; times += 1) {
    const result = statement.start()
    while (result.next());
    result.close()
  }
  statement.close()
  return perSecond(times, start)
}

async function theirStatements(connection: DuckDBConnection): Promise<number> {
  const statement = await connection.prepare('SELECT 1')
  const start = performance.now()
  let times = 0
  for (; performance.now() - start < STATEMENTS_MS; times += 1) {
    const result = await statement.stream()
    while (await nextChunk(result));
  }
  statement.destroySync()
  return perSecond(times, start)
}

function ourRows(connection: DuckDbConnection, select: string): number {
  const statement = connection.prepare(select)
  const start = performance.now()
  const result = statement.start()
  let rows = 0
  for (let batch = result.next(); batch; batch = result.next()) rows += batch.rowCount
  const rate = perSecond(rows, start)
  result.close()
  statement.close()
  return checked(rows, rate)
}

async function theirRows(connection: DuckDBConnection, select: string): Promise<number> {
  const start = performance.now()
  const result = await connection.stream(select)
  let rows = 0
  for (let chunk = await nextChunk(result); chunk; chunk = await nextChunk(result)) {
    for (let column = 0; column < chunk.columnCount; column += 1) readColumn(chunk, column)
    rows += chunk.rowCount
  }
  return checked(rows, perSecond(rows, start))
}

/** A column of numbers is there with its vector; a text is only there once it was asked for. */
function readColumn(chunk: DuckDBDataChunk, index: number): void {
  const vector = chunk.getColumnVector(index)
  if (!('items' in vector)) for (let row = 0; row < chunk.rowCount; row += 1) vector.getItem(row)
}

/** Undefined at the end, which is an empty chunk or none. */
async function nextChunk(result: {
  fetchChunk(): Promise<DuckDBDataChunk | null>
}): Promise<DuckDBDataChunk | undefined> {
  const chunk = await result.fetchChunk()
  return chunk === null || chunk.rowCount === 0 ? undefined : chunk
}

function checked(rows: number, rate: number): number {
  if (rows !== ROWS) throw new Error(`${rows} rows instead of ${ROWS}`)
  return rate
}

function perSecond(times: number, start: number): number {
  return (times / (performance.now() - start)) * 1000
}
