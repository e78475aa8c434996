/**
 * Types that we cannot read from memory are cast to text by the engine itself.
 *
 * A SELECT that gives such a column is prepared a second time, as a subquery of one that casts it.
 * Names, order, parameters and streaming stay as they were. Other statements (INSERT … RETURNING,
 * EXPLAIN) cannot be a subquery: there the column is refused when the result is read.
 */
import type { ColumnType, Schema } from '../../columnar/column-type.ts'
import { quote, typeName } from './type-name.ts'

/** The statement to run in place of `sql`; undefined when all columns can be read as they are. */
export function withTextCasts(sql: string, columns: Schema): string | undefined {
  if (!columns.some((column) => holdsOther(column.type))) return undefined
  return castColumns(sql, columns, (type) => (holdsOther(type) ? textInstead(type) : undefined))
}

/** All columns as VARCHAR. */
export function castToText(sql: string, columns: Schema): string {
  return castColumns(sql, columns, () => 'VARCHAR')
}

function castColumns(
  sql: string,
  columns: Schema,
  cast: (type: ColumnType) => string | undefined,
): string {
  const list = columns.map(({ name, type }, index) => {
    const target = cast(type)
    const column = `#${index + 1}`
    return `${target === undefined ? column : `CAST(${column} AS ${target})`} AS ${quote(name)}`
  })
  return `SELECT ${list.join(', ')} FROM (\n${withoutSemicolon(sql)}\n)`
}

/** The statement parses alone, so what follows its last semicolon can only be space or comments. */
function withoutSemicolon(sql: string): string {
  return sql.replace(/[;\s]+$/, '')
}

/** The type's spelling with VARCHAR in place of what is read as text. */
export function textInstead(type: ColumnType): string {
  return typeName(type, (inner) => (inner.kind === 'other' ? 'VARCHAR' : undefined))
}

export function holdsOther(type: ColumnType): boolean {
  switch (type.kind) {
    case 'other':
      return true
    case 'list':
    case 'array':
      return holdsOther(type.element)
    case 'map':
      return holdsOther(type.key) || holdsOther(type.value)
    case 'struct':
      return type.fields.some((field) => holdsOther(field.type))
    case 'union':
      return type.members.some((member) => holdsOther(member.type))
    default:
      return false
  }
}
