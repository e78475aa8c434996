/** The engine's own spelling of a type, as its parser reads it. */
import type { ColumnField, ColumnType } from '../../columnar/column-type.ts'

const NAMES: Partial<Record<ColumnType['kind'], string>> = {
  null: '"NULL"',
  time_tz: 'TIME WITH TIME ZONE',
  timestamp_tz: 'TIMESTAMP WITH TIME ZONE',
}

/** @param rename Another spelling for some types, asked at every level. */
export function typeName(
  type: ColumnType,
  rename: (type: ColumnType) => string | undefined = () => undefined,
): string {
  const renamed = rename(type)
  if (renamed !== undefined) return renamed
  const name = (inner: ColumnType): string => typeName(inner, rename)
  const fields = (list: readonly ColumnField[]): string =>
    list.map((field) => `${quote(field.name)} ${name(field.type)}`).join(', ')
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`
    case 'enum':
      return `ENUM(${type.labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(', ')})`
    case 'list':
      return `${name(type.element)}[]`
    case 'array':
      return `${name(type.element)}[${type.length}]`
    case 'struct':
      return `STRUCT(${fields(type.fields)})`
    case 'map':
      return `MAP(${name(type.key)}, ${name(type.value)})`
    case 'union':
      return `UNION(${fields(type.members)})`
    case 'other':
      return type.name
    default:
      return NAMES[type.kind] ?? type.kind.toUpperCase()
  }
}

/** A name as an identifier that the engine reads back exactly. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
