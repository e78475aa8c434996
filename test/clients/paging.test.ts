/**
 * Three million rows read in pages, in constant memory: of the client, of the gateway and of the
 * engine host. psql is not here: it pages only through SQL cursors (FETCH_COUNT).
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { processTree, withPeakMb } from './harness/process-memory.ts'
import { connect, DRIVERS } from './harness/stock-clients.ts'
import { connectOptions, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

const ROWS = 3_000_000
const FETCH_SIZE = 5_000
const PAGED = 'select distance, date, delay, origin, destination from flights'

/**
 * The rows take about 130 MB as protocol messages and several times that as objects, so whoever
 * kept them would be far above these.
 */
const CLIENT_MB_MAX = 320
const GATEWAY_GROWTH_MB_MAX = 128
const ENGINE_GROWTH_MB_MAX = 400

let server: TestServer
let client: ClientCredentials

beforeAll(async () => {
  server = await startServer({ sampleData: true })
  client = await server.createClient('reader', ['SELECT ON TABLE flights'])
})

afterAll(() => server?.stop())

test.each(DRIVERS)('%s pages through all rows, and nobody holds them', async (name) => {
  const connection = await connect(name, connectOptions(server, client))
  try {
    const { rows } = await connection.query('select sum(distance) from flights')
    const servers = server.pids()
    const atFirst = await withPeakMb(servers, () => Promise.resolve())
    const { result, peakMb } = await withPeakMb([connection.pid, ...servers], () =>
      connection.page(PAGED, FETCH_SIZE),
    )
    expect(result).toEqual({ rows: ROWS, sum: BigInt(rows[0]?.[0] ?? 0) })
    expect(peakMb.get(connection.pid)).toBeLessThan(CLIENT_MB_MAX)
    for (const pid of servers) {
      const growth = (peakMb.get(pid) ?? 0) - (atFirst.peakMb.get(pid) ?? 0)
      expect(growth).toBeLessThan(isEngine(pid) ? ENGINE_GROWTH_MB_MAX : GATEWAY_GROWTH_MB_MAX)
    }
  } finally {
    await connection.close()
  }
})

/** The engine host is the process that starts no other. */
function isEngine(pid: number): boolean {
  return processTree(pid).length === 1
}

test.each(DRIVERS)(
  '%s pages through a result whose last page is not full, and goes on',
  async (name) => {
    const connection = await connect(name, connectOptions(server, client))
    try {
      expect(await connection.page(`${PAGED} limit 10`, 3)).toMatchObject({ rows: 10 })
      const { rows } = await connection.query('select 1 as one')
      expect(rows).toEqual([['1']])
    } finally {
      await connection.close()
    }
  },
)
