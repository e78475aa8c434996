/**
 * The extended query protocol: prepared statements, portals, and rows in parts.
 *
 * Every step answers exactly what was asked for, because drivers count the answers. Errors are the
 * conversation's: it tells the client, and skips to the next Sync.
 *
 * Source: PostgreSQL manual, "Extended Query".
 */
import { GatewayError } from '../../base/gateway-error.ts'
import type { Schema } from '../../columnar/column-type.ts'
import type { ColumnFormat } from '../../columnar/result-format.ts'
import type { RunningStatement, StatementOptions } from '../../execution/executor.ts'
import type { Statement } from '../../sql/statement.ts'
import type { Bind } from './codec/bind.ts'
import { formatAt } from './codec/bind.ts'
import { writeStep } from './codec/completion.ts'
import type { Close, Describe } from './codec/describe.ts'
import type { Execute } from './codec/execute.ts'
import type { Parse } from './codec/parse.ts'
import { writeParameterDescription, writeRowDescription } from './codec/row-description.ts'
import { writeCompletion } from './completion-messages.ts'
import type { ConversationContext } from './conversation-context.ts'
import { isCopyIn, receiveCopy } from './copy-in/receive-copy.ts'
import { copyFormat, isCopyOut, sendCopy } from './copy-out.ts'
import { isExecute, shapeOf, startExecute } from './execute-in-sql.ts'
import { forwardRows } from './forward-rows.ts'
import { decodeParameter } from './parameters/decode-parameter.ts'
import type { Portal } from './portal.ts'
import { isPrepare, prepareInSql } from './prepare-in-sql.ts'
import { PreparedStatement } from './prepared-statement.ts'
import { assertAsAnnounced, columnFormats, describeFields } from './result-fields.ts'
import { inFailedTransaction } from './session-things.ts'

export function parse({ executor, outgoing, things }: ConversationContext, message: Parse): void {
  things.dropStatementBefore(message.name)
  const prepared = new PreparedStatement(message, executor)
  refuseInFailedTransaction(executor.session, prepared.statement)
  things.addStatement(message.name, prepared)
  writeStep(outgoing.writer, 'parse_complete')
}

export async function bind(context: ConversationContext, message: Bind): Promise<void> {
  const { executor, outgoing, things } = context
  const prepared = things.statement(message.statement)
  refuseInFailedTransaction(executor.session, prepared.statement)
  const portal: Portal = {
    prepared,
    ...(await bindParameters(context, prepared, message)),
    resultFormats: message.resultFormats,
    announced: undefined,
    stop: new AbortController(),
    progress: { kind: 'ready' },
  }
  if (message.resultFormats.includes('binary') && !isCopy(prepared)) {
    const { columns } = await shapeOf(context, prepared)
    if (columns) columnFormats(columns, message.resultFormats) // a wrong number is refused here
    portal.announced = columns
  }
  await things.addPortal(message.portal, portal, keptBytes(message))
  writeStep(outgoing.writer, 'bind_complete')
}

export async function describe(context: ConversationContext, message: Describe): Promise<void> {
  const { kind, name } = message.target
  if (kind === 'statement') await describeStatement(context, name)
  else await describePortal(context, name)
}

/** Formats are not known before Bind: all are told as text, as PostgreSQL does. */
async function describeStatement(context: ConversationContext, name: string): Promise<void> {
  const { executor, outgoing, things } = context
  const prepared = things.statement(name)
  const shape = await shapeOf(context, prepared)
  if (shape.columns) refuseInFailedTransaction(executor.session, prepared.statement)
  const oids = shape.parameterTypes.map((_, index) => prepared.parameterOid(index, shape))
  writeParameterDescription(outgoing.writer, oids)
  writeColumns(context, isCopy(prepared) ? undefined : shape.columns, [])
}

async function describePortal(context: ConversationContext, name: string): Promise<void> {
  const { executor, things } = context
  const portal = things.portal(name)
  const shape = await shapeOf(context, portal.prepared)
  const columns = isCopy(portal.prepared) ? undefined : shape.columns
  if (columns) refuseInFailedTransaction(executor.session, portal.prepared.statement)
  portal.announced = columns
  writeColumns(context, columns, columns ? columnFormats(columns, portal.resultFormats) : [])
}

function writeColumns(
  { outgoing }: ConversationContext,
  columns: Schema | undefined,
  formats: readonly ColumnFormat[],
): void {
  if (columns) writeRowDescription(outgoing.writer, describeFields(columns, formats))
  else writeStep(outgoing.writer, 'no_data')
}

