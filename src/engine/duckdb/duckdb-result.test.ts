import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GatewayError } from '../../base/gateway-error.ts'
import { DuckDbConnection, interrupt } from './duckdb-connection.ts'
import type { DuckDbResult } from './duckdb-result.ts'
import { openTestConnection, openTestDatabase } from './testing/test-database.ts'
import type { TestDatabase } from './testing/test-database.ts'

let database: TestDatabase
let connection: DuckDbConnection
beforeAll(() => {
  database = openTestDatabase()
  connection = database.connection
})
afterAll(() => database.close())

function startOn(on: DuckDbConnection, sql: string): DuckDbResult & Disposable {
  const statement = on.prepare(sql)
  const result = statement.start()
  return Object.assign(result, {
    [Symbol.dispose]() {
      result.close()
      statement.close()
    },
  })
}

const start = (sql: string): DuckDbResult & Disposable => startOn(connection, sql)

function readToEnd(result: DuckDbResult): { rows: number; failure: GatewayError | undefined } {
  let rows = 0
  try {
    for (let batch = result.next(); batch !== undefined; batch = result.next()) {
      expect(batch.rowCount).toBeGreaterThan(0)
      rows += batch.rowCount
    }
  } catch (failure) {
    if (!(failure instanceof GatewayError)) throw failure
    return { rows, failure }
  }
  return { rows, failure: undefined }
}

const LATE_FAILURE =
  "SELECT CAST(CASE WHEN i = 2999999 THEN 'x' ELSE '1' END AS INTEGER) FROM range(3000000) t(i)"

test('a stream that fails in its last row ends with the error, not with the end', () => {
  using result = start(LATE_FAILURE)
  const { rows, failure } = readToEnd(result)
  expect(rows).toBeGreaterThan(2_000_000)
  expect(failure?.kind).toBe('invalid_text_representation')
  expect(() => result.next()).toThrow(failure)
})

test('the same without the failing row is read to its true end, which stays the end', () => {
  using result = start(LATE_FAILURE.replace("'x'", "'2'"))
  expect(readToEnd(result)).toEqual({ rows: 3_000_000, failure: undefined })
  expect(result.next()).toBeUndefined()
})

test('a scan that several threads share fails with the reason', () => {
  connection.execute(`CREATE TABLE texts AS
    SELECT CASE WHEN i = 2000000 THEN 'x' ELSE i::VARCHAR END AS s FROM range(2500000) t(i)`)
  const { rows, failure } = (() => {
    using result = start('SELECT s::INTEGER FROM texts')
    return readToEnd(result)
  })()
  connection.execute('DROP TABLE texts')
  expect(rows).toBeGreaterThan(1_000_000)
  expect(failure?.kind).toBe('invalid_text_representation')
  expect(failure?.message).toMatch(/^Could not convert string 'x' to INT32/)
})

test('a failure in the last row of a materialised statement is thrown too', () => {
  expect(() => connection.execute(LATE_FAILURE)).toThrow(
    expect.objectContaining({ kind: 'invalid_text_representation' }),
  )
  expect(() => connection.execute(`CREATE TABLE late AS ${LATE_FAILURE}`)).toThrow(GatewayError)
})

test('an interrupt in mid-stream is cancelled, and the connection goes on', () => {
  using result = start('SELECT * FROM range(50000000)')
  expect(result.next()?.rowCount).toBeGreaterThan(0)
  interrupt(connection.address)
  expect(readToEnd(result).failure?.kind).toBe('cancelled')
  expect(connection.rows('SELECT 42')).toEqual([['42']])
})

test('an interrupt after the statement has ended does not reach the next one', () => {
  connection.execute('SELECT 1')
  interrupt(connection.address)
  expect(connection.rows('SELECT 42')).toEqual([['42']])
})

test('a stream that another call on its connection ended throws', () => {
  using result = start('SELECT * FROM range(3000000)')
  result.next()
  connection.execute('SELECT 1')
  expect(readToEnd(result).failure?.kind).toBe('internal')
})

test('a failed stream in a transaction aborts it: COMMIT must not be believed', () => {
  const other = openTestConnection(database.address)
  connection.execute('CREATE TABLE written(a INTEGER)')
  other.execute('BEGIN; INSERT INTO written VALUES (1)')
  const result = startOn(other, LATE_FAILURE)
  expect(readToEnd(result).failure?.kind).toBe('invalid_text_representation')
  result[Symbol.dispose]()
  try {
    other.execute('COMMIT')
  } catch {
    // Today it says success; either way nothing was written.
  }
  expect(connection.rows('SELECT count(*) FROM written')).toEqual([['0']])
  other.close()
})

