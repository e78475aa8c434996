/**
 * A stock client of the PostgreSQL door in a process of its own: psycopg, pgjdbc and node-postgres
 * each have a driver program.
 *
 * Requests: `connect`, `query SQL PARAMETER…`, `query_then_cancel SQL MS`, `begin`, `commit`,
 * `rollback`, `page SQL SIZE`, `copy_out SQL`, `copy_in SQL BASE64`, `open_portal NAME SQL SIZE`, `fetch NAME ROWS`,
 * `describe_portal NAME`, `close_portal NAME`, `close`.
 */
import { present } from '../../../src/base/assert.ts'
import type {
  ClientConnection,
  ConnectOptions,
  PageTotals,
  QueryResult,
} from './client-connection.ts'
import { DriverProgram } from './driver-program.ts'
import type { Field } from './line-format.ts'

export class DriverConnection extends DriverProgram implements ClientConnection {
  async connect(options: ConnectOptions): Promise<void> {
    const { host, port, database, user, password, sslMode, caFile, binary } = options
    const fields = [host, String(port), database, user, password, sslMode, caFile]
    await this.ask('connect', ...fields, String(binary === true))
  }

  query(sql: string, parameters: readonly Field[] = []): Promise<QueryResult> {
    return this.ask('query', sql, ...parameters)
  }

  queryThenCancel(sql: string, afterMs: number): Promise<QueryResult> {
    return this.ask('query_then_cancel', sql, String(afterMs))
  }

  async begin(): Promise<void> {
    await this.ask('begin')
  }

  async commit(): Promise<void> {
    await this.ask('commit')
  }

  async rollback(): Promise<void> {
    await this.ask('rollback')
  }

  async page(sql: string, fetchSize: number): Promise<PageTotals> {
    const { rows } = await this.ask('page', sql, String(fetchSize))
    const [count, sum] = present(rows[0], 'the totals of a paged result')
    return { rows: Number(count), sum: BigInt(sum ?? 0) }
  }

  async copyOut(sql: string): Promise<Buffer> {
    const { rows } = await this.ask('copy_out', sql)
    return Buffer.from(String(rows[0]?.[0] ?? ''), 'base64')
  }

  async copyIn(sql: string, data: Buffer): Promise<void> {
    await this.ask('copy_in', sql, data.toString('base64'))
  }

  async openPortal(name: string, sql: string, fetchSize: number): Promise<void> {
    await this.ask('open_portal', name, sql, String(fetchSize))
  }

  async fetch(name: string, rows: number): Promise<Field[][]> {
    return (await this.ask('fetch', name, String(rows))).rows
  }

  async describePortal(name: string): Promise<Field[][]> {
    return (await this.ask('describe_portal', name)).rows
  }

  async closePortal(name: string): Promise<void> {
    await this.ask('close_portal', name)
  }
}
