/**
 * COPY … TO STDOUT: the rows of a query as CopyData messages, one a row.
 *
 * The engine host encodes rows as DataRow messages; here their fields are written again in COPY's
 * formats. The binary format has the bytes of a DataRow.
 *
 * Source: PostgreSQL manual, "COPY Operations", and COPY, "File Formats".
 */
import { GatewayError } from '../../base/gateway-error.ts'
import type { Schema } from '../../columnar/column-type.ts'
import { pgTypeOf } from '../../columnar/pg-type.ts'
import type { ResultFormat, TextSettings } from '../../columnar/result-format.ts'
import type { RunningStatement } from '../../execution/executor.ts'
import type { CopyOutStatement, Statement } from '../../sql/statement.ts'
import { writeCopyDone, writeCopyOutResponse } from './codec/copy.ts'
import type { Completion } from './completion-messages.ts'
import { createCopyWriter } from './copy-writer.ts'
import type { OutgoingMessages } from './outgoing-messages.ts'

export function isCopyOut(statement: Statement): statement is Statement & CopyOutStatement {
  return statement.kind === 'engine' && statement.form === 'copy_out'
}

/** What the rows of a COPY are asked for as. */
export function copyFormat({ options }: CopyOutStatement, text: TextSettings): ResultFormat {
  const columnFormats = options.format === 'binary' ? (['binary'] as const) : []
  return { kind: 'postgres', columnFormats, text }
}

/**
 * Sends all of it. After an error the client has had part of the rows, and then hears of the error:
 * PostgreSQL does the same.
 *
 * @throws whatever the statement throws, and the signal's reason. It is closed then, too.
 */
export async function sendCopy(
  statement: CopyOutStatement,
  running: RunningStatement,
  outgoing: OutgoingMessages,
  signal: AbortSignal,
): Promise<Completion> {
  const { options } = statement
  try {
    const columns = running.columns ?? []
    if (options.format === 'binary') refuseWithoutBinaryForm(columns)
    writeCopyOutResponse(outgoing.writer, options.format, columns.length)
    const copy = createCopyWriter(
      options,
      columns.map(({ name }) => name),
    )
    copy.begin(outgoing.writer)
    let rows = 0
    for (;;) {
      const event = await running.next()
      if (event.kind === 'suspended') throw new Error('a COPY without a limit was suspended')
      if (event.kind === 'complete') {
        copy.end(outgoing.writer)
        writeCopyDone(outgoing.writer)
        await running.close()
        return { tag: `COPY ${rows}`, notices: event.notices }
      }
      signal.throwIfAborted()
      rows += event.rows
      copy.rows(outgoing.writer, event.bytes)
      outgoing.flush()
      await outgoing.room(signal)
    }
  } catch (error) {
    await running.close()
    throw error
  }
}

/** A value in text among binary ones would be read as something else. */
function refuseWithoutBinaryForm(columns: Schema): void {
  const without = columns.find(({ type }) => !pgTypeOf(type).binary)
  if (!without) return
  throw new GatewayError('feature_not_supported', `column "${without.name}" has no binary form`, {
    hint: 'Use FORMAT csv or text, or cast the column to text in the query.',
  })
}
