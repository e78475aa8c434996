/** DROP { TABLE | VIEW | FOREIGN TABLE } [IF EXISTS] name [RESTRICT]. */
import { GatewayError } from '../base/gateway-error.ts'
import type { RelationKind } from '../catalog/catalog-snapshot.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { readHead, readName } from './head-cursor.ts'
import { nothingThere } from './nothing-there.ts'
import { engineKind } from './engine-kind.ts'
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
  const parts = readName(cursor)
  if (cursor.seesSymbol(',')) throw notSupported(`dropping several ${kind}s at once`)
  if (cursor.sees('cascade')) throw notSupported(`DROP ${word} … CASCADE`)
  cursor.accept('restrict')
  cursor.expectEnd()

  const table = findTable(parts, context)
  if (!table) {
    // PostgreSQL says what kind it looked for here, and "relation" everywhere else.
    const reason = `${kind} "${parts.join('.')}" does not exist`
    if (ifExists) return nothingThere(context, `DROP ${word}`, reason)
    throw new GatewayError('undefined_table', reason)
  }
  const requires = requireAll(needOnTable('DDL', table), context.authority)
  if (table.kind !== kind) throw wrongKind(table, kind)
  const { schema } = table
  return {
    text: `DROP ${engineKind(kind)} ${quoteFullName(schema.database.name, schema.name, table.name)} RESTRICT`,
    action: {
      kind: 'define',
      tag: `DROP ${word}`,
      database: schema.database.name,
      registers: [],
      unregisters: [table.id],
      countsRows: false,
    },
    requires,
    personal: false,
    reusable: false,
  }
}
