/** COPY … TO STDOUT: its query, or a query of the table and columns that it names. */
import type { CopyOutStatement } from '../sql/statement.ts'
import { checkQuery, queryAction } from './check-query.ts'
import type { CheckedStatement } from './checked-statement.ts'
import { atOffset } from './fragment.ts'
import type { GateContext } from './gate-context.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { quoteName } from './quote-name.ts'

export async function checkCopyOut(
  { query, table = [''], columns }: CopyOutStatement,
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedStatement> {
  const check = (fragment: GateContext) => checkQuery(fragment, parameterTypes)
  const checked = query
    ? await atOffset(context, query.start, check, query.end)
    : await check({
        ...context,
        statement: { ...context.statement, text: queryOf(table, columns) },
      })
  const { text, requires, personal } = checked
  return { text, requires, personal, action: queryAction(context), reusable: true }
}

function queryOf(table: readonly string[], columns: readonly string[]): string {
  const list = columns.length === 0 ? '*' : columns.map(quoteName).join(', ')
  return `SELECT ${list} FROM ${table.map(quoteName).join('.')}`
}
