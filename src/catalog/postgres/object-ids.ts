/**
 * PostgreSQL's numbers for objects (OIDs), made from our ids: tools look a number up in one
 * statement and use it in the next, and some keep it over a restart.
 *
 * At least 16384, as for everything that PostgreSQL did not bring itself; within 31 bits, because
 * some drivers read them as signed. Numbers of different things never meet within one snapshot: of
 * two that do, the later id (by its own order) goes to the next free number.
 */
import { createHash } from 'node:crypto'
import { present } from '../../base/assert.ts'
import type { CatalogSnapshot } from '../catalog-snapshot.ts'

const FIRST = 16_384
const COUNT = 2 ** 31 - FIRST

export type ObjectIds = ReadonlyMap<string, number>

const known = new WeakMap<CatalogSnapshot, ObjectIds>()

/** What an object needs a number for beside itself: its primary key's index, the constraint. */
export function indexId(tableId: string): string {
  return `index of ${tableId}`
}

export function constraintId(tableId: string): string {
  return `key of ${tableId}`
}

/** Of every object of the snapshot, seen or not: so a number does not depend on who asks. */
export function objectIds(catalog: CatalogSnapshot): ObjectIds {
  const found = known.get(catalog)
  if (found) return found
  const ids = [
    ...catalog.databases.map(({ id }) => id),
    ...catalog.schemas.map(({ id }) => id),
    ...catalog.sequences.map(({ id }) => id),
    ...catalog.functions.map(({ id }) => id),
    ...catalog.tables.flatMap(({ id }) => [id, indexId(id), constraintId(id)]),
  ]
  const numbers = assignNumbers(ids)
  known.set(catalog, numbers)
  return numbers
}

export function numberOf(ids: ObjectIds, id: string): number {
  return present(ids.get(id), `the number of ${id}`)
}

export function assignNumbers(ids: readonly string[]): ObjectIds {
  const taken = new Set<number>()
  const numbers = new Map<string, number>()
  for (const id of ids.toSorted()) {
    let number = hashedNumber(id)
    while (taken.has(number)) number = number + 1 < FIRST + COUNT ? number + 1 : FIRST
    taken.add(number)
    numbers.set(id, number)
  }
  return numbers
}

/** For what is in no snapshot: roles, defaults. Of its own class, where no other numbers are. */
export function hashedNumber(id: string): number {
  return FIRST + (createHash('sha256').update(id).digest().readUInt32BE(0) % COUNT)
}
