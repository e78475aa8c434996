/** The four stock clients, and how each is started and installed. */
import { fileURLToPath } from 'node:url'
import { installPgjdbc } from '../setup/install-pgjdbc.ts'
import { installPsql } from '../setup/install-psql.ts'
import { installPsycopg } from '../setup/install-psycopg.ts'
import type { ClientConnection, ConnectOptions } from './client-connection.ts'
import { DriverConnection } from './driver-connection.ts'
import { PsqlConnection } from './psql-connection.ts'

export const STOCK_CLIENTS = ['psql', 'psycopg', 'node-postgres', 'pgjdbc'] as const
export type StockClient = (typeof STOCK_CLIENTS)[number]

/** Those that speak the extended protocol. */
export const DRIVERS = ['psycopg', 'node-postgres', 'pgjdbc'] as const

/**
 * A small heap, so that a driver that hoards a result dies of it; UTC, because getString() writes a
 * timestamptz in the zone of the virtual machine.
 */
const JAVA_OPTIONS = ['-Xmx160m', '-XX:+UseSerialGC', '-Duser.timezone=UTC']

/**
 * A connection of a stock client. Installs the client when it is not there.
 * @throws ClientError when the client cannot connect; no process stays behind.
 */
export async function connect(
  client: StockClient,
  options: ConnectOptions,
): Promise<ClientConnection> {
  const connection = start(client, options)
  try {
    await connection.connect(options)
  } catch (error) {
    await connection.close()
    throw error
  }
  return connection
}

function start(client: StockClient, options: ConnectOptions): DriverConnection | PsqlConnection {
  switch (client) {
    case 'psql':
      return new PsqlConnection(installPsql(), options)
    case 'psycopg':
      return new DriverConnection(installPsycopg(), [program('psycopg_driver.py')])
    case 'node-postgres':
      return new DriverConnection(process.execPath, [program('node-postgres-driver.ts')])
    case 'pgjdbc':
      return new DriverConnection('java', [...JAVA_OPTIONS, '-cp', installPgjdbc(), 'PgjdbcDriver'])
  }
}

function program(name: string): string {
  return fileURLToPath(new URL(`drivers/${name}`, import.meta.url))
}
