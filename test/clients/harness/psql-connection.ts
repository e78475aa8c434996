/**
 * psql as a person's script would use it: statements on stdin, separators that no value contains,
 * and psql's own variables for what went wrong. It speaks the simple protocol alone and knows no
 * pages without SQL cursors, so `page` and portals are not offered here.
 */
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { present } from '../../../src/base/assert.ts'
import { ClientError } from './client-connection.ts'
import type {
  ClientConnection,
  ConnectOptions,
  PageTotals,
  QueryResult,
} from './client-connection.ts'
import type { Field } from './line-format.ts'

const FIELD_END = '\x1f'
const ROW_END = '\x1e'
const NULL = '\x1d'
const DONE = '\x1c'

/** Arguments that make psql answer in a form that can be read back, and nothing else. */
const ARGUMENTS = ['--no-psqlrc', '--quiet', '--no-align', `--field-separator=${FIELD_END}`]
ARGUMENTS.push(`--record-separator=${ROW_END}`, `--pset=null=${NULL}`, '--pset=footer=off')
ARGUMENTS.push('--set=VERBOSITY=verbose', '--set=SHOW_CONTEXT=never')

export class PsqlConnection implements ClientConnection {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #command: string
  readonly #options: ConnectOptions
  #stdout = ''
  #stderr = ''
  #arrived: () => void = () => undefined

  constructor(command: string, options: ConnectOptions) {
    this.#command = command
    this.#options = options
    this.#child = spawn(command, ARGUMENTS, { env: environment(options) })
    this.#child.stdin.on('error', () => undefined) // its end is reported by 'close'
    this.#child.stdout.on('data', (bytes) => this.#take(() => (this.#stdout += String(bytes))))
    this.#child.stderr.on('data', (bytes) => this.#take(() => (this.#stderr += String(bytes))))
    this.#child.on('close', () => this.#arrived())
  }

