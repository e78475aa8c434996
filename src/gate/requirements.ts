/** What statements need, as requirements that grants can be held against. */
import {
  databaseRef,
  fullName,
  functionRef,
  locationRef,
  schemaRef,
  sequenceRef,
  tableRef,
} from '../catalog/catalog-snapshot.ts'
import type {
  DatabaseEntry,
  FunctionEntry,
  LocationEntry,
  SchemaEntry,
  SequenceEntry,
  TableEntry,
} from '../catalog/catalog-snapshot.ts'
import { isTemporary, TEMPORARY_SCHEMA } from '../catalog/temporary.ts'
import type { Authority } from '../identity/authority.ts'
import type { Requirement } from '../identity/permission.ts'

export function needConnect(database: DatabaseEntry): Requirement {
  return { permission: 'CONNECT', object: databaseRef(database), name: database.name }
}

export function needOnDatabase(
  permission: 'CREATE' | 'CREATE FUNCTION',
  database: DatabaseEntry,
): Requirement[] {
  return [needConnect(database), { permission, object: databaseRef(database), name: database.name }]
}

export function needOnSchema(
  permission: 'USAGE' | 'CREATE' | 'DDL',
  schema: SchemaEntry,
): Requirement[] {
  if (schema === TEMPORARY_SCHEMA) return []
  const name = `${schema.database.name}.${schema.name}`
  return [needConnect(schema.database), { permission, object: schemaRef(schema), name }]
}

export function needOnLocation(location: LocationEntry): Requirement {
  return { permission: 'USAGE', object: locationRef(location), name: location.name }
}

export function needOnTable(
  permission: 'INSERT' | 'UPDATE' | 'DELETE' | 'DDL',
  table: TableEntry,
): Requirement[] {
  if (isTemporary(table)) return []
  return [
    ...needOnSchema('USAGE', table.schema),
    { permission, object: tableRef(table), name: fullName(table) },
  ]
}

export function needOnSequence(
  permission: 'USAGE' | 'UPDATE' | 'DDL',
  sequence: SequenceEntry,
): Requirement[] {
  return [
    ...needOnSchema('USAGE', sequence.schema),
    { permission, object: sequenceRef(sequence), name: fullName(sequence) },
  ]
}

/** USAGE, or UPDATE where that is what is held. */
export function needToDraw(sequence: SequenceEntry, authority: Authority): Requirement[] {
  const object = sequenceRef(sequence)
  const updates = !authority.may('USAGE', object) && authority.may('UPDATE', object)
  return needOnSequence(updates ? 'UPDATE' : 'USAGE', sequence)
}

export function needOnFunction(permission: 'EXECUTE' | 'DDL', entry: FunctionEntry): Requirement[] {
  const name = `${entry.database.name}.${entry.name}`
  return [needConnect(entry.database), { permission, object: functionRef(entry), name }]
}

export function needToExecute(entry: FunctionEntry): Requirement[] {
  return needOnFunction('EXECUTE', entry)
}

/** SELECT on exactly the columns that are read; none (counting rows) needs the right to any one. */
export function needToRead(table: TableEntry, columns: ReadonlySet<string>): Requirement[] {
  if (isTemporary(table)) return []
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
  if (isTemporary(table)) return []
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
