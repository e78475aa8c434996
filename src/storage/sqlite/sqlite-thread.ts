/**
 * The gateway's end of the SQLite thread.
 *
 * Knows nothing of tables. Requests are answered in order; when the thread dies, every open and
 * later request fails, and whether the last commit went through is not known.
 */
import { Worker } from 'node:worker_threads'
import { GatewayError } from '../../base/gateway-error.ts'
import type { ErrorKind } from '../../base/gateway-error.ts'
import { OPENING } from './sqlite-messages.ts'
import type {
  SqliteFailure,
  SqliteReply,
  SqliteRequest,
  SqliteRow,
  SqliteValue,
} from './sqlite-messages.ts'

/** Distributes over the members of the union, as `Omit` does not. */
type Unnumbered<Request> = Request extends unknown ? Omit<Request, 'id'> : never

interface Waiting {
  readonly resolve: (answer: SqliteAnswer) => void
  readonly reject: (error: Error) => void
}

export interface SqliteAnswer {
  readonly rows: readonly SqliteRow[]
  /** Rows inserted, updated or deleted. */
  readonly changes: number
}

export class SqliteThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #lastId = OPENING
  #death: Error | undefined

  private constructor(file: string) {
    this.#worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
      workerData: { file },
      env: {},
    })
    this.#worker.on('message', (reply: SqliteReply) => this.#settle(reply))
    this.#worker.on('error', (error) => this.#die(error))
    this.#worker.on('exit', () => this.#die(new Error('the SQLite thread has ended')))
  }

  /** @throws GatewayError `io_error` when the file cannot be opened or is no database. */
  static async open(file: string): Promise<SqliteThread> {
    const thread = new SqliteThread(file)
    try {
      await new Promise<SqliteAnswer>((resolve, reject) => {
        thread.#waiting.set(OPENING, { resolve, reject })
      })
    } catch (error) {
      await thread.#worker.terminate()
      throw error
    }
    return thread
  }

  query(sql: string, parameters: readonly SqliteValue[] = []): Promise<SqliteAnswer> {
    return this.#ask({ kind: 'query', sql, parameters })
  }

  async script(sql: string): Promise<void> {
    await this.#ask({ kind: 'script', sql })
  }

  async rollback(): Promise<void> {
    await this.#ask({ kind: 'rollback' })
  }

  /** Waits for the requests before it. */
  async close(): Promise<void> {
    if (this.#death) return
    await this.#ask({ kind: 'close' })
    await this.#worker.terminate()
  }

  #ask(request: Unnumbered<SqliteRequest>): Promise<SqliteAnswer> {
    if (this.#death) return Promise.reject(this.#death)
    const id = (this.#lastId += 1)
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage({ ...request, id } satisfies SqliteRequest)
    })
  }

  #settle(reply: SqliteReply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if ('failure' in reply) waiting?.reject(errorOf(reply.failure))
    else waiting?.resolve(reply)
  }

  #die(cause: unknown): void {
    this.#death ??= new GatewayError('io_error', 'the metadata store has stopped', {
      hint: 'The log of the gateway says why. Restart the gateway.',
      cause,
    })
    for (const { reject } of this.#waiting.values()) reject(this.#death)
    this.#waiting.clear()
  }
}

/** Primary result codes of SQLite for what is the world's fault. Source: sqlite.org/rescode.html. */
const WORLDLY: Readonly<Record<number, readonly [ErrorKind, hint: string]>> = {
  8: ['io_error', 'The file or its directory is read-only.'],
  10: ['io_error', 'The disk reported an error.'],
  11: ['io_error', 'The file is damaged. Restore it from a backup.'],
  13: ['disk_full', 'Make room on the disk of the data directory.'],
  14: ['io_error', 'The file cannot be opened. Check that the data directory exists and is yours.'],
  26: ['io_error', 'The file is not a database of the gateway. Check the data directory.'],
}

function errorOf({ message, code }: SqliteFailure): Error {
  const world = code === undefined ? undefined : WORLDLY[code & 0xff] // the rest of the bits is detail
  const cause = new Error(`SQLite: ${message}${code === undefined ? '' : ` (${code})`}`)
  if (!world) return cause
  return new GatewayError(world[0], `the metadata store failed: ${message}`, {
    hint: world[1],
    cause,
  })
}
