/**
 * node-postgres under the command of the suites: see driver-connection.ts for the requests. Values
 * are passed on as the server wrote them.
 */
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from } from 'pg-copy-streams'
import { formatLine, parseLine } from '../line-format.ts'
import type { Field } from '../line-format.ts'

const asSent = { getTypeParser: () => (value: string) => value }

class Driver {
  #client: pg.Client | undefined
  #config: pg.ClientConfig = {}

  /** node-postgres tells why a connection was lost in an event alone; the next request passes it on. */
  #lost: Error | undefined

  get client(): pg.Client {
    if (this.#lost) throw this.#lost
    if (!this.#client) throw new Error('not connected')
    return this.#client
  }

  async connect(fields: readonly Field[]): Promise<void> {
    const [host, port, database, user, password, sslMode, caFile] = fields.map(String)
    const ssl =
      sslMode === 'disable' ? 'sslmode=disable' : `sslmode=${sslMode}&sslrootcert=${caFile}`
    const url = `postgresql://${user}:${password}@${host}:${port}/${database}?${ssl}`
    this.#config = { connectionString: url, types: asSent }
    const client = new pg.Client(this.#config)
    client.on('error', (error) => (this.#lost ??= error))
    await client.connect()
    this.#client = client
  }

  async query([sql, ...values]: readonly Field[]): Promise<void> {
    const result = await this.client.query({
      text: String(sql),
      values: [...values],
      rowMode: 'array',
    })
    replyWithRows(result)
  }

  async query_then_cancel([sql, afterMs]: readonly Field[]): Promise<void> {
    const client = this.client
    const query = new pg.Query({ text: String(sql) })
    const done = new Promise<void>((resolve, reject) => {
      query.on('end', () => resolve())
      query.on('error', reject)
    })
    client.query(query)
    const cancelled = sleep(Number(afterMs)).then(() => {
      // @types/pg does not know cancel(), which is what `Client` documents for this
      const canceller = new pg.Client(this.#config) as pg.Client & {
        cancel(other: pg.Client, query: pg.Query): void
      }
      canceller.cancel(client, query)
    })
    await Promise.all([done, cancelled])
  }

  async begin(): Promise<void> {
    await this.client.query('BEGIN')
  }

  async commit(): Promise<void> {
    await this.client.query('COMMIT')
  }

  async rollback(): Promise<void> {
    await this.client.query('ROLLBACK')
  }

  /**
   * `rows` makes node-postgres send Execute with that limit, again after each suspension. It then
   * forgets the Sync that an error needs, which pg-cursor would send; so we do.
   */
  async page([sql, fetchSize]: readonly Field[]): Promise<void> {
    const config = { text: String(sql), rows: Number(fetchSize) } // `rows`: not in @types/pg
    const query = new pg.Query(config)
    let rows = 0
    let sum = 0n
    query.on('row', (row: Record<string, Field>) => {
      rows += 1
      sum += BigInt(Object.values(row)[0] ?? 0)
    })
    await new Promise<void>((resolve, reject) => {
      query.on('end', () => resolve())
      query.on('error', (error) => {
        this.client.connection.sync()
        reject(error)
      })
      this.client.query(query)
    })
    reply(['row', String(rows), String(sum)])
  }

  async copy_in([sql, data]: readonly Field[]): Promise<void> {
    const stream = this.client.query(from(String(sql)))
    await pipeline([Buffer.from(String(data), 'base64')], stream)
  }

  async close(): Promise<void> {
    await this.client.end()
  }
}

function replyWithRows(result: pg.QueryArrayResult): void {
  if (result.fields.length === 0) return
  reply(['columns', ...result.fields.map(({ name }) => name)])
  for (const row of result.rows) reply(['row', ...(row as Field[])])
}

function reply(fields: readonly Field[]): void {
  process.stdout.write(`${formatLine(fields)}\n`)
}

function fail(error: unknown): void {
  const { code, message, position, hint, detail } = error as pg.DatabaseError
  const about = [code, message, position, hint, detail]
  reply(['error', ...about.map((field) => (field === undefined ? null : String(field)))])
}

const driver = new Driver()
const commands = {
  connect: (fields) => driver.connect(fields),
  query: (fields) => driver.query(fields),
  query_then_cancel: (fields) => driver.query_then_cancel(fields),
  begin: () => driver.begin(),
  commit: () => driver.commit(),
  rollback: () => driver.rollback(),
  page: (fields) => driver.page(fields),
  copy_in: (fields) => driver.copy_in(fields),
  close: () => driver.close(),
} satisfies Record<string, (fields: readonly Field[]) => Promise<void>>

for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...fields] = parseLine(line)
  try {
    await commands[command as keyof typeof commands](fields)
    reply(['ok'])
  } catch (error) {
    fail(error)
  }
}
process.exit(0)
