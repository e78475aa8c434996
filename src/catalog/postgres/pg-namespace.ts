/** Schemas. */
import { always, oid, relation, text } from './catalog-relation.ts'
import { OWNER } from './postgres-world.ts'
import type { Named } from './postgres-world.ts'

export const pgNamespace = relation<Named>('pg_catalog', 'pg_namespace', ({ schemas }) => schemas, {
  oid: oid((schema) => schema.oid),
  nspname: text((schema) => schema.name),
  nspowner: always('BIGINT', OWNER.oid),
  nspacl: always('VARCHAR[]', null),
})
