/** PREPARE as a statement: it keeps what a Parse with a name keeps, under the same names. */
import { writtenText } from '../../sql/statement.ts'
import type { PrepareStatement, Statement, StatementPlace } from '../../sql/statement.ts'
import type { Completion } from './completion-messages.ts'
import type { ConversationContext } from './conversation-context.ts'
import { typeNameOfOid } from './parameters/decode-parameter.ts'
import { typeOidOfName } from './parameters/type-oid-of-name.ts'
import { PreparedStatement } from './prepared-statement.ts'

export function isPrepare(statement: Statement): statement is StatementPlace & PrepareStatement {
  return statement.kind === 'prepare'
}

/** As PostgreSQL, and not as Parse here: it is analysed at once. @throws GatewayError what is wrong with it. */
export async function prepareInSql(
  { executor, things }: ConversationContext,
  prepare: StatementPlace & PrepareStatement,
): Promise<Completion> {
  const { name, types, statement } = prepare
  const parameterOids = types.map(typeOidOfName)
  const shape = await executor.prepare(prepare, parameterOids.map(typeNameOfOid))
  // a copy: a part of the client's text would keep all of it in memory
  const text = Buffer.from(writtenText(statement)).toString()
  things.addStatement(name, new PreparedStatement({ name, text, parameterOids }, executor, shape))
  return { tag: 'PREPARE', notices: [] }
}
