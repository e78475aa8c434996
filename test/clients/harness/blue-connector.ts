/**
 * The stock BLUE connector in a process of its own.
 *
 * Requests: `connect JSON`, `execute CURSOR SQL`, `execute_then_cancel CURSOR SQL MS`,
 * `in_parallel COUNT SQL`, `description CURSOR`, `fetchone CURSOR`, `fetchmany CURSOR ROWS`,
 * `fetchall CURSOR`, `count_all CURSOR ROWS`, `rowcount CURSOR`, `statement_id CURSOR`,
 * `cancel CURSOR`, `close_cursor CURSOR`, `close`.
 */
import { fileURLToPath } from 'node:url'
import { installPysqreamBlue } from '../setup/install-pysqream-blue.ts'
import type { ConnectorVersion } from '../setup/install-pysqream-blue.ts'
import type { BluegateServer } from './bluegate-server.ts'
import { DriverProgram } from './driver-program.ts'
import type { Field } from './line-format.ts'

const PROGRAM = fileURLToPath(new URL('drivers/pysqream_blue_driver.py', import.meta.url))

export interface ConnectorOptions {
  readonly version?: ConnectorVersion
  /** As `pysqream_blue.connect` takes them. */
  readonly access_token?: string
  readonly [option: string]: unknown
}

type Server = Pick<BluegateServer, 'grpc' | 'caFile'>

export class BlueConnector extends DriverProgram {
  private constructor({ caFile }: Pick<Server, 'caFile'>, version: ConnectorVersion) {
    const { python, directoryOf } = installPysqreamBlue()
    super(python, [PROGRAM], {
      PYTHONPATH: directoryOf(version),
      GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: caFile,
    })
  }

  /** @throws ClientError when it cannot connect; no process stays behind. */
  static async connect(server: Server, options: ConnectorOptions): Promise<BlueConnector> {
    const { version = '1.0.48', ...rest } = options
    const connector = new BlueConnector(server, version)
    const { host, port } = server.grpc
    try {
      await connector.ask(
        'connect',
        JSON.stringify({ host, port: String(port), database: 'master', ...rest }),
      )
      return connector
    } catch (error) {
      await connector.close()
      throw error
    }
  }

  async execute(sql: string, cursor = 'c'): Promise<void> {
    await this.ask('execute', cursor, sql)
  }

  /** All rows of a statement. */
  async rowsOf(sql: string): Promise<Field[][]> {
    await this.execute(sql)
    return await this.fetchall()
  }

  async executeThenCancel(sql: string, afterMs: number): Promise<void> {
    await this.ask('execute_then_cancel', 'cancelled', sql, String(afterMs))
  }

  /** As many cursors at once; `$1` in the text is each one's number. */
  async inParallel(count: number, sql: string): Promise<Field[]> {
    const { rows } = await this.ask('in_parallel', String(count), sql)
    return rows.map(([first = null]) => first)
  }

  async description(cursor = 'c'): Promise<Field[][]> {
    return (await this.ask('description', cursor)).rows
  }

  async fetchone(cursor = 'c'): Promise<Field[][]> {
    return (await this.ask('fetchone', cursor)).rows
  }

  async fetchmany(rows: number, cursor = 'c'): Promise<Field[][]> {
    return (await this.ask('fetchmany', cursor, String(rows))).rows
  }

  async fetchall(cursor = 'c'): Promise<Field[][]> {
    return (await this.ask('fetchall', cursor)).rows
  }

  async countAll(size: number, cursor = 'c'): Promise<number> {
    return Number((await this.ask('count_all', cursor, String(size))).rows[0]?.[0])
  }

  async rowcount(cursor = 'c'): Promise<number> {
    return Number((await this.ask('rowcount', cursor)).rows[0]?.[0])
  }

  async statementId(cursor = 'c'): Promise<string> {
    return String((await this.ask('statement_id', cursor)).rows[0]?.[0])
  }

  async cancel(cursor = 'c'): Promise<void> {
    await this.ask('cancel', cursor)
  }

  async closeCursor(cursor = 'c'): Promise<void> {
    await this.ask('close_cursor', cursor)
  }

  /** As `kill -9`. */
  kill(): void {
    process.kill(this.pid, 'SIGKILL')
  }
}
