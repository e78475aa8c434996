/**
 * The server under test: Bluegate; or, with BLUEGATE_CLIENTS_AGAINST=postgresql, a real PostgreSQL
 * 15, which proves that a suite expects of us what PostgreSQL does. Tests of what PostgreSQL does
 * not have are skipped there, and only there.
 */
import { startBluegate } from './bluegate-server.ts'
import type { ConnectOptions } from './client-connection.ts'
import { startPostgresql } from './postgresql-server.ts'

export interface TestServer {
  readonly kind: 'bluegate' | 'postgresql'
  readonly host: string
  readonly port: number
  readonly caFile: string
  /** Every process of the server, for its memory. */
  pids(): number[]
  /**
   * A client with a role of its own, and what it may do: `SELECT ON ALL TABLES IN SCHEMA public`,
   * `CREATE ON SCHEMA public` ….
   */
  createClient(name: string, grants?: readonly string[]): Promise<ClientCredentials>
  /** Runs one statement with all rights. Rows as text. */
  admin(sql: string): Promise<(string | null)[][]>
  stop(): Promise<void>
}

export interface ClientCredentials {
  readonly name: string
  readonly role: string
  readonly token: string
}

export interface ServerOptions {
  readonly sampleData?: boolean
  /** Bluegate without the role and the client that `createClient` and `admin` need: as installed. */
  readonly empty?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** More flags of `serve`. */
  readonly flags?: readonly string[]
  /** A command that starts Bluegate, put in front of it: a tracer with its options. */
  readonly wrapper?: readonly string[]
  /** Puts something into the directories before the first start. */
  readonly prepare?: (dataDirectory: string, secretsDirectory: string) => Promise<void>
}

export const AGAINST_POSTGRESQL = process.env['BLUEGATE_CLIENTS_AGAINST'] === 'postgresql'

export function startServer(options: ServerOptions = {}): Promise<TestServer> {
  return AGAINST_POSTGRESQL ? startPostgresql(options) : startBluegate(options)
}

/** How a client reaches the server, checking its certificate and name. */
export function connectOptions(server: TestServer, client: ClientCredentials): ConnectOptions {
  return {
    host: server.host,
    port: server.port,
    database: 'master',
    user: client.name,
    password: client.token,
    sslMode: 'verify-full',
    caFile: server.caFile,
  }
}
