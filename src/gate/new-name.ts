/** Names that new schemas and tables may have. */
import { GatewayError } from '../base/gateway-error.ts'
import type { CatalogSnapshot, RelationKind, SchemaEntry } from '../catalog/catalog-snapshot.ts'
import { TEMPORARY_SCHEMA } from '../catalog/temporary.ts'
import { wordSet } from '../sql/word-set.ts'
import { isStubName } from './view-stubs.ts'

/** Of the engine or of ours: such a name would make two-part names mean two things. */
const RESERVED = wordSet(`
  temp system main memory information_schema pg_catalog pg_temp pg_toast sqream_catalog
`)

/** PostgreSQL's: tools that browse cut longer ones off. */
const DATABASE_NAME_LENGTH_MAX = 63

/** Of schemas and databases, in whatever case. */
export function isReservedName(name: string): boolean {
  const lower = name.toLowerCase()
  return RESERVED.has(lower) || lower.startsWith('pg_') || lower.startsWith('bluegate_')
}

/** What would be invisible, or break a line of a log, in every list of names. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** @throws GatewayError `invalid_parameter_value`. */
export function checkNewName(name: string, what: string): void {
  if (UNPRINTABLE.test(name)) {
    throw new GatewayError(
      'invalid_parameter_value',
      `the name of a ${what} must not hold control characters`,
    )
  }
}

/**
 * Of a table, a view, a foreign table.
 * @throws GatewayError `invalid_parameter_value`; in the place of temporary tables the names of stubs
 *         are ours (`view-stubs.ts`).
 */
export function checkNewRelationName(name: string, kind: RelationKind, schema: SchemaEntry): void {
  checkNewName(name, kind)
  if (schema !== TEMPORARY_SCHEMA || !isStubName(name)) return
  throw new GatewayError(
    'invalid_parameter_value',
    `a temporary ${kind} cannot be named "${name}"`,
    {
      hint: 'Choose a name that does not begin with "stub ".',
    },
  )
}

/** @throws GatewayError `invalid_parameter_value`: such a schema would hide a database or ours. */
export function checkNewSchemaName(name: string, catalog: CatalogSnapshot): void {
  checkNewName(name, 'schema')
  if (isReservedName(name) || catalog.database(name)) {
    throw new GatewayError('invalid_parameter_value', `a schema cannot be named "${name}"`, {
      hint: 'The name is taken by a database or by the system: choose another one.',
    })
  }
}

/**
 * @throws GatewayError `invalid_parameter_value`: of a schema and a database of one name, `name.x`
 *         would be a table of the one and a schema of the other.
 */
export function checkNewDatabaseName(name: string, catalog: CatalogSnapshot): void {
  checkNewName(name, 'database')
  const lower = name.toLowerCase()
  const isTaken = catalog.schemas.some((schema) => schema.name.toLowerCase() === lower)
  if (isReservedName(name) || isTaken) {
    throw new GatewayError('invalid_parameter_value', `a database cannot be named "${name}"`, {
      hint: 'The name is taken by a schema or by the system: choose another one.',
    })
  }
  if (name.length > DATABASE_NAME_LENGTH_MAX) {
    throw new GatewayError('invalid_parameter_value', 'the name of the database is too long', {
      hint: `Use at most ${DATABASE_NAME_LENGTH_MAX} characters.`,
    })
  }
}
