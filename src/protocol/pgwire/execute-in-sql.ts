/**
 * EXECUTE as a statement: runs one that was prepared, in SQL or by the protocol.
 *
 * Its arguments become the values that a Bind would bring. Constants are read as the text of a
 * parameter, as PostgreSQL does with literals; all others the engine computes, by a permit of their own.
 * What runs with them is authorized anew.
 */
import { GatewayError, repositioned } from '../../base/gateway-error.ts'
import type { Schema } from '../../columnar/column-type.ts'
import { DEFAULT_TEXT_SETTINGS } from '../../columnar/result-format.ts'
import type { PreparedShape, RunningStatement, StatementOptions } from '../../execution/executor.ts'
import { isPreparable } from '../../sql/read-prepare.ts'
import { writtenText } from '../../sql/statement.ts'
import type {
  ExecuteArgument,
  ExecuteStatement,
  PlainEngineStatement,
  Statement,
  StatementPlace,
} from '../../sql/statement.ts'
import { rowBodies, rowValues } from './codec/data-row.ts'
import type { ConversationContext } from './conversation-context.ts'
import { decodeParameter } from './parameters/decode-parameter.ts'
import { isExactType } from './parameters/exact-type.ts'
import type { PreparedStatement, StatementShape } from './prepared-statement.ts'
import { assertAsAnnounced } from './result-fields.ts'

type Execute = StatementPlace & ExecuteStatement

export function isExecute(statement: Statement): statement is Execute {
  return statement.kind === 'engine' && statement.form === 'execute'
}

/** The shape of any prepared statement: EXECUTE has the columns of what it runs. */
export async function shapeOf(
  context: ConversationContext,
  prepared: PreparedStatement,
): Promise<PreparedShape> {
  const { statement } = prepared
  if (!statement || !isExecute(statement)) return await prepared.shape(context.executor)
  const { columns } = await shapeOfExecuted(context, executedBy(statement, context).prepared)
  return { parameterTypes: [], columns }
}

/**
 * @param options of the run.
 * @throws GatewayError `invalid_statement_name`, `syntax_error` for a wrong number of arguments,
 *         `feature_not_supported` when the columns are not what they were; and as `Executor.run`.
 */
export async function startExecute(
  context: ConversationContext,
  execute: Execute,
  options: Pick<StatementOptions, 'format' | 'rowsMax'>,
  signal: AbortSignal,
): Promise<RunningStatement> {
  const { prepared, statement } = executedBy(execute, context)
  const values = await argumentValues(context, prepared, execute, signal)
  const { columns } = await shapeOfExecuted(context, prepared)
  const running = await context.executor.run(
    { ...statement, executedBy: writtenText(execute) },
    { ...options, ...values },
    signal,
  )
  return await heldTo(columns, running)
}

function executedBy(
  { name }: Execute,
  { things }: ConversationContext,
): { prepared: PreparedStatement; statement: StatementPlace & PlainEngineStatement } {
  const prepared = things.statement(name)
  const { statement } = prepared
  if (statement && isPreparable(statement)) return { prepared, statement }
  throw new GatewayError('feature_not_supported', 'EXECUTE of this statement is not supported', {
    hint: 'Queries, INSERT, UPDATE, DELETE and MERGE can be executed by their name.',
  })
}

/** What is wrong now with a text that came before has no place in the one that came last. */
async function shapeOfExecuted(
  { executor }: ConversationContext,
  prepared: PreparedStatement,
): Promise<StatementShape> {
  try {
    return await prepared.shape(executor)
  } catch (thrown) {
    throw repositioned(thrown, () => undefined)
  }
}

async function argumentValues(
  context: ConversationContext,
  prepared: PreparedStatement,
  execute: Execute,
  signal: AbortSignal,
): Promise<Pick<StatementOptions, 'parameters' | 'parameterTypes'>> {
  const { arguments: given, name } = execute
  const shape = await shapeOfExecuted(context, prepared)
  const { parameterTypes, used } = shape
  if (parameterTypes.length === 0) return { parameters: [], parameterTypes: [] } // as PostgreSQL
  if (given.length !== parameterTypes.length) {
    throw new GatewayError(
      'syntax_error',
      `wrong number of parameters for prepared statement "${name}"`,
      { detail: `Expected ${parameterTypes.length} parameters but got ${given.length}.` },
    )
  }
  const oids = given.map((_, index) => prepared.valueOid(index, 'text', shape))
  const texts = given.map(({ constant }, index) => constantText(constant, oids[index] ?? 0))
  const computed = parameterTypes.map((type, index) =>
    texts[index] === undefined ? type : undefined,
  )
  const values = await compute(context, execute, computed, signal)
  const { timeZone } = context.executor.session.settings.text
  const parameters = oids.map((oid, index) => {
    const text = texts[index]
    const value = text === undefined ? (values.shift() ?? null) : text
    return decodeParameter(oid, 'text', value, timeZone)
  })
  return {
    parameters: parameters.slice(0, used),
    parameterTypes: parameterTypes.slice(0, used),
  }
}

const INTEGERS: readonly number[] = [20, 21, 23]
const NUMBERS: readonly number[] = [...INTEGERS, 700, 701, 1700]
const BOOLEAN = 16

/**
 * What a client would send for it; undefined for what has to be computed: also a constant of another
 * type, such as 2.5 for an integer.
 */
function constantText(
  constant: ExecuteArgument['constant'],
  oid: number,
): Uint8Array | null | undefined {
  if (!constant) return undefined
  switch (constant.kind) {
    case 'null':
      return null
    case 'string':
      return Buffer.from(constant.text)
    case 'boolean':
      return oid === BOOLEAN ? Buffer.from(constant.text) : undefined
    case 'number': {
      const whole = !constant.text.includes('.')
      return (whole ? NUMBERS : NUMBERS.slice(INTEGERS.length)).includes(oid)
        ? Buffer.from(constant.text)
        : undefined
    }
  }
}

/** @param types undefined for those that are known. @returns the values of the others, in order. */
async function compute(
  { executor }: ConversationContext,
  execute: Execute,
  types: readonly (string | undefined)[],
  signal: AbortSignal,
): Promise<(Uint8Array | null)[]> {
  if (types.every((type) => type === undefined)) return []
  const inexact = types.find((type) => type !== undefined && !isExactType(type))
  if (inexact !== undefined) {
    throw new GatewayError(
      'feature_not_supported',
      `an argument of type ${inexact} that is computed is not supported`,
      { hint: 'Write it as a string.' },
    )
  }
  const format = { kind: 'postgres', columnFormats: [], text: DEFAULT_TEXT_SETTINGS } as const
  const running = await executor.evaluate(execute, types, format, signal)
  const rows: (Uint8Array | null)[][] = []
  try {
    for (;;) {
      const event = await running.next()
      if (event.kind === 'complete') break
      if (event.kind === 'frame') {
        for (const body of rowBodies(event.bytes)) rows.push(rowValues(Buffer.from(body)))
      }
    }
  } finally {
    await running.close()
  }
  const [row, second] = rows
  if (row && !second) return row
  throw new Error('the arguments of EXECUTE are not one row')
}

/** As PostgreSQL: what EXECUTE gives has the types that it had when it was prepared. */
async function heldTo(
  columns: Schema | undefined,
  running: RunningStatement,
): Promise<RunningStatement> {
  try {
    if (columns) assertAsAnnounced(columns, running.columns)
    return running
  } catch (error) {
    await running.close()
    throw error
  }
}
