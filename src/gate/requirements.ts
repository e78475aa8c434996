/** What statements need, as requirements that grants can be held against. */
import { databaseRef, fullName, schemaRef, tableRef } from '../catalog/catalog-snapshot.ts'
import type { DatabaseEntry, SchemaEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import type { Requirement } from '../identity/permission.ts'

export function needConnect(database: DatabaseEntry): Requirement {
  return { permission: 'CONNECT', object: databaseRef(database), name: database.name }
}

export function needOnDatabase(permission: 'CREATE', database: DatabaseEntry): Requirement[] {
  return [needConnect(database), { permission, object: databaseRef(database), name: database.name }]
}

export function needOnSchema(
  permission: 'USAGE' | 'CREATE' | 'DDL',
  schema: SchemaEntry,
): Requirement[] {
  const name = `${schema.database.name}.${schema.name}`
  return [needConnect(schema.database), { permission, object: schemaRef(schema), name }]
}

export function needOnTable(
  permission: 'INSERT' | 'UPDATE' | 'DELETE' | 'DDL',
  table: TableEntry,
): Requirement[] {
  return [
    ...needOnSchema('USAGE', table.schema),
    { permission, object: tableRef(table), name: fullName(table) },
  ]
}

/** SELECT on exactly the columns that are read; none (counting rows) needs the right to any one. */
export function needToRead(table: TableEntry, columns: ReadonlySet<string>): Requirement[] {
  return [
    ...needOnSchema('USAGE', table.schema),
    {
      permission: 'SELECT',
      object: tableRef(table),
      name: fullName(table),
      ...requiredColumns(table, columns),
    },
  ]
}

function requiredColumns(
  { columns }: TableEntry,
  names: Iterable<string>,
): Pick<Requirement, 'columns' | 'columnKeys'> {
  const wanted = [...names]
  const keys = wanted.map((name) => columns.find((one) => one.name === name)?.key ?? name)
  const plain = keys.every((key, index) => key === wanted[index])
  return { columns: wanted, ...(!plain && { columnKeys: keys }) }
}

/** DDL on the table, or on just these of its columns. */
export function needToAlter(table: TableEntry, columns: readonly string[]): Requirement[] {
  return [
    ...needOnSchema('USAGE', table.schema),
    {
      permission: 'DDL',
      object: tableRef(table),
      name: fullName(table),
      ...requiredColumns(table, columns),
    },
  ]
}

/** Each once. */
export function distinctRequirements(requirements: readonly Requirement[]): Requirement[] {
  return [...new Map(requirements.map((one) => [JSON.stringify(one), one])).values()]
}
