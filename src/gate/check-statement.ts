/** Every statement, by its form: text in, what may run and what it needs out. */
import { GatewayError } from '../base/gateway-error.ts'
import { readStatements } from '../sql/read-statements.ts'
import { checkAlter } from './check-alter.ts'
import { checkCopyIn } from './check-copy-in.ts'
import { checkCopyOut } from './check-copy-out.ts'
import { checkCreateForeignTable } from './check-create-foreign-table.ts'
import { checkCreateFunction } from './check-create-function.ts'
import { checkCreateIndex } from './check-create-index.ts'
import { checkCreateSchema } from './check-create-schema.ts'
import { checkCreateSequence } from './check-create-sequence.ts'
import { checkCreateTable } from './check-create-table.ts'
import { checkCreateView } from './check-create-view.ts'
import { checkDelete, checkTruncate } from './check-delete.ts'
import { checkDropFunction } from './check-drop-function.ts'
import { checkDropIndex } from './check-drop-index.ts'
import { checkDropSchema } from './check-drop-schema.ts'
import { checkDropSequence } from './check-drop-sequence.ts'
import { checkDropRelation } from './check-drop-relation.ts'
import { checkExecute } from './check-execute.ts'
import { checkExplain } from './check-explain.ts'
import { checkInsert } from './check-insert.ts'
import { checkMerge } from './check-merge.ts'
import { checkUpdate } from './check-update.ts'
import { checkQuery, queryAction } from './check-query.ts'
import type { EngineStatement } from '../sql/statement.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import type { ParameterTypes } from './parameter-types.ts'

/** @throws GatewayError why it may not run, with its position in the statement's text. */
export async function checkStatement(
  given: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedStatement> {
  const { statement } = given
  // Whoever calls: what is checked is one statement within the limits, of the kind it says.
  const [read, second] = readStatements(statement.text, 'duckdb')
  if (read?.kind !== 'engine' || read.form !== statement.form || second) {
    throw new GatewayError('syntax_error', 'exactly one statement was expected here')
  }
  const context = { ...given, mayDraw: DRAWING.has(read.form) }
  if (read.form === 'copy_in') return await checkCopyIn(read, context)
  if (read.form === 'copy_out') return await checkCopyOut(read, context, parameterTypes)
  if (read.form === 'execute') return await checkExecute(read, context, parameterTypes)
  switch (read.form) {
    case 'select': {
      const { text, requires, personal } = await checkQuery(context, parameterTypes)
      return { text, requires, personal, action: queryAction(context), reusable: true }
    }
    case 'insert':
      return await checkInsert(context, parameterTypes)
    case 'explain':
      return await checkExplain(context, (inner) => checkStatement(inner, parameterTypes))
    case 'update':
      return await checkUpdate(context, parameterTypes)
    case 'delete':
      return await checkDelete(context, parameterTypes)
    case 'merge':
      return await checkMerge(context, parameterTypes)
    case 'truncate':
      return checkTruncate(context)
    case 'create_table':
      return await checkCreateTable(context, parameterTypes)
    case 'create_view':
      return await checkCreateView(context, parameterTypes)
    case 'create_foreign_table':
      return await checkCreateForeignTable(context)
    case 'alter_table':
      return await checkAlter(context, 'table')
    case 'alter_view':
      return await checkAlter(context, 'view')
    case 'alter_foreign_table':
      return await checkAlter(context, 'foreign table')
    case 'create_schema':
      return checkCreateSchema(context)
    case 'create_index':
      return checkCreateIndex(context)
    case 'drop_index':
      return checkDropIndex(context)
    case 'create_sequence':
      return checkCreateSequence(context)
    case 'drop_sequence':
      return checkDropSequence(context)
    case 'drop_table':
      return checkDropRelation(context, 'table')
    case 'drop_view':
      return checkDropRelation(context, 'view')
    case 'drop_foreign_table':
      return checkDropRelation(context, 'foreign table')
    case 'drop_schema':
      return checkDropSchema(context)
    case 'create_function':
      return await checkCreateFunction(context, parameterTypes)
    case 'drop_function':
      return checkDropFunction(context)
  }
}

/** Whose expressions may draw from sequences. What is kept and computed for others may not. */
const DRAWING: ReadonlySet<EngineStatement['form']> = new Set<EngineStatement['form']>([
  'select',
  'copy_out',
  'explain',
  'insert',
  'update',
  'delete',
  'merge',
  'create_table',
  'alter_table',
])
