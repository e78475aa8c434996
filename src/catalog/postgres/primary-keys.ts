/** Primary keys, for the relations that show them. */
import type { PostgresKey, PostgresWorld } from './postgres-world.ts'

export function primaryKeys({ tables }: PostgresWorld): PostgresKey[] {
  return tables.flatMap(({ primaryKey }) => (primaryKey ? [primaryKey] : []))
}

/** `PRIMARY KEY (id)` */
export function constraintDefinition(key: PostgresKey): string {
  return `PRIMARY KEY (${columnList(key)})`
}

/** `CREATE UNIQUE INDEX t_pkey ON public.t USING btree (id)` */
export function indexDefinition(key: PostgresKey): string {
  const table = `${quoteIfNeeded(key.schema.name)}.${quoteIfNeeded(key.table.name)}`
  return `CREATE UNIQUE INDEX ${quoteIfNeeded(key.name)} ON ${table} USING btree (${columnList(key)})`
}

function columnList({ columns }: PostgresKey): string {
  return columns.map(({ name }) => quoteIfNeeded(name)).join(', ')
}

/** As PostgreSQL's `quote_ident`, but for words that are reserved there. */
export function quoteIfNeeded(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
