/** Which databases are attached, and how one more comes or one goes. */
import { GatewayError } from '../../base/gateway-error.ts'
import { fileOf } from './databases.ts'
import type { HostContext } from './host-context.ts'
import { FIRST_DATABASE } from './registry.ts'
import type { NewDatabase } from '../engine.ts'
import type { DatabaseFile, TaskOf } from './task.ts'

export class HostDatabases {
  readonly #context: () => HostContext
  #files: readonly DatabaseFile[]
  readonly attached: readonly string[]

  constructor(
    context: () => HostContext,
    opened: readonly DatabaseFile[],
    attached: readonly string[],
  ) {
    this.#context = context
    this.#files = opened
    this.attached = attached
  }

  /** A new array after each change. */
  get files(): readonly DatabaseFile[] {
    return this.#files
  }

  get names(): readonly string[] {
    return this.#files.map(({ name }) => name)
  }

  /** @throws GatewayError `duplicate_database`, or as the engine says. Nothing is left then. */
  async create(made: NewDatabase): Promise<void> {
    await this.#define(() => {
      if (this.#find(made.name) || this.attached.some((name) => isSameName(name, made.name))) {
        throw new GatewayError('duplicate_database', `database "${made.name}" already exists`)
      }
      const directory = this.#context().databasesDirectory
      const file = fileOf(made.databaseId)
      return [
        { kind: 'createDatabase', directory, made },
        [...this.#files, { name: made.name, file }],
      ]
    })
  }

  /** @throws GatewayError `invalid_catalog_name`, `object_in_use` for the first one. */
  async drop(name: string): Promise<void> {
    await this.#define(() => {
      const dropped = this.#find(name)
      if (!dropped) {
        throw new GatewayError('invalid_catalog_name', `database "${name}" does not exist`)
      }
      if (dropped.name === FIRST_DATABASE) {
        throw new GatewayError('object_in_use', `database "${FIRST_DATABASE}" cannot be dropped`)
      }
      const directory = this.#context().databasesDirectory
      return [
        { kind: 'dropDatabase', directory, dropped },
        this.#files.filter((one) => one !== dropped),
      ]
    })
  }

  #find(name: string): DatabaseFile | undefined {
    return this.#files.find((one) => isSameName(one.name, name))
  }

  /** While nobody binds: what is bound later sees the new list, and what was checked before is stale. */
  async #define(
    change: () => [TaskOf<'createDatabase'> | TaskOf<'dropDatabase'>, readonly DatabaseFile[]],
  ): Promise<void> {
    const { binding, pool, versions, send } = this.#context()
    await binding.alone(async () => {
      const [task, files] = change()
      await pool.submit<typeof task.kind>(task, { lane: 'fresh' }).done
      this.#files = files
      versions.advance()
      send({ kind: 'version', id: 0, version: versions.current })
    })
  }
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
