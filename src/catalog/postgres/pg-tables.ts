/** Tables and views by name. */
import { always, boolean, relation, text } from './catalog-relation.ts'
import { OWNER } from './postgres-world.ts'
import type { PostgresTable, PostgresWorld } from './postgres-world.ts'

const ofKind = (kind: PostgresTable['kind']) => (world: PostgresWorld) =>
  world.tables.filter((table) => table.kind === kind)

export const pgTables = relation('pg_catalog', 'pg_tables', ofKind('table'), {
  schemaname: text((table) => table.schema.name),
  tablename: text((table) => table.name),
  tableowner: always('VARCHAR', OWNER.name),
  tablespace: always('VARCHAR', null),
  hasindexes: boolean((table) => table.primaryKey !== undefined),
  hasrules: always('BOOLEAN', false),
  hastriggers: always('BOOLEAN', false),
  rowsecurity: always('BOOLEAN', false),
})

export const pgViews = relation('pg_catalog', 'pg_views', ofKind('view'), {
  schemaname: text((view) => view.schema.name),
  viewname: text((view) => view.name),
  viewowner: always('VARCHAR', OWNER.name),
  definition: always('VARCHAR', null),
})
