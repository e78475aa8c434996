/**
 * Rights made up for a role, and for those that own what it reads: kept beside the grants themselves, for
 * judges that trust no code of ours.
 */
import type { GrantText } from '../../fixtures/test-authority.ts'
import type { Random } from '../random.ts'
import { FUNCTIONS, LOCATION, OWNERS, schemas, WORLD } from './fuzz-world.ts'
import type { Owner, WorldColumn, WorldFunction, WorldTable } from './fuzz-world.ts'

export const WRITE_PERMISSIONS = ['INSERT', 'UPDATE', 'DELETE'] as const
export type WritePermission = (typeof WRITE_PERMISSIONS)[number]

/** What one role may do. */
class RoleRights {
  readonly grants: GrantText[] = ['CONNECT ON master']
  readonly #schemas = new Set<string>()
  readonly #readable = new Map<WorldTable, ReadonlySet<string>>()
  readonly #writable = new Map<WorldTable, ReadonlySet<WritePermission>>()
  readonly #callable = new Set<string>()
  opensFiles = false

  /** Before what is in it. */
  use(schema: string): void {
    this.grants.push(`USAGE ON master.${schema}`)
    this.#schemas.add(schema)
  }

  /** @param columns undefined: all of them, by a grant on the table. */
  read(table: WorldTable, columns?: readonly string[]): void {
    if (columns?.length === 0) return
    const { schema, name } = table
    const list = columns ? ` (${columns.join(', ')})` : ''
    this.grants.push(`SELECT ON master.${schema}.${name}${list}`)
    const names = columns ?? table.columns.map((column) => column.name)
    if (this.#schemas.has(schema)) this.#readable.set(table, new Set(names))
  }

  write(table: WorldTable, permissions: readonly WritePermission[]): void {
    const { schema, name } = table
    for (const permission of permissions) {
      this.grants.push(`${permission} ON master.${schema}.${name}`)
    }
    if (this.#schemas.has(schema)) this.#writable.set(table, new Set(permissions))
  }

  execute(name: string): void {
    this.grants.push(`EXECUTE ON FUNCTION master.${name}`)
    this.#callable.add(name)
  }

  openFiles(): void {
    this.grants.push(`USAGE ON LOCATION ${LOCATION}`)
    this.opensFiles = true
  }

  /** A session's own tables need no right. */
  reads(table: WorldTable, column: string): boolean {
    return table.kind === 'temporary' || (this.#readable.get(table)?.has(column) ?? false)
  }

  writes(table: WorldTable, permission: WritePermission): boolean {
    return table.kind === 'temporary' || (this.#writable.get(table)?.has(permission) ?? false)
  }

  executes({ name }: WorldFunction): boolean {
    return this.#callable.has(name)
  }

  readable(table: WorldTable): readonly WorldColumn[] {
    return table.columns.filter(({ name }) => this.reads(table, name))
  }
}

/** Of whoever sends the statements. */
export class Rights extends RoleRights {
  readonly owners: ReadonlyMap<Owner, RoleRights>
  /** Of every column that may not be read, and of what only functions give that may not be called. */
  readonly hiddenMarks: readonly RegExp[]

  constructor(random: Random) {
    super()
    const used = new Set(schemas().filter((name) => name !== 'cellar' && !random.onceIn(12)))
    for (const schema of used) this.use(schema)
    for (const table of WORLD) if (table.kind !== 'temporary') this.#grantOn(table, random)
    for (const { name } of FUNCTIONS) if (!random.onceIn(3)) this.execute(name)
    this.owners = new Map(OWNERS.map((owner) => [owner, rightsOfOwner(owner, random)]))
    this.hiddenMarks = [
      ...WORLD.flatMap((table) =>
        table.columns.flatMap(({ name, mark }) => (mark && !this.reads(table, name) ? [mark] : [])),
      ),
      ...FUNCTIONS.filter((one) => !this.#mayShow(one)).map(({ mark }) => mark),
    ]
  }

  /** Has some right on it, so its name is no secret. */
  knows(table: WorldTable): boolean {
    return (
      this.readable(table).length > 0 ||
      WRITE_PERMISSIONS.some((permission) => this.writes(table, permission))
    )
  }

  /** Whether its owner, and the owners of what that reads, have what they need. */
  isUsable({ owner, view }: WorldTable): boolean {
    const rights = owner && this.owners.get(owner)
    if (!rights) return true
    if (!view) return rights.opensFiles
    return (
      view.reads.every(
        ({ table, columns }) =>
          columns.every((column) => rights.reads(table, column)) && this.isUsable(table),
      ) && callsOf(view).every((one) => rights.executes(one) && this.isCallable(one))
    )
  }

  /** Whether its owner may call what it calls. */
  isCallable(one: WorldFunction): boolean {
    const rights = this.owners.get(one.owner)
    return callsOf(one).every(
      (other) => (rights?.executes(other) ?? false) && this.isCallable(other),
    )
  }

  /** Itself, or inside of another one. */
  #mayShow(one: WorldFunction): boolean {
    const outer = FUNCTIONS.filter(({ calls }) => calls.includes(one.name))
    return [one, ...outer].some((each) => this.executes(each))
  }

  #grantOn(table: WorldTable, random: Random): void {
    const form = random.below(5)
    const some = table.columns.filter(() => !random.onceIn(3)).map(({ name }) => name)
    if (form < 4) this.read(table, form < 2 ? undefined : some)
    const writes = WRITE_PERMISSIONS.filter(() => !random.onceIn(3))
    if (table.kind === 'table') this.write(table, writes)
  }
}

function callsOf({ calls }: { readonly calls: readonly string[] }): readonly WorldFunction[] {
  return FUNCTIONS.filter(({ name }) => calls.includes(name))
}

/** Mostly all that its views and functions need. */
function rightsOfOwner(owner: Owner, random: Random): RoleRights {
  const rights = new RoleRights()
  for (const schema of schemas()) if (!random.onceIn(30)) rights.use(schema)
  const needed = new Map<WorldTable, Set<string>>()
  for (const { view } of WORLD.filter((table) => table.owner === owner)) {
    for (const { table, columns } of view?.reads ?? []) {
      const known = needed.get(table) ?? new Set()
      needed.set(table, new Set([...known, ...columns]))
    }
  }
  for (const [table, columns] of needed) {
    const lost = random.onceIn(10) ? random.below(columns.size) : undefined
    rights.read(
      table,
      [...columns].filter((_, index) => index !== lost),
    )
  }
  for (const { name } of FUNCTIONS) if (!random.onceIn(10)) rights.execute(name)
  if (!random.onceIn(10)) rights.openFiles()
  return rights
}
