/** A session of a client for as long as a test needs it. */
import type { ClientConnection } from './client-connection.ts'
import { connect } from './stock-clients.ts'
import type { StockClient } from './stock-clients.ts'
import { connectOptions } from './test-server.ts'
import type { ClientCredentials, TestServer } from './test-server.ts'

export type SessionOf = <Result>(
  credentials: ClientCredentials,
  work: (session: ClientConnection) => Promise<Result>,
  client?: StockClient,
  database?: string,
) => Promise<Result>

/** @param server Asked at each use: a suite has it only once it runs. */
export function sessionsOn(server: () => TestServer): SessionOf {
  return async (credentials, work, client = 'node-postgres', database = 'master') => {
    const session = await connect(client, { ...connectOptions(server(), credentials), database })
    try {
      return await work(session)
    } finally {
      await session.close()
    }
  }
}
