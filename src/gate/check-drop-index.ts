/** DROP INDEX [IF EXISTS] name [, …] [RESTRICT]. Needs DDL on the table. */
import { GatewayError } from '../base/gateway-error.ts'
import type { TableEntry } from '../catalog/catalog-snapshot.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { readHead, readName } from './head-cursor.ts'
import { nothingThere } from './nothing-there.ts'
import { quoteFullName } from './quote-name.ts'
import { notSupported } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnTable } from './requirements.ts'
import { placesOf, seesTable } from './visible-names.ts'

interface FoundIndex {
  readonly table: TableEntry
  readonly name: string
}

export function checkDropIndex(context: GateContext): CheckedStatement {
  const { cursor } = readHead(context)
  cursor.expect('drop', 'index')
  if (cursor.sees('concurrently')) throw notSupported('DROP INDEX CONCURRENTLY')
  const ifExists = cursor.accept('if', 'exists')
  const names = cursor.list(() => readName(cursor))
  if (cursor.sees('cascade')) throw notSupported('DROP INDEX … CASCADE')
  cursor.accept('restrict')
  cursor.expectEnd()

  const found = names.map((parts) => ({ parts, index: findIndex(parts, context) }))
  const missing = found.flatMap(({ parts, index }) =>
    index ? [] : [`index "${parts.join('.')}" does not exist`],
  )
  const [firstMissing] = missing
  if (firstMissing !== undefined && !ifExists) {
    throw new GatewayError('undefined_object', firstMissing)
  }
  const indexes = found.flatMap(({ index }) => index ?? [])
  const requires = requireAll(
    indexes.flatMap(({ table }) => needOnTable('DDL', table)),
    context.authority,
  )
  const [first] = indexes
  if (!first) return nothingThere(context, 'DROP INDEX', ...missing)
  const { database } = first.table.schema
  if (indexes.some(({ table }) => table.schema.database.name !== database.name)) {
    throw notSupported('DROP INDEX in several databases', 'Write one statement for each.')
  }
  const texts = indexes.map(
    ({ table, name }) =>
      `DROP INDEX ${quoteFullName(database.name, table.schema.name, name)} RESTRICT`,
  )
  const [text = '', ...further] = new Set(texts)
  return {
    text,
    further,
    action: {
      kind: 'define',
      tag: 'DROP INDEX',
      database: database.name,
      registers: [],
      unregisters: [],
      notices: missing.map((reason) => `${reason}, skipping`),
      countsRows: false,
    },
    requires,
    personal: false,
    reusable: false,
  }
}

/** One of a table that may not be known of is not there either. */
function findIndex(parts: readonly string[], context: GateContext): FoundIndex | undefined {
  const { catalog, authority } = context
  for (const [database, schema, name] of placesOf(parts, context)) {
    for (const table of catalog.tables) {
      if (!isIn(table, database, schema) || !seesTable(authority, table)) continue
      const index = table.indexes.find((one) => one.toLowerCase() === name.toLowerCase())
      if (index !== undefined) return { table, name: index }
    }
  }
  return undefined
}

function isIn({ schema }: TableEntry, database: string, name: string): boolean {
  return (
    schema.name.toLowerCase() === name.toLowerCase() &&
    schema.database.name.toLowerCase() === database.toLowerCase()
  )
}
