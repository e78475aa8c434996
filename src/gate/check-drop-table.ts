/** DROP TABLE [IF EXISTS] name [RESTRICT]. */
import { GatewayError } from '../base/gateway-error.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { readHead, readName } from './head-cursor.ts'
import { nothingToDrop } from './nothing-to-drop.ts'
import { quoteFullName } from './quote-name.ts'
import { notSupported } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnTable } from './requirements.ts'
import { findTable } from './visible-names.ts'

export function checkDropTable(context: GateContext): CheckedStatement {
  const { cursor } = readHead(context)
  cursor.expect('drop', 'table')
  const ifExists = cursor.accept('if', 'exists')
  const parts = readName(cursor)
  if (cursor.seesSymbol(',')) throw notSupported('dropping several tables at once')
  if (cursor.sees('cascade')) throw notSupported('DROP TABLE … CASCADE')
  cursor.accept('restrict')
  cursor.expectEnd()

  const table = findTable(parts, context)
  if (!table) {
    // PostgreSQL says "table" here, and "relation" everywhere else.
    const reason = `table "${parts.join('.')}" does not exist`
    if (ifExists) return nothingToDrop(context, 'DROP TABLE', reason)
    throw new GatewayError('undefined_table', reason)
  }
  const requires = requireAll(needOnTable('DDL', table), context.authority)
  if (table.kind !== 'table') throw notSupported('dropping a view')
  const { schema } = table
  return {
    text: `DROP TABLE ${quoteFullName(schema.database.name, schema.name, table.name)} RESTRICT`,
    action: {
      kind: 'define',
      tag: 'DROP TABLE',
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
