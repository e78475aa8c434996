/**
 * A relation of PostgreSQL's or BLUE's catalogue, declared: its columns in order, and where their values come
 * from. Columns of which we have nothing to tell hold one constant, so that they cost nothing.
 */
import type { PostgresWorld } from './postgres-world.ts'

/** A value that JSON carries exactly. */
export type Cell = string | number | boolean | null | readonly (string | number)[]

export interface CatalogColumn {
  readonly name: string
  /** The engine's type, such as `BIGINT`, `VARCHAR[]`. */
  readonly type: string
  /** One cell per row; absent when all rows hold `always`. */
  readonly cells?: (world: PostgresWorld) => readonly Cell[]
  readonly always: Cell
}

export interface CatalogRelation {
  readonly schema: 'pg_catalog' | 'information_schema' | 'sqream_catalog'
  readonly name: string
  readonly columns: readonly CatalogColumn[]
}

/** How one column is told from what a row stands for. */
export type ColumnOf<Row> =
  | { readonly type: string; readonly of: (row: Row) => Cell }
  | { readonly type: string; readonly always: Cell }

export function oid<Row>(of: (row: Row) => number): ColumnOf<Row> {
  return { type: 'BIGINT', of }
}

export function text<Row>(of: (row: Row) => string | null): ColumnOf<Row> {
  return { type: 'VARCHAR', of }
}

export function integer<Row>(of: (row: Row) => number | null): ColumnOf<Row> {
  return { type: 'INTEGER', of }
}

export function smallint<Row>(of: (row: Row) => number): ColumnOf<Row> {
  return { type: 'SMALLINT', of }
}

export function boolean<Row>(of: (row: Row) => boolean): ColumnOf<Row> {
  return { type: 'BOOLEAN', of }
}

/** The same in every row. */
export function always(type: string, value: Cell): { type: string; always: Cell } {
  return { type, always: value }
}

export function relation<Row>(
  schema: CatalogRelation['schema'],
  name: string,
  rows: (world: PostgresWorld) => readonly Row[],
  columns: Readonly<Record<string, ColumnOf<Row>>>,
): CatalogRelation {
  const known = new WeakMap<PostgresWorld, readonly Row[]>()
  const rowsIn = (world: PostgresWorld): readonly Row[] => {
    const found = known.get(world) ?? rows(world)
    known.set(world, found)
    return found
  }
  return {
    schema,
    name,
    columns: Object.entries(columns).map(([column, told]) =>
      'of' in told
        ? {
            name: column,
            type: told.type,
            always: null,
            cells: (world) => rowsIn(world).map((row) => told.of(row)),
          }
        : { name: column, type: told.type, always: told.always },
    ),
  }
}

/**
 * A relation that is right to be empty: we have none of what it lists.
 *
 * @param columns `oid BIGINT, polname VARCHAR, …`
 */
export function emptyRelation(name: string, columns: string): CatalogRelation {
  return {
    schema: 'pg_catalog',
    name,
    columns: columns.split(',').map((column) => {
      const [columnName = '', type = ''] = column.trim().split(' ')
      return { name: columnName, type, always: null }
    }),
  }
}
