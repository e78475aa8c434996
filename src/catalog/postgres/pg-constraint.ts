/** Primary keys as constraints. */
import { always, oid, relation, text } from './catalog-relation.ts'
import { primaryKeys } from './primary-keys.ts'

export const pgConstraint = relation('pg_catalog', 'pg_constraint', primaryKeys, {
  oid: oid((key) => key.constraintOid),
  conname: text((key) => key.name),
  connamespace: oid((key) => key.schema.oid),
  contype: always('VARCHAR', 'p'),
  condeferrable: always('BOOLEAN', false),
  condeferred: always('BOOLEAN', false),
  convalidated: always('BOOLEAN', true),
  conrelid: oid((key) => key.table.oid),
  contypid: always('BIGINT', 0),
  conindid: oid((key) => key.indexOid),
  conparentid: always('BIGINT', 0),
  confrelid: always('BIGINT', 0),
  confupdtype: always('VARCHAR', ' '),
  confdeltype: always('VARCHAR', ' '),
  confmatchtype: always('VARCHAR', ' '),
  conislocal: always('BOOLEAN', true),
  coninhcount: always('INTEGER', 0),
  connoinherit: always('BOOLEAN', true),
  conkey: { type: 'SMALLINT[]', of: (key) => key.columns.map(({ number }) => number) },
  confkey: always('SMALLINT[]', null),
  conpfeqop: always('BIGINT[]', null),
  conppeqop: always('BIGINT[]', null),
  conffeqop: always('BIGINT[]', null),
  confdelsetcols: always('SMALLINT[]', null),
  conexclop: always('BIGINT[]', null),
  conbin: always('VARCHAR', null),
})
