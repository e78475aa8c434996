/** A tool that is connected with a token, over TLS, its certificate verified. */
import { readFileSync } from 'node:fs'
import pg from 'pg'
import type { TestServer } from './test-server.ts'

export interface ToolOptions {
  readonly user: string
  readonly token: string
  /** As a tool calls itself. */
  readonly applicationName?: string
}

/** @throws what node-postgres throws when it is refused. */
export async function openTool(
  server: Pick<TestServer, 'host' | 'port' | 'caFile'>,
  { user, token, applicationName = 'Tableau 2026.1' }: ToolOptions,
): Promise<pg.Client> {
  const client = new pg.Client({
    host: server.host,
    port: server.port,
    database: 'master',
    user,
    password: token,
    application_name: applicationName,
    ssl: { ca: readFileSync(server.caFile, 'utf8') },
  })
  client.on('error', () => undefined) // it may be cut off
  await client.connect()
  return client
}

/** True once the gateway has ended it. */
export async function isCutOff(tool: pg.Client): Promise<boolean> {
  try {
    await tool.query('SELECT 1')
    return false
  } catch {
    return true
  }
}
