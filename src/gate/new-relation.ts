/** Where a new table or view is to be: its schema, and the name that it gets. */
import { GatewayError } from '../base/gateway-error.ts'
import type { SchemaEntry } from '../catalog/catalog-snapshot.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import type { GateContext } from './gate-context.ts'
import { readName } from './head-cursor.ts'
import { quoteFullName } from './quote-name.ts'
import { noSuchSchema } from './refusals.ts'
import { currentSchema, findSchema } from './visible-names.ts'

export interface NewRelation {
  readonly schema: SchemaEntry
  readonly name: string
}

/** @throws GatewayError `invalid_schema_name` for a schema that is not there, or not to be known of. */
export function readNewRelation(cursor: TokenCursor, context: GateContext): NewRelation {
  const parts = readName(cursor)
  const name = parts.at(-1) ?? ''
  const holder = parts.slice(0, -1)
  const schema = holder.length === 0 ? currentSchema(context) : findSchema(holder, context)
  if (schema) return { schema, name }
  if (holder.length > 0) throw noSuchSchema(holder)
  throw new GatewayError('invalid_schema_name', 'no schema has been selected to create in', {
    hint: 'Name the schema, or SET search_path.',
  })
}

export function fullNameIn(schema: SchemaEntry, name: string): string {
  return quoteFullName(schema.database.name, schema.name, name)
}

export function relationExists(name: string): GatewayError {
  return new GatewayError('duplicate_table', `relation "${name}" already exists`)
}
