/** DROP FUNCTION [IF EXISTS] name [()] [RESTRICT]. */
import type { CheckedStatement } from './checked-statement.ts'
import { findFunction, noSuchFunction } from './function-name.ts'
import { markerName } from './function-marker.ts'
import { checkUnused } from './function-uses.ts'
import type { GateContext } from './gate-context.ts'
import { readHead, readName } from './head-cursor.ts'
import { nothingThere } from './nothing-there.ts'
import { notSupported } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnFunction } from './requirements.ts'

export function checkDropFunction(context: GateContext): CheckedStatement {
  const { cursor } = readHead(context)
  cursor.expect('drop', 'function')
  const ifExists = cursor.accept('if', 'exists')
  const parts = readName(cursor)
  if (cursor.acceptSymbol('(') && !cursor.acceptSymbol(')')) {
    throw cursor.syntaxError('There is one function of a name: write it without types.')
  }
  if (cursor.seesSymbol(',')) throw notSupported('dropping several functions at once')
  if (cursor.sees('cascade')) throw notSupported('DROP FUNCTION … CASCADE')
  cursor.accept('restrict')
  cursor.expectEnd()

  const entry = findFunction(parts, context)
  if (!entry) {
    const missing = noSuchFunction(parts)
    if (ifExists) return nothingThere(context, 'DROP FUNCTION', missing.message)
    throw missing
  }
  const requires = requireAll(needOnFunction('DDL', entry), context.authority)
  checkUnused(entry, 'drop', context)
  return {
    text: `DROP VIEW ${markerName(entry.database, entry.name)} RESTRICT`,
    action: {
      kind: 'define',
      tag: 'DROP FUNCTION',
      database: entry.database.name,
      registers: [],
      unregisters: [entry.id],
      countsRows: false,
    },
    requires,
    personal: false,
    reusable: false,
  }
}
