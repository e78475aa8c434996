/**
 * The tables of the measurements, spelled for each side. Same rows, same types.
 *
 * wide: sixteen columns of mixed types, as TPC-H's lineitem. numeric: integers and doubles of 16 to
 * 17 digits. strings: one text of about 200 characters a row.
 */
export interface TableRecipe {
  readonly name: string
  readonly rows: number
  readonly bluegate: (source: string) => string
  readonly postgres: (source: string) => string
}

export function source(side: 'bluegate' | 'postgres', rows: number): string {
  return side === 'bluegate' ? `range(${rows}) t(i)` : `generate_series(0, ${rows - 1}) t(i)`
}

/** A table of the same columns, for rows to come to. */
export function emptyTwin({ name }: Pick<TableRecipe, 'name'>): string {
  return `${name}_in`
}

const WIDE = (day: string, rows: string): string => `
  select i::bigint orderkey, (i * 7 % 200000)::int partkey, (i % 10000)::int suppkey,
    (i % 7)::int linenumber, ((i % 50) + 1)::decimal(15,2) quantity,
    ((i % 100000) / 100.0)::decimal(15,2) extendedprice, ((i % 11) / 100.0)::decimal(15,2) discount,
    ((i % 9) / 100.0)::decimal(15,2) tax,
    case i % 3 when 0 then 'R' when 1 then 'A' else 'N' end as returnflag,
    case i % 2 when 0 then 'O' else 'F' end linestatus,
    ${day} + (i % 2500)::int shipdate, ${day} + (i % 2500 + 30)::int commitdate,
    ${day} + (i % 2500 + 15)::int receiptdate, 'DELIVER IN PERSON' shipinstruct, 'TRUCK' shipmode,
    'carefully final packages wake ' || i::varchar as comment
  from ${rows}`

const NUMERIC = (rows: string): string => `
  select i::int a, (i::bigint * 7 % 1000003)::int b, i::bigint * 1000003 c,
    i::bigint * i::bigint d, (i / 7.0)::double precision e, sqrt(i) f,
    ((i % 1000) / 8.0)::double precision g, i::double precision * 1.5 h
  from ${rows}`

const STRINGS = (rows: string): string => `
  select i::bigint id, repeat('lorem ipsum dolor sit amet ', 7) || i::varchar s from ${rows}`

const table = (name: string, rows: number, select: (from: string) => string): TableRecipe => ({
  name,
  rows,
  bluegate: (from) => `create table ${name} as ${select(from)}`,
  postgres: (from) => `create table ${name} as ${select(from)}`,
})

export const TABLES: readonly TableRecipe[] = [
  table('wide', 2_000_000, (from) => WIDE("date '1992-01-01'", from)),
  table('numeric8', 2_000_000, NUMERIC),
  table('strings', 1_000_000, STRINGS),
]
