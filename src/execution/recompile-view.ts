/**
 * RECOMPILE_VIEW: whether a view can still be read. Views are bound anew whenever they are read, so
 * there is nothing to make again. Source: BLUE SQL, 3.5; it needs DDL on the view, and SELECT.
 */
import { GatewayError, repositioned } from '../base/gateway-error.ts'
import { present } from '../base/assert.ts'
import { tableRef } from '../catalog/catalog-snapshot.ts'
import { quoteFullName } from '../gate/quote-name.ts'
import { readStatements } from '../sql/read-statements.ts'
import type { Row } from './answer.ts'
import { requestFor } from './authorization-request.ts'
import { findView } from './describe-definitions.ts'
import type { DefinitionsAsked } from './describe-definitions.ts'
import type { SessionContext } from './execution-context.ts'

/** @throws GatewayError why it cannot be read, without a position; nothing runs. */
export async function recompileView(
  context: SessionContext,
  asking: DefinitionsAsked,
  name: readonly string[],
): Promise<Row[]> {
  const view = findView(asking, name)
  if (!asking.authority.may('DDL', tableRef(view))) {
    throw new GatewayError('insufficient_privilege', `must be owner of view ${name.join('.')}`)
  }
  const { database, name: schema } = view.schema
  const sql = `SELECT * FROM ${quoteFullName(database.name, schema, view.name)}`
  const statement = present(readStatements(sql, 'postgres')[0], 'a statement')
  if (statement.kind !== 'engine') return []
  try {
    await context.gate.authorize(await requestFor(context, statement, []))
  } catch (thrown) {
    throw repositioned(thrown, () => undefined)
  }
  return [['']]
}
