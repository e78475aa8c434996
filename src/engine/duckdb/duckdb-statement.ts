/**
 * A prepared statement: parsed and bound, ready to be started any number of times.
 *
 * The wrapper holds nothing that another thread could not read from the address again, except the
 * names of types that are read as text (see text-casts.ts) and the statement's text for positions
 * in errors.
 */
import { present } from '../../base/assert.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { ColumnField, Schema } from '../../columnar/column-type.ts'
import type { ParameterValue } from '../../columnar/parameter-value.ts'
import { bindParameters } from './bind-parameters.ts'
import { DuckDbResult } from './duckdb-result.ts'
import { engineError } from './engine-error.ts'
import { takeColumnType } from './logical-type.ts'
import { duckdb } from './native/library.ts'
import type { Address } from './native/library.ts'
import { allocateResult, destroy, freeResult, takeText } from './native/memory.ts'
import { zeroTerminated } from './native/sql-text.ts'
import { withTextCasts } from './text-casts.ts'
import { statementKind } from './statement-kind.ts'
import type { StatementKind } from './statement-kind.ts'
import { typeName } from './type-name.ts'

const cell = new BigUint64Array(16)

export class DuckDbStatement {
  readonly address: Address
  readonly kind: StatementKind
  /** Highest parameter number. */
  readonly parameterCount: number
  /** Empty while `columnsKnown` is false. */
  readonly columns: Schema
  /** False where the columns depend on a parameter's value: the result then has them. */
  readonly columnsKnown: boolean
  readonly #sql: string | undefined

  private constructor(address: Address, columns: Schema | undefined, sql: string | undefined) {
    this.address = address
    this.#sql = sql
    this.kind = statementKind(duckdb.statementType(address))
    this.parameterCount = Number(duckdb.parameterCount(address))
    const known = columns ?? statementColumns(address)
    this.columns = known ?? []
    this.columnsKnown = known !== undefined
  }

  /**
   * @param columns As another thread's wrapper had them; without them, a type that is read as text
   *                shows as what the engine delivers, VARCHAR.
   */
  static at(address: Address, columns?: Schema, sql?: string): DuckDbStatement {
    return new DuckDbStatement(address, columns, sql)
  }

  /** By number from 1 (index 0 is parameter 1); undefined where the binder could not infer one. */
  get parameterTypeNames(): (string | undefined)[] {
    return Array.from({ length: this.parameterCount }, (_, index) => {
      const handle = duckdb.parameterLogicalType(this.address, index + 1)
      const type = handle === null ? undefined : takeColumnType(handle)
      return type === undefined ? undefined : typeName(type)
    })
  }

  /** @throws GatewayError when their number is not `parameterCount`, or one cannot be carried. */
  bind(parameters: readonly ParameterValue[]): void {
    bindParameters(this.address, this.parameterCount, parameters)
  }

  /**
   * Binds anew where the catalogue has changed, then runs until the first rows are there: the rest
   * of a SELECT runs as it is read, anything else runs to its end.
   *
   * @param onBound Called once the plan and the snapshot are settled and before this thread runs
   *                any of it; helper threads of the engine may have begun. When it throws, the
   *                statement is given up.
   */
  start(onBound?: () => void): DuckDbResult {
    cell[0] = 0n
    const state = duckdb.pendingPreparedStreaming(this.address, cell)
    const pending = present(cell[0], 'the address of the pending result')
    try {
      if (state !== 0) {
        throw engineError(duckdb.pendingError(pending) ?? '', 0, this.#sql)
      }
      onBound?.()
      return this.#run(pending)
    } finally {
      destroy(duckdb.destroyPending, pending)
    }
  }

  close(): void {
    destroy(duckdb.destroyPrepare, this.address)
  }

  #run(pending: Address): DuckDbResult {
    const result = allocateResult()
    try {
      if (duckdb.executePending(pending, result) !== 0) {
        throw engineError(
          duckdb.resultError(result) ?? '',
          duckdb.resultErrorType(result),
          this.#sql,
        )
      }
      return DuckDbResult.at(result, resultColumns(result, this.columns))
    } catch (error) {
      freeResult(result)
      throw error
    }
  }
}

/** @throws GatewayError as `DuckDbConnection.prepare`. */
export function prepareStatement(connection: Address, sql: string): DuckDbStatement {
  const statement = prepareAsIs(connection, sql)
  const { columns } = statement
  if (statement.kind !== 'SELECT') return statement
  const readable = withTextCasts(sql, columns)
  if (readable === undefined) return statement
  statement.close()
  return DuckDbStatement.at(prepareAsIs(connection, readable).address, columns)
}

export function prepareAsIs(connection: Address, sql: string): DuckDbStatement {
  const text = zeroTerminated(sql)
  cell[0] = 0n
  const state = duckdb.prepare(connection, text, cell)
  const address = present(cell[0], 'the address of the statement')
  if (state === 0) return DuckDbStatement.at(address, undefined, sql)
  try {
    throw engineError(duckdb.prepareError(address) ?? '', 0, sql)
  } finally {
    destroy(duckdb.destroyPrepare, address)
  }
}

/** Undefined while a type is not known. */
function statementColumns(address: Address): Schema | undefined {
  const columns: ColumnField[] = []
  const count = Number(duckdb.statementColumnCount(address))
  for (let index = 0; index < count; index += 1) {
    const handle = duckdb.statementColumnLogicalType(address, index)
    const type = handle === null ? undefined : takeColumnType(handle)
    if (type === undefined) return undefined
    const name = duckdb.statementColumnName(address, index)
    columns.push({ name: name === null ? '' : takeText(name), type })
  }
  return columns
}

/** The result's own columns, with the announced type where a column is read as text. */
function resultColumns(result: Address, announced: Schema): Schema {
  const count = Number(duckdb.columnCount(result))
  return Array.from({ length: count }, (_, index) => {
    const name = duckdb.columnName(result, index)
    const type = takeColumnType(duckdb.columnLogicalType(result, index))
    if (type === undefined) throw new GatewayError('internal', 'a result without column types')
    return { name, type }
  }).map((column, index) => {
    const before = announced[index]
    return before !== undefined && before.type.kind === 'other' ? before : column
  })
}
