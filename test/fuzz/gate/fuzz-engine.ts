/**
 * One worker of the engine's host, in this process: what a gateway reaches over its link is called here.
 * Everything is on one connection, the home connection of a session.
 */
import { present } from '../../../src/base/assert.ts'
import { toWireAction, toWireFiles } from '../../../src/engine/client/wire-permit.ts'
import { fromWireDefinitions } from '../../../src/engine/client/definitions.ts'
import { DuckDbConnection } from '../../../src/engine/duckdb/duckdb-connection.ts'
import { closeDatabase } from '../../../src/engine/duckdb/duckdb-database.ts'
import type { Definitions, Introspection, Location } from '../../../src/engine/engine.ts'
import { closeOwn, openOwn } from '../../../src/engine/host/own-connection.ts'
import { formatKey } from '../../../src/engine/host/task.ts'
import type {
  Introspect,
  Outcomes,
  OwnConnection,
  Rows,
  RunOutcome,
  Task,
} from '../../../src/engine/host/task.ts'
import { WorkerTasks } from '../../../src/engine/host/worker-tasks.ts'
import type { Permit } from '../../../src/identity/permit.ts'

const JSON_LINES = formatKey({ kind: 'json_lines' })
const MEMORY_BYTES = 2 ** 30

/** What the engine needs of a permit: a judge's own statements have none. */
export type Runnable = Pick<Permit, 'text' | 'action' | 'files'>

export class FuzzEngine {
  readonly connection: DuckDbConnection
  readonly introspection: Introspection
  readonly #tasks: WorkerTasks
  readonly #database: bigint
  readonly #own: OwnConnection
  readonly #locations: readonly Location[]
  #numbers = 0
  #version = 0

  private constructor(tasks: WorkerTasks, database: bigint, locations: readonly Location[]) {
    this.#tasks = tasks
    this.#database = database
    this.#locations = locations
    this.#own = openOwn(database)
    this.connection = DuckDbConnection.at(this.#own.address)
    tasks.useConnection(this.#own)
    this.introspection = {
      parse: async (text) => (await this.#ask<{ tree: string }>({ what: 'parse', text })).tree,
      regenerate: (run, tree, stubs = [], parts = []) => {
        const check = tree === run ? undefined : tree
        return this.#ask({ what: 'regenerate', run, check, stubs, parts })
      },
      deparse: async (trees) =>
        (await this.#ask<{ texts: string[] }>({ what: 'deparse', trees })).texts,
      plan: async (text, stubs = []) =>
        (await this.#ask<{ plan: string }>({ what: 'plan', text, stubs })).plan,
      inspect: async (source) =>
        (await this.#ask<{ columns: [] }>({ what: 'inspect', source })).columns,
    }
  }

  /** @param directory For its files; empty. */
  static open(directory: string, locations: readonly Location[]): FuzzEngine {
    const tasks = new WorkerTasks()
    const { database } = perform(tasks, {
      kind: 'open',
      dataDirectory: `${directory}/data`,
      tempDirectory: `${directory}/temp`,
      allowedDirectories: locations.map((location) => location.directory),
      attached: [],
      limits: { memoryBytes: MEMORY_BYTES, threads: 1, workers: 1, spoolBytesMax: 0 },
      firstVersion: 1,
    })
    return new FuzzEngine(tasks, database, locations)
  }

  close(): void {
    closeOwn(this.#own)
    closeDatabase(this.#database)
  }

  readDefinitions(): Definitions {
    const found = perform(this.#tasks, {
      kind: 'definitions',
      connection: this.connection.address,
      databases: ['master'],
      attached: [],
      temporary: true,
      inTransaction: false,
    })
    return fromWireDefinitions({ ...found, catalogVersion: (this.#version += 1) }, this.#locations)
  }

  /**
   * Runs to the end. Rows as JSON, none of a write without RETURNING.
   *
   * @throws GatewayError as the engine says.
   */
  run(permit: Runnable, parameters: readonly string[] = []): string[] {
    const portal = (this.#numbers += 1)
    const files = toWireFiles(permit)
    const { address } = this.connection
    const common = { connection: address, text: permit.text, number: portal, files, portal }
    const shared = { ...common, action: toWireAction(permit), format: JSON_LINES }
    let outcome = perform(this.#tasks, {
      kind: 'run',
      ...shared,
      prepared: undefined,
      before: [],
      parameters,
    })
    const { statement } = outcome
    const prepared = present(statement, 'it was prepared for this')
    while ('pending' in outcome) {
      outcome = perform(this.#tasks, { kind: 'proceed', ...shared, ...outcome, prepared })
    }
    try {
      return this.#rowsOf(outcome, portal, outcome.columns ?? prepared.columns)
    } finally {
      perform(this.#tasks, {
        kind: 'release',
        results: [],
        statements: [prepared],
        connections: [],
      })
    }
  }

  #rowsOf(first: RunOutcome, portal: number, columns: RunOutcome['columns'] = []): string[] {
    const rows: Rows[] = [...first.rows]
    for (let { ended } = first; !ended;) {
      const result = present(first.result, 'an open result')
      const task = { kind: 'fetch', portal, result, columns, format: JSON_LINES } as const
      const next = perform(this.#tasks, task)
      rows.push(...next.rows)
      ended = next.ended
    }
    const text = rows.map(({ bytes }) => Buffer.from(bytes).toString('utf8')).join('')
    return text === '' ? [] : text.trimEnd().split('\n')
  }

  async #ask<T>(ask: Introspect): Promise<T> {
    const task = { kind: 'introspect', connection: undefined, ask } as const
    return await Promise.resolve(perform(this.#tasks, task) as T)
  }
}

function perform<K extends Task['kind']>(
  tasks: WorkerTasks,
  task: Extract<Task, { kind: K }>,
): Outcomes[K] {
  return tasks.perform(task, () => undefined) as Outcomes[K]
}
