/** The one place that everything is said to be in. */
import { always, oid, relation, text } from './catalog-relation.ts'
import { OWNER } from './postgres-world.ts'

export const DEFAULT_TABLESPACE = { oid: 1663, name: 'pg_default' } as const

export const pgTablespace = relation('pg_catalog', 'pg_tablespace', () => [DEFAULT_TABLESPACE], {
  oid: oid((place) => place.oid),
  spcname: text((place) => place.name),
  spcowner: always('BIGINT', OWNER.oid),
  spcacl: always('VARCHAR[]', null),
  spcoptions: always('VARCHAR[]', null),
})
