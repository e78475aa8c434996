/** Defaults of columns. */
import { oid, relation, smallint, text } from './catalog-relation.ts'
import { hashedNumber } from './object-ids.ts'
import type { PostgresColumn } from './postgres-world.ts'

export const pgAttrdef = relation<PostgresColumn>(
  'pg_catalog',
  'pg_attrdef',
  ({ tables }) =>
    tables.flatMap(({ columns }) =>
      columns.filter(({ defaultExpression }) => defaultExpression !== undefined),
    ),
  {
    oid: oid((column) => hashedNumber(`default ${column.table.oid} ${column.number}`)),
    adrelid: oid((column) => column.table.oid),
    adnum: smallint((column) => column.number),
    adbin: text((column) => column.defaultExpression ?? null),
  },
)
