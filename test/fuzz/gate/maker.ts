/** What all makers of SQL share: chance, how much is left to spend, and what may be named. */
import type { Random } from '../random.ts'
import { quoted, WORLD } from './fuzz-world.ts'
import type { Rights } from './fuzz-rights.ts'
import type { Kind, WorldColumn, WorldTable } from './fuzz-world.ts'

export interface Column {
  readonly name: string
  /** `any` where the maker does not know. */
  readonly kind: Kind | 'any'
}

/** Something in FROM, by the name that columns can be asked of it. */
export interface Relation {
  readonly name: string
  readonly columns: readonly Column[]
}

export interface Scope {
  readonly relations: readonly Relation[]
  /** Common table expressions. */
  readonly ctes: readonly Relation[]
}

export const EMPTY_SCOPE: Scope = { relations: [], ctes: [] }

export class Making {
  readonly random: Random
  readonly rights: Rights
  /** Names only what the role may read: such a statement must be answered. */
  readonly tame: boolean
  /** Types of parameters, in the order of their numbers; undefined where left open. */
  readonly parameters: (string | undefined)[] = []
  #fuel: number
  #names = 0

  constructor(random: Random, rights: Rights, options: { tame: boolean; fuel: number }) {
    this.random = random
    this.rights = rights
    this.tame = options.tame
    this.#fuel = options.fuel
  }

  /** Whether one more part may be made; it is paid for. */
  spend(): boolean {
    this.#fuel -= 1
    return this.#fuel > 0
  }

  /** A name that nothing else has, or now and then one that something has. */
  fresh(prefix: string): string {
    if (this.random.onceIn(40)) {
      return quoted(this.random.onceIn(2) ? this.#table().name : this.#anyColumn().name)
    }
    return `${prefix}${(this.#names += 1)}`
  }

  /** A table of the world; in a tame statement one that may be read. */
  table(): WorldTable {
    return this.tame ? (this.#readableTable() ?? this.#table()) : this.#table()
  }

  columnsOf(table: WorldTable): readonly WorldColumn[] {
    const readable = this.rights.readable(table)
    return this.tame && readable.length > 0 ? readable : table.columns
  }

  /** One, two or three parts; as it is, in quotes, or in capitals. */
  tableName(table: WorldTable): string {
    if (table.kind === 'temporary') return this.#temporaryName(table)
    const parts = ['master', table.schema, table.name]
    const first = table.schema === 'public' ? this.random.below(3) : this.random.below(2)
    return parts
      .slice(first)
      .map((part) => this.spelled(part))
      .join('.')
  }

  spelled(name: string): string {
    if (quoted(name) !== name) return quoted(name)
    const way = this.random.below(12)
    return way === 0 ? `"${name}"` : way === 1 ? name.toUpperCase() : name
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return this.random.pick(items)
  }

  /** @returns undefined for an empty list. */
  pickOf<T>(items: readonly T[]): T | undefined {
    return items[this.random.below(items.length)]
  }

  times<T>(first: number, last: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.random.between(first, last) }, (_, index) => make(index))
  }

  maybe(n: number, make: () => string): string {
    return this.random.onceIn(n) ? make() : ''
  }

  /** In PostgreSQL's words seldom: the engine does not know them. */
  #temporaryName({ name }: WorldTable): string {
    const before = this.random.onceIn(12) ? 'pg_temp.' : this.pick(['', 'temp.', 'temp.main.'])
    return `${before}${this.spelled(name)}`
  }

  #table(): WorldTable {
    return this.pick(WORLD as readonly [WorldTable, ...WorldTable[]])
  }

  #anyColumn(): WorldColumn {
    return this.pick(this.#table().columns as readonly [WorldColumn, ...WorldColumn[]])
  }

  #readableTable(): WorldTable | undefined {
    const { rights } = this
    return this.pickOf(
      WORLD.filter((table) => rights.readable(table).length > 0 && rights.isUsable(table)),
    )
  }
}
