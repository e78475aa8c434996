/**
 * A stock client in a process of its own, commanded by lines (line-format.ts): psycopg, pgjdbc and
 * node-postgres each have such a driver program. A process of its own, so that its memory can be
 * measured, and because two of the three are not JavaScript.
 *
 * Requests: `connect`, `query SQL PARAMETER…`, `query_then_cancel SQL MS`, `begin`, `commit`,
 * `rollback`, `page SQL SIZE`, `copy_out SQL`, `copy_in SQL BASE64`, `open_portal NAME SQL SIZE`, `fetch NAME ROWS`,
 * `describe_portal NAME`, `close_portal NAME`, `close`. Replies: at most one `columns` line, any
 * number of `row` lines, then `ok` or `error SQLSTATE MESSAGE POSITION HINT DETAIL`.
 */
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { assert, present } from '../../../src/base/assert.ts'
import { ClientError } from './client-connection.ts'
import type {
  ClientConnection,
  ConnectOptions,
  PageTotals,
  QueryResult,
} from './client-connection.ts'
import { formatLine, parseLine } from './line-format.ts'
import type { Field } from './line-format.ts'

interface Reply {
  readonly columns: string[]
  readonly rows: Field[][]
}

export class DriverConnection implements ClientConnection {
  readonly #child: ChildProcessWithoutNullStreams
  #waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined
  #reply: Reply = { columns: [], rows: [] }
  #stderr = ''

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args)
    this.#child.stderr.on('data', (bytes) => (this.#stderr += String(bytes)))
    this.#child.stdin.on('error', () => undefined) // its end is reported by 'close'
    this.#child.on('error', (error) => this.#settle(error))
    this.#child.on('close', () => {
      this.#settle(new Error(`the driver program ended: ${this.#stderr.slice(-2000)}`))
    })
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#read(line))
  }

  get pid(): number {
    return present(this.#child.pid, 'the driver program did not start')
  }

  async connect(options: ConnectOptions): Promise<void> {
    const { host, port, database, user, password, sslMode, caFile, binary } = options
    const fields = [host, String(port), database, user, password, sslMode, caFile]
    await this.#ask('connect', ...fields, String(binary === true))
  }

  query(sql: string, parameters: readonly Field[] = []): Promise<QueryResult> {
    return this.#ask('query', sql, ...parameters)
  }

  queryThenCancel(sql: string, afterMs: number): Promise<QueryResult> {
    return this.#ask('query_then_cancel', sql, String(afterMs))
  }

  async begin(): Promise<void> {
    await this.#ask('begin')
  }

  async commit(): Promise<void> {
    await this.#ask('commit')
  }

  async rollback(): Promise<void> {
    await this.#ask('rollback')
  }

  async page(sql: string, fetchSize: number): Promise<PageTotals> {
    const { rows } = await this.#ask('page', sql, String(fetchSize))
    const [count, sum] = present(rows[0], 'the totals of a paged result')
    return { rows: Number(count), sum: BigInt(sum ?? 0) }
  }

  async copyOut(sql: string): Promise<Buffer> {
    const { rows } = await this.#ask('copy_out', sql)
    return Buffer.from(String(rows[0]?.[0] ?? ''), 'base64')
  }

  async copyIn(sql: string, data: Buffer): Promise<void> {
    await this.#ask('copy_in', sql, data.toString('base64'))
  }

  async openPortal(name: string, sql: string, fetchSize: number): Promise<void> {
    await this.#ask('open_portal', name, sql, String(fetchSize))
  }

  async fetch(name: string, rows: number): Promise<Field[][]> {
    return (await this.#ask('fetch', name, String(rows))).rows
  }

  async describePortal(name: string): Promise<Field[][]> {
    return (await this.#ask('describe_portal', name)).rows
  }

  async closePortal(name: string): Promise<void> {
    await this.#ask('close_portal', name)
  }

  /** Never throws: the connection may be gone already. Leaves no process behind. */
  async close(): Promise<void> {
    await this.#ask('close').catch(() => undefined)
    this.#child.stdin.end()
    this.#child.kill('SIGKILL')
  }

  #ask(...fields: Field[]): Promise<Reply> {
    assert(this.#waiting === undefined, 'one request at a time')
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        this.#settle(new Error(`the driver program has ended: ${this.#stderr.slice(-2000)}`))
      } else this.#child.stdin.write(`${formatLine(fields)}\n`)
    })
  }

  #read(line: string): void {
    const [kind, ...fields] = parseLine(line)
    if (kind === 'columns') this.#reply.columns.push(...fields.map(String))
    else if (kind === 'row') this.#reply.rows.push(fields)
    else if (kind === 'ok') this.#settle(undefined)
    else if (kind === 'error') this.#settle(errorOf(fields))
    else this.#settle(new Error(`the driver program said: ${line}`))
  }

  #settle(error: Error | undefined): void {
    const waiting = this.#waiting
    const reply = this.#reply
    this.#waiting = undefined
    this.#reply = { columns: [], rows: [] }
    if (error) waiting?.reject(error)
    else waiting?.resolve(reply)
  }
}

function errorOf([sqlState, message, position, hint, detail]: readonly Field[]): ClientError {
  return new ClientError(message ?? '', {
    sqlState: sqlState ?? undefined,
    position: position == null ? undefined : Number(position),
    hint: hint ?? undefined,
    detail: detail ?? undefined,
  })
}
