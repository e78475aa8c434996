/**
 * What the engine tells about all of its databases, each of its tables about itself read once.
 *
 * Each is read alone and put together here: a join or an order in the engine costs more to plan than the
 * rows of a usual database cost to read. One database more costs no query more.
 */
import { assert, present } from '../../base/assert.ts'
import type { WireDefinitions } from '../wire/request.ts'
import type { CatalogList, ReadList } from './catalog-lists.ts'

type Column = WireDefinitions['tables'][number]['columns'][number]

/** A table or a view. */
export interface EngineRelation {
  readonly schema: string
  readonly name: string
  /** Of a view; null of a table. */
  readonly sql: string | null
  readonly estimatedRows: number
  readonly columns: Column[]
  readonly primaryKey: readonly string[]
  readonly indexes: string[]
}

export interface EngineSchema {
  readonly name: string
  readonly internal: boolean
}

/** What one database holds, by name in the engine's own spelling. */
export interface EngineDatabase {
  readonly schemas: readonly EngineSchema[]
  relation(schema: string, name: string): EngineRelation | undefined
  /** By schema and name. */
  readonly relations: readonly EngineRelation[]
  hasSequence(schema: string, name: string): boolean
}

/** Kinds that are costly to read, and are not read where nobody can name one of them. */
export interface Wanted {
  readonly views: boolean
  readonly sequences: boolean
}

export type EngineCatalog = (database: string) => EngineDatabase

/** All in one transaction of the caller: the lists belong together. */
export function readEngineCatalog(readList: ReadList, wanted: Wanted): EngineCatalog {
  const databases = new Map<string, DatabaseLists>()
  const listsOf = (name: string): DatabaseLists => {
    const lists = databases.get(name) ?? new DatabaseLists()
    databases.set(name, lists)
    return lists
  }
  const read = (list: CatalogList, one: (lists: DatabaseLists, row: Row) => void): void => {
    for (const [database, ...row] of readList(list)) {
      one(listsOf(present(database, 'a database')), row)
    }
  }

  read('schemas', (lists, [name, internal]) => {
    lists.schemas.push({ name: present(name, 'a schema'), internal: internal === 'true' })
  })
  let hasKeys = false
  read('tables', (lists, [schema, name, rows, hasKey]) => {
    hasKeys ||= hasKey === 'true'
    lists.add({ schema, name, sql: null, rows })
  })
  if (wanted.views) {
    read('views', (lists, [schema, name, sql]) => {
      lists.add({ schema, name, sql: present(sql, 'its query'), rows: null })
    })
  }
  read('columns', (lists, [schema, table, index, name, typeName, nullable, defaultExpression]) => {
    const columns = lists.find(schema, table)?.columns
    if (columns === undefined) return
    assert(Number(index) === columns.length + 1, 'the engine lists columns in their order')
    columns.push({
      name: present(name, 'a column'),
      typeName: present(typeName, 'a type'),
      nullable: nullable === 'true',
      defaultExpression: defaultExpression ?? null,
    })
  })
  if (hasKeys) {
    read('primaryKeys', (lists, [schema, table, column]) => {
      lists.find(schema, table)?.primaryKey.push(present(column, 'a column'))
    })
  }
  read('indexes', (lists, [schema, table, name]) => {
    lists.find(schema, table)?.indexes.push(present(name, 'an index'))
  })
  if (wanted.sequences) {
    read('sequences', (lists, [schema, name]) => lists.sequences.add(nameKey(schema, name)))
  }

  for (const lists of databases.values()) lists.sort()
  return listsOf
}

type Text = string | null | undefined
type Row = readonly Text[]

interface Listed extends EngineRelation {
  readonly primaryKey: string[]
}

/** As they are gathered. */
class DatabaseLists implements EngineDatabase {
  readonly schemas: EngineSchema[] = []
  readonly relations: Listed[] = []
  readonly sequences = new Set<string>()
  readonly #byName = new Map<string, Listed>()

  add(row: { schema: Text; name: Text; sql: string | null; rows: Text }): void {
    const [schema, name] = [present(row.schema, 'a schema'), present(row.name, 'a name')]
    const { sql, rows } = row
    const lists = { columns: [], primaryKey: [], indexes: [] }
    const made = { schema, name, sql, estimatedRows: Number(rows ?? 0), ...lists }
    this.relations.push(made)
    this.#byName.set(nameKey(schema, name), made)
  }

  /** Undefined of a view that was not asked for. */
  find(schema: Text, name: Text): Listed | undefined {
    return this.#byName.get(nameKey(schema, name))
  }

  relation(schema: string, name: string): EngineRelation | undefined {
    return this.find(schema, name)
  }

  hasSequence(schema: string, name: string): boolean {
    return this.sequences.has(nameKey(schema, name))
  }

  sort(): void {
    this.schemas.sort((a, b) => compareTexts(a.name, b.name))
    this.relations.sort((a, b) => compareTexts(a.schema, b.schema) || compareTexts(a.name, b.name))
    for (const { indexes } of this.relations) if (indexes.length > 1) indexes.sort(compareTexts)
  }
}

/** A NUL is in no name of the engine's. */
function nameKey(schema: Text, name: Text): string {
  return `${schema}\0${name}`
}

/** As the engine orders without a collation, but for characters beyond the first 65,536. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
