/**
 * The simple query protocol: a text of any number of statements, run one after the other.
 *
 * Outside BEGIN they share one implicit transaction. The last CommandComplete is written only after
 * its commit: what a client was told is done, is done.
 */
import type { RunningStatement } from '../../execution/executor.ts'
import type { Statement } from '../../sql/statement.ts'
import { writeStep } from './codec/completion.ts'
import { writeRowDescription } from './codec/row-description.ts'
import { writeCompletion } from './completion-messages.ts'
import type { Completion } from './completion-messages.ts'
import type { ConversationContext } from './conversation-context.ts'
import { isCopyIn, receiveCopy } from './copy-in/receive-copy.ts'
import { copyFormat, isCopyOut, sendCopy } from './copy-out.ts'
import { isExecute, startExecute } from './execute-in-sql.ts'
import { forwardRows } from './forward-rows.ts'
import { isPrepare, prepareInSql } from './prepare-in-sql.ts'
import { describeFields } from './result-fields.ts'

/**
 * @throws GatewayError of the first statement that failed. Those before it are answered, and undone
 *         when the caller ends the implicit transaction as failed.
 */
export async function runSimpleQuery(context: ConversationContext, text: string): Promise<void> {
  const { executor, outgoing, things } = context
  await things.dropUnnamed()
  const statements = executor.read(text)
  let completion: Completion | undefined
  for (const statement of statements) {
    if (completion) writeCompletion(outgoing.writer, completion)
    things.check(statement)
    completion = await runStatement(context, statement)
    await things.follow(statement)
  }
  await executor.endImplicitTransaction('succeeded')
  if (completion) writeCompletion(outgoing.writer, completion)
  else writeStep(outgoing.writer, 'empty_query')
}

async function runStatement(
  context: ConversationContext,
  statement: Statement,
): Promise<Completion> {
  const { executor, outgoing, stop: running } = context
  const { settings } = executor.session
  const stop = new AbortController()
  return await running.during(stop, settings.statementTimeoutMs, async () => {
    if (isCopyIn(statement)) return await receiveCopy(context, statement, stop.signal)
    if (isPrepare(statement)) return await prepareInSql(context, statement)
    const options = {
      parameters: [],
      parameterTypes: [],
      format: isCopyOut(statement)
        ? copyFormat(statement, settings.text)
        : ({ kind: 'postgres', columnFormats: [], text: settings.text } as const),
      rowsMax: 0,
    }
    const statementRun = isExecute(statement)
      ? await startExecute(context, statement, options, stop.signal)
      : await executor.run(statement, options, stop.signal)
    if (isCopyOut(statement)) return await sendCopy(statement, statementRun, outgoing, stop.signal)
    describeRows(statementRun, outgoing.writer)
    const end = await forwardRows(statementRun, outgoing, stop.signal)
    if (end.kind === 'suspended') throw new Error('a statement without a limit was suspended')
    return end
  })
}

function describeRows(
  { columns }: RunningStatement,
  writer: ConversationContext['outgoing']['writer'],
): void {
  if (columns) writeRowDescription(writer, describeFields(columns, []))
}
