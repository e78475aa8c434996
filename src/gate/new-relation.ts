/** `CREATE [OR REPLACE] [TEMP] { TABLE | VIEW | FOREIGN TABLE } [IF NOT EXISTS] name`: what all begin with. */
import { GatewayError } from '../base/gateway-error.ts'
import type { RelationKind, SchemaEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import { namesTemporary, TEMPORARY_SCHEMA } from '../catalog/temporary.ts'
import type { Requirement } from '../identity/permission.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import type { GateContext } from './gate-context.ts'
import { readIfNotExists, readName } from './head-cursor.ts'
import { checkNewName, checkNewRelationName } from './new-name.ts'
import { quoteFullName } from './quote-name.ts'
import { noSuchSchema, wrongKind } from './refusals.ts'
import { isRelationName, relationExists } from './relation-name.ts'
import { requireAll } from './require-all.ts'
import { needOnSchema, needOnTable } from './requirements.ts'
import { currentSchema, findSchema } from './visible-names.ts'

export interface NewRelation {
  readonly schema: SchemaEntry
  readonly name: string
  /** Quoted, with database and schema. */
  readonly fullName: string
  /** In whose place it comes: OR REPLACE. */
  readonly replaced: TableEntry | undefined
  /** Because of which nothing is made: IF NOT EXISTS. */
  readonly kept: TableEntry | undefined
  /** CREATE on the schema; DDL on what is replaced. */
  readonly requires: readonly Requirement[]
}

/**
 * @throws GatewayError `invalid_schema_name` for a schema that is not there, or not to be known of;
 *         `insufficient_privilege`; for a name that is taken `duplicate_table` or, with OR REPLACE by
 *         another kind, `wrong_object_type`.
 */
export function readNewRelation(
  cursor: TokenCursor,
  context: GateContext,
  kind: RelationKind,
): NewRelation {
  cursor.expect('create')
  const replaces = cursor.accept('or', 'replace')
  const temporary = readTemporary(cursor)
  cursor.expect(...kind.split(' '))
  const ifNotExists = readIfNotExists(cursor)
  if (replaces && ifNotExists) throw cursor.syntaxError()
  const { schema, name } = readPlace(cursor, context, temporary)
  const existing = context.catalog.table(schema.database.name, schema.name, name)
  const requires = requireAll(
    [
      ...needOnSchema('USAGE', schema),
      ...needOnSchema('CREATE', schema),
      ...(existing && replaces ? needOnTable('DDL', existing) : []),
    ],
    context.authority,
  )
  checkNewRelationName(name, kind, schema)
  if (existing && replaces && existing.kind !== kind) throw wrongKind(existing, kind)
  if (existing ? !replaces && !ifNotExists : isRelationName(name, schema, context.catalog)) {
    throw relationExists(name)
  }
  return {
    schema,
    name,
    fullName: quoteFullName(schema.database.name, schema.name, name),
    replaced: replaces ? existing : undefined,
    kept: ifNotExists ? existing : undefined,
    requires,
  }
}

/** `(a, b, …)`; empty where there is none. @throws GatewayError `duplicate_column`. */
export function readColumnNames(cursor: TokenCursor): readonly string[] {
  if (!cursor.acceptSymbol('(')) return []
  const names = cursor.list(() => cursor.identifier())
  cursor.expectSymbol(')')
  for (const name of names) checkNewName(name, 'column')
  const lower = names.map((name) => name.toLowerCase())
  const twice = names.find((_, index) => lower.indexOf(lower[index] ?? '') !== index)
  if (twice === undefined) return names
  throw new GatewayError('duplicate_column', `column "${twice}" specified more than once`)
}

export function skipping(name: string): string {
  return `relation "${name}" already exists, skipping`
}

/** PostgreSQL takes GLOBAL and LOCAL before it, without meaning. */
function readTemporary(cursor: TokenCursor): boolean {
  const scoped = cursor.acceptOneOf(['global', 'local'])
  const temporary = cursor.acceptOneOf(['temporary', 'temp'])
  if (scoped && !temporary) throw cursor.syntaxError()
  return temporary !== undefined
}

/** Where a new relation goes. */
export function readPlace(
  cursor: TokenCursor,
  context: GateContext,
  temporary: boolean,
): Pick<NewRelation, 'schema' | 'name'> {
  const parts = readName(cursor)
  const name = parts.at(-1) ?? ''
  const holder = parts.slice(0, -1)
  const [first, ...more] = holder
  const inTemporary = first !== undefined && more.length === 0 && namesTemporary(first)
  if (inTemporary || (temporary && holder.length === 0)) return { schema: TEMPORARY_SCHEMA, name }
  if (temporary) {
    throw new GatewayError(
      'invalid_table_definition',
      'cannot create temporary relation in non-temporary schema',
    )
  }
  const schema = holder.length === 0 ? currentSchema(context) : findSchema(holder, context)
  if (schema) return { schema, name }
  if (holder.length > 0) throw noSuchSchema(holder)
  throw new GatewayError('invalid_schema_name', 'no schema has been selected to create in', {
    hint: 'Name the schema, or SET search_path.',
  })
}
