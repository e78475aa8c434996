/**
 * Lists that the catalogue's functions look things up in: lists of one name stand side by side, the
 * number of a thing in the one and what is asked about it in the other.
 */
import type { Cell } from './catalog-relation.ts'
import { functionArguments, functionDefinition } from './pg-proc.ts'
import type { Named, PostgresWorld } from './postgres-world.ts'
import { sequencesOnPath, tablesOnPath } from './postgres-world.ts'
import {
  constraintDefinition,
  indexDefinition,
  primaryKeys,
  quoteIfNeeded,
} from './primary-keys.ts'
import { BUILT_IN_TYPES } from './type-names.ts'

export interface CatalogList {
  /** Of one item. */
  readonly type: 'BIGINT' | 'VARCHAR'
  readonly cells: (world: PostgresWorld) => readonly Cell[]
}

const numbers = (cells: CatalogList['cells']): CatalogList => ({ type: 'BIGINT', cells })
const texts = (cells: CatalogList['cells']): CatalogList => ({ type: 'VARCHAR', cells })

/** Tables, views, sequences and indexes with the name that finds them, as `regclass` shows it. */
function classNames(world: PostgresWorld): { readonly oid: number; readonly name: string }[] {
  const onPath = new Set<Named>([...tablesOnPath(world), ...sequencesOnPath(world)])
  const sequences = world.sequences.map((sequence) => {
    const prefix = onPath.has(sequence) ? '' : `${quoteIfNeeded(sequence.schema.name)}.`
    return { oid: sequence.oid, name: prefix + quoteIfNeeded(sequence.name) }
  })
  const tables = world.tables.flatMap((table) => {
    const prefix = onPath.has(table) ? '' : `${quoteIfNeeded(table.schema.name)}.`
    const self = { oid: table.oid, name: prefix + quoteIfNeeded(table.name) }
    const key = table.primaryKey
    return key ? [self, { oid: key.indexOid, name: prefix + quoteIfNeeded(key.name) }] : [self]
  })
  return [...tables, ...sequences]
}

const TYPE_NAMES = BUILT_IN_TYPES.flatMap(({ oid, name, sqlName = name, array }) => [
  { oid, name: sqlName },
  { oid: array, name: `${sqlName}[]` },
])

export const CATALOG_LISTS = {
  visibleTables: numbers((world) => [
    ...tablesOnPath(world).flatMap(({ oid, primaryKey }) =>
      primaryKey ? [oid, primaryKey.indexOid] : [oid],
    ),
    ...sequencesOnPath(world).map(({ oid }) => oid),
  ]),
  classOids: numbers((world) => classNames(world).map(({ oid }) => oid)),
  classNames: texts((world) => classNames(world).map(({ name }) => name)),
  schemaOids: numbers(({ schemas }) => schemas.map(({ oid }) => oid)),
  schemaNames: texts(({ schemas }) => schemas.map(({ name }) => quoteIfNeeded(name))),
  databaseNames: texts(({ databases }) => databases.map(({ name }) => name)),
  roleOids: numbers(({ roles }) => roles.map(({ oid }) => oid)),
  roleNames: texts(({ roles }) => roles.map(({ name }) => name)),
  typeOids: numbers(() => TYPE_NAMES.map(({ oid }) => oid)),
  typeNames: texts(() => TYPE_NAMES.map(({ name }) => name)),
  indexOids: numbers((world) => primaryKeys(world).map(({ indexOid }) => indexOid)),
  indexDefinitions: texts((world) => primaryKeys(world).map(indexDefinition)),
  /** Number of the index, place in it. */
  indexColumns: texts((world) =>
    primaryKeys(world).flatMap(({ indexOid, columns }) =>
      columns.map((_, index) => `${indexOid} ${index + 1}`),
    ),
  ),
  indexColumnNames: texts((world) =>
    primaryKeys(world).flatMap(({ columns }) => columns.map(({ name }) => quoteIfNeeded(name))),
  ),
  constraintOids: numbers((world) => primaryKeys(world).map(({ constraintOid }) => constraintOid)),
  constraintDefinitions: texts((world) => primaryKeys(world).map(constraintDefinition)),
  functionOids: numbers(({ functions }) => functions.map(({ oid }) => oid)),
  functionNames: texts(({ functions }) => functions.map(({ name }) => quoteIfNeeded(name))),
  functionArguments: texts(({ functions }) => functions.map(functionArguments)),
  functionResults: texts(({ functions }) => functions.map(({ returnsName }) => returnsName)),
  functionDefinitions: texts(({ functions }) => functions.map(functionDefinition)),
  /** The path as `current_schemas` tells it: schemas that are there. */
  path: texts(({ searchPath, schemas }) =>
    searchPath.filter((name) => schemas.some((schema) => schema.name === name)),
  ),
} as const satisfies Readonly<Record<string, CatalogList>>

export type ListName = keyof typeof CATALOG_LISTS