test('an empty result has its columns and no batch', () => {
  using result = start("SELECT 1 AS a, 'x' AS b WHERE false")
  expect(result.columns).toEqual([
    { name: 'a', type: { kind: 'integer' } },
    { name: 'b', type: { kind: 'varchar' } },
  ])
  expect(result.next()).toBeUndefined()
})

test('what a statement changed is counted for writes and for nothing else', () => {
  connection.execute('CREATE TABLE counted(a INTEGER)')
  const changed = (sql: string): number | undefined => {
    using result = start(sql)
    return result.rowsChanged()
  }
  expect(changed('INSERT INTO counted SELECT * FROM range(5000)')).toBe(5000)
  expect(changed('UPDATE counted SET a = a + 1 WHERE a < 10')).toBe(10)
  expect(changed('DELETE FROM counted WHERE a > 4990')).toBe(9)
  expect(changed('DELETE FROM counted WHERE false')).toBe(0)
  expect(changed('CREATE TABLE copied AS SELECT * FROM counted')).toBe(4991)
  expect(changed('CREATE TABLE plain(a INTEGER)')).toBeUndefined()
  expect(changed('SELECT 1::BIGINT')).toBeUndefined()
  expect(changed('INSERT INTO plain VALUES (1) RETURNING a')).toBeUndefined()
  expect(changed('DROP TABLE plain')).toBeUndefined()
  expect(connection.execute('INSERT INTO counted VALUES (1), (2)')).toEqual({ rowsChanged: 2 })
  expect(connection.execute('SELECT 1')).toEqual({ rowsChanged: undefined })
})

test('rows of RETURNING stay readable after asking for a count', () => {
  connection.execute('CREATE TABLE returned(a INTEGER)')
  using result = start('INSERT INTO returned VALUES (1), (2) RETURNING a')
  expect(result.rowsChanged()).toBeUndefined()
  expect(Array.from((result.next()?.columns[0]?.values ?? []) as Int32Array)).toEqual([1, 2])
  expect(result.next()).toBeUndefined()
})

async function continueInWorker(result: DuckDbResult, batches: number): Promise<unknown> {
  const worker = new Worker(new URL('./testing/count-in-worker.ts', import.meta.url), {
    workerData: { address: result.address, columns: result.columns, batches },
  })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

test('a half-read result goes on in one worker thread after another, and back', async () => {
  using result = start('SELECT i, i::VARCHAR FROM range(10000) t(i)')
  expect(result.next()?.rowCount).toBe(2048)
  expect(await continueInWorker(result, 2)).toEqual({
    rows: 4096,
    sum: 16_775_168n,
    failure: undefined,
  })
  expect(await continueInWorker(result, 1)).toMatchObject({ rows: 2048 })
  expect(readToEnd(result).rows).toBe(10_000 - 4 * 2048)
})

test('a stream that fails in another thread fails there', async () => {
  using result = start(LATE_FAILURE)
  result.next()
  expect(await continueInWorker(result, 10_000)).toMatchObject({
    failure: 'invalid_text_representation',
  })
})

test('a connection is interrupted from another thread than the one it runs in', async () => {
  const busy = DuckDbConnection.open(database.address)
  const code = `
    import { parentPort, workerData } from 'node:worker_threads'
    import { DuckDbConnection } from ${JSON.stringify(new URL('duckdb-connection.ts', import.meta.url).href)}
    parentPort.postMessage('started')
    try { DuckDbConnection.at(workerData).execute('SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = -1') }
    catch (error) { parentPort.postMessage(error.kind) }`
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    workerData: busy.address,
  })
  const kind = await new Promise((resolve, reject) => {
    worker.on('message', (message) => {
      if (message === 'started') setTimeout(() => interrupt(busy.address), 100)
      else resolve(message)
    })
    worker.once('error', reject)
  })
  expect(kind).toBe('cancelled')
  busy.close()
})

test('to close a result once more leaves alone what has its memory now', () => {
  const first = connection.prepare('SELECT 1').start()
  first.close()
  const second = connection.prepare('SELECT i FROM range(42) t(i)').start()
  first.close()
  expect(second.next()?.rowCount).toBe(42)
  second.close()
})

test('memory stays flat over many small statements, failed ones among them', () => {
  const statement = connection.prepare(
    "SELECT 'a text of more than twelve bytes', [i, i], '{}'::JSON FROM range(10) t(i)",
  )
  const round = (): void => {
    for (let i = 0; i < 3000; i += 1) {
      const result = statement.start()
      result.next()
      result.close()
    }
    for (let i = 0; i < 100; i += 1) {
      expect(() => connection.prepare('SELECT nope')).toThrow(GatewayError)
      expect(() => connection.execute("SELECT 'x'::INTEGER")).toThrow(GatewayError)
    }
  }
  round()
  const before = process.memoryUsage().rss
  round()
  round()
  statement.close()
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(32)
})
