/** `'sales.orders'::regclass`: the number of the relation that a text names. */
import { hashedNumber, numberOf, objectIds } from '../../catalog/postgres/object-ids.ts'
import { CATALOG_RELATIONS } from '../../catalog/postgres/catalog-relations.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import { noSuchRelation } from '../refusals.ts'
import type { SystemReader } from '../system-relations.ts'
import { findTable } from '../visible-names.ts'

const PART = /\s*(?:"((?:[^"]|"")+)"|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*))\s*(\.|$)/y

/** @throws GatewayError `undefined_table`, the same for what is hidden and what is not there. */
export function classNumber(name: string, reader: SystemReader): number {
  if (/^[0-9]{1,10}$/.test(name)) return Number(name)
  const parts = partsOf(name)
  const table = findTable(parts, reader)
  if (table) return numberOf(objectIds(reader.catalog), table.id)
  const [first = '', second] = parts
  const system = second === undefined ? `pg_catalog.${first}` : parts.join('.')
  if (CATALOG_RELATIONS.has(system)) return hashedNumber(`relation ${system}`)
  throw new GatewayError('undefined_table', noSuchRelation(parts.length > 0 ? parts : [name]))
}

function partsOf(name: string): string[] {
  const parts: string[] = []
  PART.lastIndex = 0
  for (;;) {
    const match = PART.exec(name)
    if (!match) return []
    const [, quoted, plain = '', end] = match
    parts.push(quoted === undefined ? plain.toLowerCase() : quoted.replaceAll('""', '"'))
    if (end === '') return parts
  }
}
