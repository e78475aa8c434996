/** Two references to one object give one key, so that grants can be looked up. */
import { present } from '../base/assert.ts'
import type { ObjectRef } from './permission.ts'

/** Columns compare without regard to case, as in the engine. */
export function objectKey(object: ObjectRef): string {
  switch (object.kind) {
    case 'database':
      return databaseKey(object.databaseId)
    case 'schema':
      return schemaKey(present(object.schemaId, 'a schema has an id'))
    case 'table':
    case 'view':
    case 'foreign table':
    case 'sequence':
      return tableKey(tableIdOf(object))
    case 'column':
      return columnKey(tableIdOf(object), present(object.column, 'a column has a name'))
    case 'function':
      return `function ${ownId(object)}`
    case 'location':
      return ownId(object)
  }
}

export function databaseKey(databaseId: string): string {
  return `database ${databaseId}`
}

export function schemaKey(schemaId: string): string {
  return `schema ${schemaId}`
}

export function tableKey(tableId: string): string {
  return `table ${tableId}`
}

/** Also the id of a location: no other object has one with a space in it. */
export function locationKey(name: string): string {
  return `location ${name}`
}

export function columnKey(tableId: string, column: string): string {
  return `column ${tableId} ${column.toLowerCase()}`
}

/** The id of the object itself; of the table for a column. */
export function ownId(object: ObjectRef): string {
  if (object.kind === 'location')
    return locationKey(present(object.location, 'a location has a name'))
  if (object.kind === 'database') return object.databaseId
  if (object.kind === 'schema') return present(object.schemaId, 'a schema has an id')
  if (object.kind === 'function') return present(object.functionId, 'a function has an id')
  return tableIdOf(object)
}

function tableIdOf(object: ObjectRef): string {
  return present(object.tableId, `a ${object.kind} carries the id of its table`)
}
