/** Tables, views, foreign tables, sequences, and the indexes of primary keys. */
import { always, boolean, integer, oid, relation, smallint, text } from './catalog-relation.ts'
import { BTREE, HEAP } from './pg-am.ts'
import { OWNER } from './postgres-world.ts'
import type { PostgresWorld } from './postgres-world.ts'

interface ClassRow {
  readonly oid: number
  readonly name: string
  readonly schema: number
  readonly kind: 'r' | 'v' | 'f' | 'S' | 'i'
  readonly accessMethod: number
  readonly columns: number
  readonly rows: number
  readonly hasIndex: boolean
}

const LETTERS = { table: 'r', view: 'v', 'foreign table': 'f' } as const

/** Last value, log count, whether it was called. */
const COLUMNS_OF_SEQUENCE = 3

function classRows({ tables, sequences }: PostgresWorld): ClassRow[] {
  const counting = sequences.map(({ oid: number, name, schema }): ClassRow => ({
    oid: number,
    name,
    schema: schema.oid,
    kind: 'S',
    accessMethod: 0,
    columns: COLUMNS_OF_SEQUENCE,
    rows: 1,
    hasIndex: false,
  }))
  return [...tableRows(tables), ...counting]
}

function tableRows(tables: PostgresWorld['tables']): ClassRow[] {
  return tables.flatMap((table) => {
    const { primaryKey, kind, columns, estimatedRows } = table
    const self: ClassRow = {
      oid: table.oid,
      name: table.name,
      schema: table.schema.oid,
      kind: LETTERS[kind],
      accessMethod: kind === 'table' ? HEAP.oid : 0,
      columns: columns.length,
      rows: estimatedRows,
      hasIndex: primaryKey !== undefined,
    }
    if (!primaryKey) return [self]
    const index: ClassRow = {
      ...self,
      oid: primaryKey.indexOid,
      name: primaryKey.name,
      kind: 'i',
      accessMethod: BTREE.oid,
      columns: primaryKey.columns.length,
      hasIndex: false,
    }
    return [self, index]
  })
}

export const pgClass = relation('pg_catalog', 'pg_class', classRows, {
  oid: oid((row) => row.oid),
  relname: text((row) => row.name),
  relnamespace: oid((row) => row.schema),
  reltype: always('BIGINT', 0),
  reloftype: always('BIGINT', 0),
  relowner: always('BIGINT', OWNER.oid),
  relam: oid((row) => row.accessMethod),
  relfilenode: always('BIGINT', 0),
  reltablespace: always('BIGINT', 0),
  relpages: always('INTEGER', 0),
  reltuples: integer((row) => row.rows),
  relallvisible: always('INTEGER', 0),
  reltoastrelid: always('BIGINT', 0),
  relhasindex: boolean((row) => row.hasIndex),
  relisshared: always('BOOLEAN', false),
  relpersistence: always('VARCHAR', 'p'),
  relkind: text((row) => row.kind),
  relnatts: smallint((row) => row.columns),
  relchecks: always('SMALLINT', 0),
  relhasrules: always('BOOLEAN', false),
  relhastriggers: always('BOOLEAN', false),
  relhassubclass: always('BOOLEAN', false),
  relrowsecurity: always('BOOLEAN', false),
  relforcerowsecurity: always('BOOLEAN', false),
  relispopulated: always('BOOLEAN', true),
  relreplident: always('VARCHAR', 'd'),
  relispartition: always('BOOLEAN', false),
  relrewrite: always('BIGINT', 0),
  relfrozenxid: always('BIGINT', 0),
  relminmxid: always('BIGINT', 0),
  relacl: always('VARCHAR[]', null),
  reloptions: always('VARCHAR[]', null),
  relpartbound: always('VARCHAR', null),
})
