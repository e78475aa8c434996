/**
 * What exists, with its ids: the engine's own tables about itself, beside the registry.
 *
 * What is ours or the engine's is left out, and so is an object without an id (a leftover of a
 * crash between two stores): what is not listed cannot be named.
 */
import { present } from '../../base/assert.ts'
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { TEMPORARY } from '../temporary-database.ts'
import type { WireDefinitions, WireSequenceOptions, WireStoredSource } from '../wire/request.ts'
import { describeAttached } from './attached-files.ts'
import type { ReadList } from './catalog-lists.ts'
import { readEngineCatalog } from './engine-catalog.ts'
import type { EngineDatabase } from './engine-catalog.ts'
import { readRegistry } from './read-registry.ts'
import type { Registry, RegistryEntry } from './read-registry.ts'
import type { TaskOf } from './task.ts'

type Table = WireDefinitions['tables'][number]

/** All in one transaction of the caller: the lists belong together. */
export function readDefinitions(
  connection: DuckDbConnection,
  readList: ReadList,
  {
    databases,
    attached,
    temporary,
  }: Pick<TaskOf<'definitions'>, 'databases' | 'attached' | 'temporary'>,
): Omit<WireDefinitions, 'catalogVersion'> {
  const registries = databases.map((database) => readRegistry(connection, database))
  const named = new Set(registries.flatMap(({ entries }) => entries.map(({ kind }) => kind)))
  const catalog = readEngineCatalog(readList, {
    views: temporary || named.has('view') || named.has('foreign table'),
    sequences: named.has('sequence'),
  })
  const own = registries.map((registry) => describeOwn(registry, catalog(registry.database)))
  const others = attached.map((database) => describeAttached(database, catalog(database)))
  return {
    databases: [
      ...own.map(({ id, name }) => ({ id, name, readOnly: false })),
      ...others.map(({ id, name }) => ({ id, name, readOnly: true })),
    ],
    schemas: [...own, ...others].flatMap(({ schemas }) => schemas),
    tables: [
      ...[...own, ...others].flatMap(({ tables }) => tables),
      ...(temporary ? describeTemporary(catalog(TEMPORARY)) : []),
    ],
    sequences: own.flatMap(({ sequences }) => sequences),
    functions: registries.flatMap(({ functions }) => functions),
  }
}

/** Those of the connection's session, whose names are their ids: nothing else knows of them. */
function describeTemporary({ relations }: EngineDatabase): Table[] {
  return relations.map(({ sql, ...relation }) => ({
    ...relation,
    id: `temporary ${relation.name}`,
    kind: sql === null ? 'table' : 'view',
    database: TEMPORARY,
    indexes: [],
    columnKeys: [],
    view: sql === null ? null : { ownerRole: '', sql, uses: [] },
    foreign: null,
  }))
}

interface Database {
  readonly id: string
  readonly name: string
  readonly schemas: WireDefinitions['schemas']
  readonly tables: readonly Table[]
  readonly sequences: WireDefinitions['sequences']
}

function describeOwn(registry: Registry, engine: EngineDatabase): Database {
  const { database, id, entries } = registry
  const inEngine = new Set(engine.schemas.map(({ name }) => name))
  return {
    id,
    name: database,
    schemas: entries
      .filter(({ kind, schema }) => kind === 'schema' && inEngine.has(schema))
      .map((entry) => ({ id: entry.id, database, name: entry.schema })),
    tables: entries.flatMap((entry) => describeTable(registry, entry, engine) ?? []),
    sequences: entries
      .filter(({ kind, schema, name }) => kind === 'sequence' && engine.hasSequence(schema, name))
      // the registry alone remembers where one began: of a copy's the engine says where it goes on
      .map(({ source, schema, name, ...entry }) => ({
        id: entry.id,
        database,
        schema,
        name,
        options: JSON.parse(present(source, 'how it counts')) as WireSequenceOptions,
      })),
  }
}

const KINDS = ['table', 'view', 'foreign table'] as const

/** Undefined of what is no relation, or is none of this kind in the engine. */
function describeTable(
  { database, columnKeys, uses }: Registry,
  { id, kind: word, schema, name, ownerRole, source }: RegistryEntry,
  engine: EngineDatabase,
): Table | undefined {
  const kind = KINDS.find((one) => one === word)
  const relation = kind && engine.relation(schema, name)
  if (!relation || (kind === 'table') !== (relation.sql === null)) return undefined
  const { sql, ...described } = relation
  return {
    ...described,
    id,
    kind,
    database,
    columnKeys: columnKeys.get(id) ?? [],
    view:
      kind === 'view'
        ? { ownerRole, sql: present(sql, 'its query'), uses: uses.get(id) ?? [] }
        : null,
    foreign: kind === 'foreign table' ? { ownerRole, source: storedSource(source) } : null,
  }
}

function storedSource(source: string | null): WireStoredSource {
  return JSON.parse(present(source, 'where its files are')) as WireStoredSource
}