export async function execute(context: ConversationContext, message: Execute): Promise<void> {
  const { executor, outgoing, things, stop } = context
  const portal = things.portal(message.portal)
  const { statement } = portal.prepared
  if (!statement) return writeStep(outgoing.writer, 'empty_query')
  refuseInFailedTransaction(executor.session, statement)
  if (portal.progress.kind === 'finished') return executeAgain(context, portal, message.portal)
  things.check(statement)

  const timeoutMs = executor.session.settings.statementTimeoutMs
  const { end, rows } = await stop.during(portal.stop, timeoutMs, async () => {
    if (isCopyIn(statement)) {
      const copied = await receiveCopy(context, statement, portal.stop.signal)
      return { end: { kind: 'complete' as const, ...copied }, rows: false }
    }
    if (isPrepare(statement)) {
      const prepared = await prepareInSql(context, statement)
      return { end: { kind: 'complete' as const, ...prepared }, rows: false }
    }
    const rowsMax = isCopyOut(statement) ? 0 : message.rowsMax
    const running = await runOrResume(context, portal, statement, rowsMax)
    portal.progress = { kind: 'running', running }
    if (isCopyOut(statement)) {
      const copied = await sendCopy(statement, running, outgoing, portal.stop.signal)
      return { end: { kind: 'complete' as const, ...copied }, rows: false }
    }
    const stopped = await forwardRows(running, outgoing, portal.stop.signal)
    return { end: stopped, rows: running.columns !== undefined }
  })
  if (end.kind === 'suspended') return writeStep(outgoing.writer, 'portal_suspended')
  portal.progress = { kind: 'finished', tag: end.tag, rows }
  await things.follow(statement)
  writeCompletion(outgoing.writer, end)
}

export async function close(
  { outgoing, things }: ConversationContext,
  { target }: Close,
): Promise<void> {
  if (target.kind === 'statement') things.removeStatement(target.name)
  else await things.removePortal(target.name)
  writeStep(outgoing.writer, 'close_complete')
}

/** An empty value, or NULL, with its type: what memory takes for it, about. */
const VALUE_BYTES = 64
const FORMAT_BYTES = 8

/** What a portal keeps of its Bind, about. Names have no length of their own that is too long. */
function keptBytes({ portal, values, resultFormats }: Bind): number {
  const valueBytes = values.reduce((sum, value) => sum + VALUE_BYTES + (value?.length ?? 0), 0)
  return 2 * portal.length + valueBytes + FORMAT_BYTES * resultFormats.length
}

/** Parameters' values and types. The engine is asked only for what the client did not declare. */
async function bindParameters(
  { executor }: ConversationContext,
  prepared: PreparedStatement,
  { values, parameterFormats, statement: name }: Bind,
): Promise<Pick<Portal, 'parameters' | 'parameterTypes'>> {
  if (values.length === 0 && !prepared.mayHaveParameters) {
    return { parameters: [], parameterTypes: [] }
  }
  const declared = prepared.declaredTypes(values.length)
  const shape = declared
    ? { parameterTypes: declared, used: declared.length }
    : await prepared.shape(executor)
  const needed = shape.parameterTypes.length
  if (values.length !== needed) {
    throw new GatewayError(
      'protocol_violation',
      `bind message supplies ${values.length} parameters, but prepared statement "${name}" requires ${needed}`,
    )
  }
  const parameters = values.map((value, index) => {
    const format = formatAt(parameterFormats, index)
    const { timeZone } = executor.session.settings.text
    return decodeParameter(prepared.valueOid(index, format, shape), format, value, timeZone)
  })
  return {
    parameters: parameters.slice(0, shape.used),
    parameterTypes: shape.parameterTypes.slice(0, shape.used),
  }
}

async function runOrResume(
  context: ConversationContext,
  portal: Portal,
  statement: Statement,
  rowsMax: number,
): Promise<RunningStatement> {
  if (portal.progress.kind === 'running') {
    portal.progress.running.resume(rowsMax)
    return portal.progress.running
  }
  const { executor } = context
  const { announced, resultFormats, parameters, parameterTypes } = portal
  const { text } = executor.session.settings
  const asked = announced ? columnFormats(announced, resultFormats) : []
  const format: StatementOptions['format'] = isCopyOut(statement)
    ? copyFormat(statement, text)
    : { kind: 'postgres', columnFormats: asked, text }
  const options = { parameters, parameterTypes, format, rowsMax }
  const { signal } = portal.stop
  const running = isExecute(statement)
    ? await startExecute(context, statement, options, signal)
    : await executor.run(statement, options, signal)
  if (!announced) return running
  try {
    assertAsAnnounced(announced, running.columns)
  } catch (error) {
    await running.close()
    throw error
  }
  return running
}

/** Its rows are no result of the protocol's: a client is told of none. */
function isCopy({ statement }: PreparedStatement): boolean {
  return statement !== undefined && (isCopyOut(statement) || isCopyIn(statement))
}

/** As PostgreSQL: a result that is read to its end has no more rows; a command runs only once. */
function executeAgain({ outgoing }: ConversationContext, portal: Portal, name: string): void {
  const { progress } = portal
  if (progress.kind !== 'finished' || !progress.rows) {
    throw new GatewayError('object_not_in_prerequisite_state', `portal "${name}" cannot be run`)
  }
  const tag = progress.tag.replace(/^SELECT \d+$/, 'SELECT 0')
  writeCompletion(outgoing.writer, { tag, notices: [] })
}

/** After an error in a transaction only its end may be asked for, here already and not when it runs. */
function refuseInFailedTransaction(
  session: ConversationContext['executor']['session'],
  statement: Statement | undefined,
): void {
  if (session.transactionStatus !== 'failed_transaction' || !statement) return
  if (statement.kind !== 'commit' && statement.kind !== 'rollback') throw inFailedTransaction()
}
