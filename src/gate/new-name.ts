/** Names that new schemas and tables may have. */
import { GatewayError } from '../base/gateway-error.ts'
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import { wordSet } from '../sql/word-set.ts'

/** Of the engine or of ours: a schema of that name would make two-part names mean two things. */
const RESERVED_SCHEMAS = wordSet(`
  temp system main memory information_schema pg_catalog pg_temp pg_toast sqream_catalog
  bluegate_internal
`)

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

/** @throws GatewayError `invalid_parameter_value`: such a schema would hide a database or ours. */
export function checkNewSchemaName(name: string, catalog: CatalogSnapshot): void {
  checkNewName(name, 'schema')
  const lower = name.toLowerCase()
  if (RESERVED_SCHEMAS.has(lower) || lower.startsWith('pg_') || catalog.database(name)) {
    throw new GatewayError('invalid_parameter_value', `a schema cannot be named "${name}"`, {
      hint: 'The name is taken by a database or by the system: choose another one.',
    })
  }
}
