/**
 * COPY … FROM STDIN in the engine: one permitted statement, run again for every batch of rows inside
 * one transaction, with one account.
 *
 * A batch is stored while the door reads the next one; no more than these two are in memory.
 */
import { assert } from '../base/assert.ts'
import { arisingIn, GatewayError } from '../base/gateway-error.ts'
import { parseTypeName } from '../columnar/parse-type-name.ts'
import type { Permit, TakenRows } from '../identity/permit.ts'
import { withoutHiddenValues } from './beneath-views.ts'
import type { SessionContext } from './execution-context.ts'
import type { CopyInBatch, CopyInColumn, Notice } from './executor.ts'
import { packColumns } from './pack-columns.ts'
import type { StatementAccount } from './statement-account.ts'

export class CopyInRun {
  readonly table: string
  readonly columns: readonly CopyInColumn[]
  readonly #context: SessionContext
  readonly #permit: Permit
  readonly #account: StatementAccount
  readonly #signal: AbortSignal
  #storing: Promise<void> = Promise.resolve()
  #rows = 0

  constructor(
    context: SessionContext,
    permit: Permit,
    account: StatementAccount,
    signal: AbortSignal,
  ) {
    const { table, columns } = takenBy(permit)
    this.table = table
    this.columns = columns.map(({ name, typeName, nullable }) => ({
      name,
      type: parseTypeName(typeName),
      nullable,
    }))
    this.#context = context
    this.#permit = permit
    this.#account = account
    this.#signal = signal
  }

  async add(batch: CopyInBatch): Promise<void> {
    await this.#storing
    this.#signal.throwIfAborted()
    this.#account.gave(batch.rows, batch.bytes)
    this.#rows += batch.rows
    this.#storing = this.#store(batch)
    this.#storing.catch(() => undefined) // whoever comes next hears of it
  }

  async end(): Promise<{ tag: string; notices: readonly Notice[] }> {
    await this.#storing
    this.#signal.throwIfAborted()
    await this.#context.transaction.afterStatement(this.#permit)
    await this.#account.succeeded('written')
    return { tag: `COPY ${this.#rows}`, notices: [] }
  }

  /** Resolves when nothing of it is under way in the engine any more. Never throws. */
  async settled(): Promise<void> {
    await this.#storing.catch(() => undefined)
  }

  async #store({ columns, rows, context }: CopyInBatch): Promise<void> {
    try {
      const stored = await storeBatch(this.#context, this.#permit, columns, this.#signal)
      assert(stored === rows, 'the engine stored every row')
    } catch (thrown) {
      const error = withoutHiddenValues(thrown, this.#permit)
      throw error instanceof GatewayError ? arisingIn(error, context) : error
    }
  }
}

/** No rows: binds the statement, and begins the engine's transaction, before the client is asked for any. */
export function noRows(permit: Permit): CopyInBatch['columns'] {
  return takenBy(permit).columns.map(() => [])
}

/** @returns the number of rows that were stored. */
export async function storeBatch(
  { engineSession }: Pick<SessionContext, 'engineSession'>,
  permit: Permit,
  columns: CopyInBatch['columns'],
  signal: AbortSignal,
): Promise<number> {
  const parameters = packColumns(columns)
  const format = { kind: 'json_lines' } as const // there is nothing to encode
  const portal = await engineSession.run(permit, { parameters, format, rowsMax: 0 }, signal)
  try {
    for (;;) {
      const event = await portal.next()
      if (event.kind === 'complete') return event.count ?? 0
    }
  } finally {
    await portal.close()
  }
}

function takenBy({ action }: Permit): TakenRows {
  assert(action.kind === 'write' && action.takes !== undefined, 'a permit that takes rows')
  return action.takes
}
