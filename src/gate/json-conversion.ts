/**
 * How a value of a JSON file becomes a value of a column: exactly, or it does not fit. The reader
 * gives each value as JSON. The engine's own reading takes 1.5 for an integer and true for 1.
 */
import type { ColumnType } from '../columnar/column-type.ts'
import { typeName } from '../columnar/parse-type-name.ts'
import { conversionFromText } from './load-conversion.ts'
import type { Conversion } from './load-conversion.ts'

const AS_TEXT = { decimal: '.', dateFormat: 'YYYY-MM-DD' } as const

/** Undefined for a type that JSON values cannot be read as. */
export function conversionFromJson(to: ColumnType): Conversion | undefined {
  const take = (column: string): string => column
  const text = (taken: string): string => `(${taken}->>'$')`
  const isOf = (taken: string, ...types: readonly string[]): string =>
    `json_type(${taken}) IN (${types.map((type) => `'${type}'`).join(', ')})`
  switch (to.kind) {
    case 'varchar':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamp_tz':
    case 'uuid': {
      const ofText = conversionFromText(to, AS_TEXT)
      return {
        take,
        value: (taken) => ofText.value(text(taken)),
        fits: (taken, made) => `(${isOf(taken, 'VARCHAR')} AND ${ofText.fits(text(taken), made)})`,
      }
    }
    case 'boolean':
      return {
        take,
        value: (taken) => `${text(taken)} = 'true'`,
        fits: (taken) => isOf(taken, 'BOOLEAN'),
      }
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
      return {
        take,
        value: (taken) => `TRY_CAST(${text(taken)} AS ${typeName(to)})`,
        fits: (taken, made) => `(${isOf(taken, 'BIGINT', 'UBIGINT')} AND ${made} IS NOT NULL)`,
      }
    case 'double': // what a number with a fraction is in JSON; a whole one may have too many digits
      return {
        take,
        value: (taken) => `TRY_CAST(${text(taken)} AS DOUBLE)`,
        fits: (taken, made) =>
          `(${isOf(taken, 'DOUBLE')} OR (${isOf(taken, 'BIGINT', 'UBIGINT')} AND abs(${made}) < 9007199254740992))`,
      }
    default:
      return undefined
  }
}
