/** Both sides with the same tables, and a client process to ask them. */
import { startBluegate } from '../../test/clients/harness/bluegate-server.ts'
import type { BluegateServer } from '../../test/clients/harness/bluegate-server.ts'
import { forkClient } from './client-process.ts'
import type { ClientProcess } from './client-process.ts'
import type { Target } from './raw-client.ts'
import { startPostgres } from './start-postgres.ts'
import type { Postgres } from './start-postgres.ts'
import { emptyTwin, TABLES, source } from './tables.ts'

export interface BenchServers {
  readonly bluegate: BluegateServer
  readonly postgres: Postgres
  readonly client: ClientProcess
  readonly targets: { readonly bluegate: Target; readonly postgres: Target }
}

export async function withBenchServers<T>(work: (servers: BenchServers) => Promise<T>): Promise<T> {
  const bluegate = await startBluegate()
  const postgres = await startPostgres()
  const client = forkClient()
  try {
    for (const table of TABLES) {
      await bluegate.admin(table.bluegate(source('bluegate', table.rows)))
      postgres.run(table.postgres(source('postgres', table.rows)))
      postgres.run(`vacuum analyze ${table.name}`)
      const twin = `create table ${emptyTwin(table)} as select * from ${table.name} limit 0`
      await bluegate.admin(twin)
      postgres.run(twin)
    }
    const { name, token } = await bluegate.createClient('bench', [
      'CONNECT ON DATABASE master',
      ...TABLES.map((table) => `SELECT ON TABLE ${table.name}`),
      ...TABLES.map((table) => `INSERT ON TABLE ${emptyTwin(table)}`),
    ])
    const { host, port } = bluegate
    const ours: Target = { host, port, user: name, database: 'master', password: token }
    return await work({
      bluegate,
      postgres,
      client,
      targets: { bluegate: ours, postgres: postgres.target },
    })
  } finally {
    client.stop()
    await postgres.stop()
    await bluegate.stop()
  }
}
