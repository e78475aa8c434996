/** DROP { TABLE | VIEW | FOREIGN TABLE } [IF EXISTS] name [, …] [RESTRICT]. */
import { GatewayError } from '../base/gateway-error.ts'
import type { RelationKind } from '../catalog/catalog-snapshot.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { readHead, readName } from './head-cursor.ts'
import { nothingThere } from './nothing-there.ts'
import { engineKind } from './engine-kind.ts'
import { dropOwnSequences } from './identity-text.ts'
import { quoteFullName } from './quote-name.ts'
import { notSupported, wrongKind } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnTable } from './requirements.ts'
import { findTable } from './visible-names.ts'

export function checkDropRelation(context: GateContext, kind: RelationKind): CheckedStatement {
  const { cursor } = readHead(context)
  const word = kind.toUpperCase() as Uppercase<RelationKind>
  cursor.expect('drop', ...kind.split(' '))
  const ifExists = cursor.accept('if', 'exists')
  const names = cursor.list(() => readName(cursor))
  if (cursor.sees('cascade')) throw notSupported(`DROP ${word} … CASCADE`)
  cursor.accept('restrict')
  cursor.expectEnd()

  const found = names.map((parts) => ({ parts, table: findTable(parts, context) }))
  // PostgreSQL says what kind it looked for here, and "relation" everywhere else.
  const missing = found.flatMap(({ parts, table }) =>
    table ? [] : [`${kind} "${parts.join('.')}" does not exist`],
  )
  const [firstMissing] = missing
  if (firstMissing !== undefined && !ifExists) {
    throw new GatewayError('undefined_table', firstMissing)
  }
  const tables = [...new Set(found.flatMap(({ table }) => table ?? []))]
  const requires = requireAll(
    tables.flatMap((table) => needOnTable('DDL', table)),
    context.authority,
  )
  const other = tables.find((table) => table.kind !== kind)
  if (other) throw wrongKind(other, kind)
  const [first] = tables
  if (!first) return nothingThere(context, `DROP ${word}`, ...missing)
  const { database } = first.schema
  if (tables.some(({ schema }) => schema.database.name !== database.name)) {
    throw notSupported(`DROP ${word} in several databases`, 'Write one statement for each.')
  }
  const [text = '', ...further] = tables.flatMap(({ name, schema, columns }) => [
    `DROP ${engineKind(kind)} ${quoteFullName(database.name, schema.name, name)} RESTRICT`,
    ...dropOwnSequences(columns),
  ])
  return {
    text,
    further,
    action: {
      kind: 'define',
      tag: `DROP ${word}`,
      database: database.name,
      registers: [],
      unregisters: tables.map(({ id }) => id),
      notices: missing.map((reason) => `${reason}, skipping`),
      countsRows: false,
    },
    requires,
    personal: false,
    reusable: false,
  }
}
