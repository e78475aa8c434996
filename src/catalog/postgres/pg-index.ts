/** The index of each primary key. */
import { always, oid, relation, smallint } from './catalog-relation.ts'
import type { ColumnOf } from './catalog-relation.ts'
import type { PostgresKey } from './postgres-world.ts'
import { primaryKeys } from './primary-keys.ts'

const ofEachColumn = (of: (number: number) => number): ColumnOf<PostgresKey> => ({
  type: 'BIGINT[]',
  of: (key) => key.columns.map((column) => of(column.number)),
})

export const pgIndex = relation('pg_catalog', 'pg_index', primaryKeys, {
  indexrelid: oid((key) => key.indexOid),
  indrelid: oid((key) => key.table.oid),
  indnatts: smallint((key) => key.columns.length),
  indnkeyatts: smallint((key) => key.columns.length),
  indisunique: always('BOOLEAN', true),
  indnullsnotdistinct: always('BOOLEAN', false),
  indisprimary: always('BOOLEAN', true),
  indisexclusion: always('BOOLEAN', false),
  indimmediate: always('BOOLEAN', true),
  indisclustered: always('BOOLEAN', false),
  indisvalid: always('BOOLEAN', true),
  indcheckxmin: always('BOOLEAN', false),
  indisready: always('BOOLEAN', true),
  indislive: always('BOOLEAN', true),
  indisreplident: always('BOOLEAN', false),
  indkey: ofEachColumn((number) => number),
  indcollation: ofEachColumn(() => 0),
  indclass: ofEachColumn(() => 0),
  indoption: ofEachColumn(() => 0),
  indexprs: always('VARCHAR', null),
  indpred: always('VARCHAR', null),
})
