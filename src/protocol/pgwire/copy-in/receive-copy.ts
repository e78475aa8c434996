/**
 * COPY … FROM STDIN: from the client's messages to batches of rows for the engine.
 *
 * The client sends at the engine's pace: one batch is stored while the next is read, and then its
 * bytes are left where they are. No more than a row and two batches are in memory.
 *
 * Source: PostgreSQL manual, "COPY Operations".
 */
import { arisingIn, GatewayError } from '../../../base/gateway-error.ts'
import type { RunningCopyIn } from '../../../execution/executor.ts'
import type { CopyInStatement, Statement, StatementPlace } from '../../../sql/statement.ts'
import { writeCopyInResponse } from '../codec/copy.ts'
import type { Completion } from '../completion-messages.ts'
import type { ConversationContext } from '../conversation-context.ts'
import { createCopyRows } from './copy-rows.ts'
import type { CopyRow, CopyRows } from './copy-row.ts'
import { RowBatch } from './row-batch.ts'
import { RowValues, whole } from './row-values.ts'

export function isCopyIn(
  statement: Statement,
): statement is Statement & StatementPlace & CopyInStatement {
  return statement.kind === 'engine' && statement.form === 'copy_in'
}

/** Rows that the engine can take in one frame, whatever they hold. */
const ROW_BYTES_MAX = 32 * 1024 * 1024

/** The gateway serves others too: a batch is read in steps of so much time. */
const STEP_MS = 3

/**
 * @throws GatewayError what it fails with; nothing is left of it then, and whatever else the client
 *         sends of it is to be passed over.
 */
export async function receiveCopy(
  { executor, outgoing, copyMessages, rowBytesMax }: ConversationContext,
  statement: StatementPlace & CopyInStatement,
  signal: AbortSignal,
): Promise<Completion> {
  const running = await executor.copyIn(statement, signal)
  try {
    const { columns, table } = running
    const values = new RowValues(table, columns, executor.session.settings.text.timeZone)
    writeCopyInResponse(outgoing.writer, statement.options.format, columns.length)
    outgoing.flush()
    await outgoing.room(running.signal)

    const rows = createCopyRows(statement.options, columns, Math.min(rowBytesMax, ROW_BYTES_MAX))
    const storing = new Storing(running, rows, values)
    await storing.whatIsThere()
    for (;;) {
      const message = await storing.at(() => copyMessages.next(running.signal))
      if (message.kind === 'done') break
      if (message.kind === 'fail') return await storing.at(() => failed(message.reason))
      storing.push(message.bytes)
      await storing.whatIsThere()
    }
    await storing.rest()
    return await running.end()
  } catch (thrown) {
    throw await running.fail(thrown)
  }
}

function failed(reason: string): never {
  throw new GatewayError('cancelled', `COPY from stdin failed: ${reason}`)
}

class Storing {
  readonly #running: RunningCopyIn
  readonly #rows: CopyRows
  readonly #values: RowValues
  readonly #batch: RowBatch

  constructor(running: RunningCopyIn, rows: CopyRows, values: RowValues) {
    this.#running = running
    this.#rows = rows
    this.#values = values
    this.#batch = new RowBatch(running.table, running.columns.length)
  }

  push(bytes: Buffer): void {
    this.#batch.received(bytes.length)
    this.#rows.push(bytes)
  }

  /** Reads every row that is whole. */
  async whatIsThere(): Promise<void> {
    let stepEnds = performance.now() + STEP_MS
    for (;;) {
      const row = this.#next()
      if (!row) return
      const { lineNumber } = this.#rows
      this.#batch.add(this.#values.read(row, lineNumber), lineNumber)
      if (this.#batch.isFull) await this.#running.add(this.#batch.take())
      if (performance.now() < stepEnds) continue
      await new Promise((resolve) => setImmediate(resolve))
      this.#running.signal.throwIfAborted()
      stepEnds = performance.now() + STEP_MS
    }
  }

  /** The client has sent all. */
  async rest(): Promise<void> {
    this.#rows.complete()
    await this.whatIsThere()
    if (!this.#batch.isEmpty) await this.#running.add(this.#batch.take())
  }

  /** What goes wrong in `step` goes wrong in the line that is waited for. */
  async at<T>(step: () => T | Promise<T>): Promise<T> {
    try {
      return await step()
    } catch (thrown) {
      throw this.#located(thrown)
    }
  }

  #next(): CopyRow | undefined {
    try {
      return this.#rows.next()
    } catch (thrown) {
      throw this.#located(thrown)
    }
  }

  #located(thrown: unknown): unknown {
    if (!(thrown instanceof GatewayError) || this.#running.signal.aborted) return thrown
    const where = `COPY ${this.#running.table}, line ${this.#rows.lineNumber}`
    return arisingIn(thrown, whole(where, this.#rows.line))
  }
}