  get pid(): number {
    return present(this.#child.pid, 'psql did not start')
  }

  /** psql connects by itself; this waits for it. */
  async connect(): Promise<void> {
    await this.#run('\\echo')
  }

  async query(sql: string, parameters: readonly Field[] = []): Promise<QueryResult> {
    if (parameters.length > 0) throw new Error('psql 15 has no parameters')
    const output = await this.#run(sql.startsWith('\\') ? sql : `${sql}\n;`)
    const [columns = [], ...rows] = output
      .split(ROW_END)
      .filter((row) => row !== '')
      .map((row) => row.split(FIELD_END))
    return { columns, rows: rows.map((row) => row.map((field) => (field === NULL ? null : field))) }
  }

  async begin(): Promise<void> {
    await this.#run('BEGIN;')
  }

  async commit(): Promise<void> {
    await this.#run('COMMIT;')
  }

  async rollback(): Promise<void> {
    await this.#run('ROLLBACK;')
  }

  /**
   * SIGINT, as Ctrl-C sends it. A psql that reads a script stops at Ctrl-C, so this one is given
   * the statement and a second one by `-c`, and goes on to the second after the cancel.
   */
  async queryThenCancel(sql: string, afterMs: number): Promise<QueryResult> {
    const args = [...ARGUMENTS, '-c', sql, '-c', `\\echo ${DONE}`]
    const child = spawn(this.#command, args, { env: environment(this.#options) })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (bytes) => (stdout += String(bytes)))
    child.stderr.on('data', (bytes) => (stderr += String(bytes)))
    const ended = new Promise((resolve) => child.on('close', resolve))
    await sleep(afterMs)
    child.kill('SIGINT')
    await ended
    if (stderr !== '') throw errorIn(stderr)
    if (!stdout.includes(DONE)) throw new Error(`psql ended early: ${stdout}`)
    return { columns: [], rows: [] }
  }

  /** In a process of its own, whose standard output is the data. */
  async copyOut(sql: string): Promise<Buffer> {
    const child = spawn(this.#command, [...ARGUMENTS, '-c', sql], {
      env: environment(this.#options),
    })
    const parts: Buffer[] = []
    let stderr = ''
    child.stdout.on('data', (bytes: Buffer) => parts.push(bytes))
    child.stderr.on('data', (bytes) => (stderr += String(bytes)))
    await new Promise((resolve) => child.on('close', resolve))
    if (stderr !== '') throw errorIn(stderr)
    return Buffer.concat(parts)
  }

  /** In a process of its own, whose standard input is the data. */
  async copyIn(sql: string, data: Buffer): Promise<void> {
    const child = spawn(this.#command, [...ARGUMENTS, '-c', sql], {
      env: environment(this.#options),
    })
    let stderr = ''
    child.stderr.on('data', (bytes) => (stderr += String(bytes)))
    child.stdin.on('error', () => undefined) // psql says why it does not read
    child.stdin.end(data)
    await new Promise((resolve) => child.on('close', resolve))
    if (stderr !== '') throw errorIn(stderr)
  }

  page(): Promise<PageTotals> {
    return Promise.reject(new Error('psql pages only through SQL cursors'))
  }

  openPortal(): Promise<void> {
    return Promise.reject(new Error('psql knows no portals'))
  }

  fetch(): Promise<Field[][]> {
    return Promise.reject(new Error('psql knows no portals'))
  }

  describePortal(): Promise<Field[][]> {
    return Promise.reject(new Error('psql knows no portals'))
  }

  closePortal(): Promise<void> {
    return Promise.reject(new Error('psql knows no portals'))
  }

  close(): Promise<void> {
    this.#child.stdin.end()
    this.#child.kill('SIGKILL')
    return Promise.resolve()
  }

  #take(append: () => void): void {
    append()
    this.#arrived()
  }

  /** Sends lines and waits for the mark behind their output, on both streams. */
  async #run(lines: string): Promise<string> {
    this.#stdout = ''
    this.#stderr = ''
    this.#child.stdin.write(`${lines}\n\\echo ${DONE}\n\\warn ${DONE}\n`)
    while (!this.#stdout.includes(DONE) || !this.#stderr.includes(DONE)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw errorIn(this.#stderr)
      }
      await new Promise<void>((resolve) => (this.#arrived = resolve))
    }
    const [stdout = ''] = this.#stdout.split(DONE)
    const [stderr = ''] = this.#stderr.split(DONE)
    if (/^(?:ERROR|FATAL|PANIC): {2}/m.test(stderr)) throw errorIn(stderr)
    return stdout.replace(/\n$/, '')
  }
}

function environment(options: ConnectOptions): NodeJS.ProcessEnv {
  const { host, port, database, user, password, sslMode, caFile } = options
  return {
    PATH: process.env['PATH'],
    PGHOST: host,
    PGPORT: String(port),
    PGDATABASE: database,
    PGUSER: user,
    PGPASSWORD: password,
    PGSSLMODE: sslMode,
    PGGSSENCMODE: 'disable',
    PGCLIENTENCODING: 'UTF8',
    ...(sslMode === 'verify-full' ? { PGSSLROOTCERT: caFile } : {}),
  }
}

/** Reads psql's verbose form: `ERROR:  42601: text`, then `LINE n: …` with a caret below, HINT …. */
function errorIn(stderr: string): ClientError {
  const [, sqlState, message] =
    /^(?:ERROR|FATAL|PANIC): {2}([0-9A-Z]{5}): (.*)$/m.exec(stderr) ?? []
  const [, label, caret] = /^(LINE \d+: ).*\n( *)\^/m.exec(stderr) ?? []
  return new ClientError(message ?? stderr.trim(), {
    sqlState,
    position: label === undefined ? undefined : (caret?.length ?? 0) - label.length + 1,
    hint: /^HINT: {2}(.*)$/m.exec(stderr)?.[1],
    detail: /^DETAIL: {2}(.*)$/m.exec(stderr)?.[1],
  })
}
