/** Parameter values into a prepared statement. The engine copies each. */
import { GatewayError } from '../../base/gateway-error.ts'
import type { ParameterValue } from '../../columnar/parameter-value.ts'
import { engineError } from './engine-error.ts'
import { duckdb } from './native/library.ts'
import type { Address } from './native/library.ts'
import { utf8 } from './native/sql-text.ts'

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

export function bindParameters(
  statement: Address,
  count: number,
  parameters: readonly ParameterValue[],
): void {
  if (parameters.length !== count) {
    throw new GatewayError(
      'protocol_violation',
      `the statement has ${count} parameters, ${parameters.length} values were given`,
    )
  }
  duckdb.clearBindings(statement)
  for (const [index, parameter] of parameters.entries()) {
    if (bindOne(statement, index + 1, parameter) !== 0) {
      throw engineError(duckdb.prepareError(statement) ?? `parameter ${index + 1} cannot be bound`)
    }
  }
}

function bindOne(statement: Address, number: number, parameter: ParameterValue): number {
  switch (parameter.kind) {
    case 'null':
      return duckdb.bindNull(statement, number)
    case 'boolean':
      return duckdb.bindBoolean(statement, number, parameter.value)
    case 'bigint':
      if (parameter.value < INT64_MIN || parameter.value > INT64_MAX) {
        throw new GatewayError(
          'numeric_value_out_of_range',
          `parameter ${number} is beyond 64 bits: send it as text`,
        )
      }
      return duckdb.bindInt64(statement, number, parameter.value)
    case 'double':
      return duckdb.bindDouble(statement, number, parameter.value)
    case 'text': {
      const bytes = utf8(parameter.value)
      return duckdb.bindVarcharLength(statement, number, bytes, bytes.length)
    }
    case 'blob':
      return duckdb.bindBlob(statement, number, parameter.value, parameter.value.length)
  }
}
