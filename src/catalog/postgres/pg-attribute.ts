/** Columns of tables and views, and of the indexes of primary keys. */
import { always, boolean, integer, oid, relation, smallint, text } from './catalog-relation.ts'
import type { PostgresColumn, PostgresWorld } from './postgres-world.ts'
import { collationOf } from './type-names.ts'

interface AttributeRow {
  readonly relation: number
  readonly number: number
  readonly column: PostgresColumn
  readonly inTable: boolean
}

function attributeRows({ tables }: PostgresWorld): AttributeRow[] {
  return tables.flatMap(({ oid: relationOid, columns, primaryKey }) => [
    ...columns.map((column) => ({
      relation: relationOid,
      number: column.number,
      column,
      inTable: true,
    })),
    ...(primaryKey?.columns ?? []).map((column, index) => ({
      relation: primaryKey?.indexOid ?? 0,
      number: index + 1,
      column,
      inTable: false,
    })),
  ])
}

function identityLetter({ inTable, column: { identity } }: AttributeRow): 'a' | 'd' | '' {
  if (!inTable || !identity) return ''
  return identity.generation === 'always' ? 'a' : 'd'
}

export const pgAttribute = relation('pg_catalog', 'pg_attribute', attributeRows, {
  attrelid: oid((row) => row.relation),
  attname: text((row) => row.column.name),
  atttypid: oid((row) => row.column.type.oid),
  attstattarget: always('INTEGER', -1),
  attlen: smallint((row) => row.column.type.length),
  attnum: smallint((row) => row.number),
  attndims: always('INTEGER', 0),
  attcacheoff: always('INTEGER', -1),
  atttypmod: integer((row) => row.column.type.modifier),
  attbyval: always('BOOLEAN', false),
  attalign: always('VARCHAR', 'i'),
  attstorage: always('VARCHAR', 'p'),
  attcompression: always('VARCHAR', ''),
  attnotnull: boolean((row) => row.inTable && !row.column.nullable),
  atthasdef: boolean((row) => row.inTable && row.column.defaultExpression !== undefined),
  atthasmissing: always('BOOLEAN', false),
  attidentity: text((row) => identityLetter(row)),
  attgenerated: always('VARCHAR', ''),
  attisdropped: always('BOOLEAN', false),
  attislocal: always('BOOLEAN', true),
  attinhcount: always('INTEGER', 0),
  attcollation: oid((row) => collationOf(row.column.type.oid)),
  attacl: always('VARCHAR[]', null),
  attoptions: always('VARCHAR[]', null),
  attfdwoptions: always('VARCHAR[]', null),
  attmissingval: always('VARCHAR', null),
})
