/** The one collation: by the bytes of UTF-8. */
import { always, oid, relation, text } from './catalog-relation.ts'
import { OWNER, PG_CATALOG } from './postgres-world.ts'
import { DEFAULT_COLLATION } from './type-names.ts'

const DEFAULT = { oid: DEFAULT_COLLATION, name: 'default' } as const

export const pgCollation = relation('pg_catalog', 'pg_collation', () => [DEFAULT], {
  oid: oid((collation) => collation.oid),
  collname: text((collation) => collation.name),
  collnamespace: always('BIGINT', PG_CATALOG.oid),
  collowner: always('BIGINT', OWNER.oid),
  collprovider: always('VARCHAR', 'd'),
  collisdeterministic: always('BOOLEAN', true),
  collencoding: always('INTEGER', -1),
  collcollate: always('VARCHAR', null),
  collctype: always('VARCHAR', null),
  colliculocale: always('VARCHAR', null),
  collversion: always('VARCHAR', null),
})
