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
import type { DuckDbResult } from './duckdb-result.ts'
import { engineError } from './engine-error.ts'
import { takeColumnType } from './logical-type.ts'
import { duckdb } from './native/library.ts'
import type { Address } from './native/library.ts'
import { destroy, takeText } from './native/memory.ts'
import { zeroTerminated } from './native/sql-text.ts'
import { PendingExecution } from './pending-execution.ts'
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
    return this.begin(onBound).finish()
  }

  /** As `start`, to be run in slices. */
  begin(onBound?: () => void): PendingExecution {
    cell[0] = 0n
    const state = duckdb.pendingPreparedStreaming(this.address, cell)
    const pending = present(cell[0], 'the address of the pending result')
    try {
      if (state !== 0) {
        throw engineError(duckdb.pendingError(pending) ?? '', 0, this.#sql)
      }
      onBound?.()
      return PendingExecution.at(pending, this.columns, this.#sql)
    } catch (error) {
      destroy(duckdb.destroyPending, pending)
      throw error
    }
  }

  close(): void {
    destroy(duckdb.destroyPrepare, this.address)
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
  try {
    if (state !== 0) throw engineError(duckdb.prepareError(address) ?? '', 0, sql)
    refuseParameterGaps(address)
    return DuckDbStatement.at(address, undefined, sql)
  } catch (error) {
    destroy(duckdb.destroyPrepare, address)
    throw error
  }
}

/** The C API counts the parameters that occur and can bind none with a number above that count. */
function refuseParameterGaps(address: Address): void {
  const count = Number(duckdb.parameterCount(address))
  for (let number = 1; number <= count; number += 1) {
    const name = duckdb.parameterName(address, number)
    if (name !== null) {
      duckdb.free(name)
      continue
    }
    throw new GatewayError(
      'indeterminate_datatype',
      `could not determine data type of parameter $${number}`,
      { hint: `The statement has no $${number}: number its parameters from 1 without gaps.` },
    )
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
