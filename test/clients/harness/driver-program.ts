/**
 * A stock client in a process of its own, commanded by lines (line-format.ts): one request a line,
 * and replies of at most one `columns` line, any number of `row` lines, then `ok` or
 * `error SQLSTATE MESSAGE POSITION HINT DETAIL`. A process of its own, so that its memory can be
 * measured, and because most of them are not JavaScript.
 */
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { assert, present } from '../../../src/base/assert.ts'
import { ClientError } from './client-connection.ts'
import { formatLine, parseLine } from './line-format.ts'
import type { Field } from './line-format.ts'

export interface Reply {
  readonly columns: string[]
  readonly rows: Field[][]
}

export class DriverProgram {
  readonly #child: ChildProcessWithoutNullStreams
  #waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined
  #reply: Reply = { columns: [], rows: [] }
  #stderr = ''

  constructor(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    this.#child = spawn(command, args, { env: { ...process.env, ...env } })
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

  /** Never throws: the connection may be gone already. Leaves no process behind. */
  async close(): Promise<void> {
    await this.ask('close').catch(() => undefined)
    this.#child.stdin.end()
    this.#child.kill('SIGKILL')
  }

  /** @throws ClientError as the client saw it. One request at a time. */
  protected ask(...fields: Field[]): Promise<Reply> {
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
