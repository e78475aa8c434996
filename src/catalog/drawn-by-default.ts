/**
 * The named sequences that a column's default draws from: read off the default's text, in which the
 * gate writes each name in full and in quotes, and which the engine keeps as it is.
 */
import type { CatalogSnapshot, ColumnEntry, SequenceEntry, TableEntry } from './catalog-snapshot.ts'

const QUOTED = '"(?:[^"]|"")*"'
const DRAWN = new RegExp(`\\bnextval\\('((?:${QUOTED}\\.){2}${QUOTED})'\\)`, 'gi')

export function drawnByDefault(
  { defaultExpression = '' }: ColumnEntry,
  catalog: CatalogSnapshot,
): SequenceEntry[] {
  return [...defaultExpression.matchAll(DRAWN)].flatMap(([, name = '']) => {
    const [database = '', schema = '', sequence = ''] = partsOf(name.replaceAll("''", "'"))
    return catalog.sequence(database, schema, sequence) ?? []
  })
}

/** A table with a column whose default draws from it. */
export function tableDrawingFrom(
  sequence: SequenceEntry,
  catalog: CatalogSnapshot,
): TableEntry | undefined {
  return catalog.tables.find(({ columns }) =>
    columns.some((column) => drawnByDefault(column, catalog).includes(sequence)),
  )
}

function partsOf(name: string): string[] {
  return (name.match(new RegExp(QUOTED, 'g')) ?? []).map((part) =>
    part.slice(1, -1).replaceAll('""', '"'),
  )
}
