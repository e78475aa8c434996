/**
 * Where rows go into a statement: constants that hold the place until the gate has checked and
 * printed it. So the gate handles short texts however many rows there are, and no row is ever read
 * as SQL: it goes in as the content of a string.
 */
import { randomBytes } from 'node:crypto'
import { present } from '../../base/assert.ts'
import { CATALOG_LISTS } from '../../catalog/postgres/catalog-lists.ts'
import type { ListName } from '../../catalog/postgres/catalog-lists.ts'
import { CATALOG_RELATIONS } from '../../catalog/postgres/catalog-relations.ts'
import type { Cell, CatalogRelation } from '../../catalog/postgres/catalog-relation.ts'
import type { PostgresWorld } from '../../catalog/postgres/postgres-world.ts'

/**
 * Nobody can guess it, so nobody can write a place of their own. A place is JSON, because the binder
 * may compute with it: a list of one item, which is NULL where it should be a number.
 */
const SECRET = randomBytes(16).toString('hex')
const PLACE = new RegExp(`'\\["rows ${SECRET} ([^ '"]+) ([^ '"]+)"\\]'`, 'g')
const LIST = '-'

/** Relations and lists that hold the principal's name. */
const PERSONAL = new Set(['pg_catalog.pg_roles', 'pg_catalog.pg_user', 'roleNames', 'roleOids'])

/** The expression of a list, to be filled later. */
export function list(name: ListName): string {
  return fromJson(LIST, name, CATALOG_LISTS[name].type)
}

/** A query that gives the relation's rows, to be filled later. */
export function relationQuery({ schema, name, columns }: CatalogRelation): string {
  const items = columns.map(({ name: column, type, cells, always }) =>
    cells
      ? `unnest(${fromJson(`${schema}.${name}`, column, type)}) AS "${column}"`
      : `CAST(${constant(always)} AS ${type}) AS "${column}"`,
  )
  const empty = columns.every(({ cells }) => cells === undefined)
  return `SELECT ${items.join(', ')}${empty ? ' WHERE false' : ''}`
}

/** One column after the other: a third of the time and half of the text of lists of rows. */
function fromJson(owner: string, column: string, type: string): string {
  const item = type.endsWith('[]') ? [type.slice(0, -2)] : type
  return `from_json('["rows ${SECRET} ${owner} ${column}"]', '${JSON.stringify([item])}')`
}

function constant(value: Cell): string {
  if (value === null) return 'NULL'
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

export function fillPlaces(
  text: string,
  world: () => PostgresWorld,
): { readonly text: string; readonly personal: boolean } {
  let personal = false
  const known = new Map<string, string>()
  const filled = text.replace(PLACE, (place, owner: string, column: string) => {
    const literal = known.get(place) ?? literalOf(owner, column, world())
    known.set(place, literal)
    personal ||= PERSONAL.has(owner === LIST ? column : owner)
    return literal
  })
  return { text: filled, personal }
}

function literalOf(owner: string, column: string, world: PostgresWorld): string {
  const cells = JSON.stringify(cellsOf(owner, column, world))
  return `'${cells.replaceAll("'", "''")}'`
}

function cellsOf(owner: string, column: string, world: PostgresWorld): readonly Cell[] {
  if (owner === LIST) return CATALOG_LISTS[column as ListName].cells(world)
  const relation = present(CATALOG_RELATIONS.get(owner), `the relation ${owner}`)
  const cells = relation.columns.find(({ name }) => name === column)?.cells
  return present(cells, `rows of ${owner}.${column}`)(world)
}
