/**
 * The GRANT statements that would have allowed what was refused: for administrators, in the audit.
 * The client is told no more than its error says.
 */
import { GatewayError } from '../base/gateway-error.ts'
import { objectFinder } from '../catalog/find-object.ts'
import type { CatalogSnapshot, TableEntry } from '../catalog/catalog-snapshot.ts'
import { MissingRequirements } from '../gate/missing-permissions.ts'
import type { Authority } from '../identity/authority.ts'
import type { Requirement } from '../identity/permission.ts'
import { grantText, targetText } from './grant-text.ts'

/** What a refusal says that it lacked; nothing for any other error. */
export function lackedBy(thrown: unknown): readonly Requirement[] {
  return thrown instanceof GatewayError && thrown.cause instanceof MissingRequirements
    ? thrown.cause.requirements
    : []
}

/** One statement for each permission, in the order in which the statement needs them. */
export function missingGrants(
  missing: readonly Requirement[],
  authority: Authority,
  catalog: CatalogSnapshot,
): string[] {
  const find = objectFinder(catalog)
  const statements = missing.flatMap((requirement) => {
    const object = find(requirement.object)
    if (!object) return []
    const columns = columnsToGrant(requirement, authority, object.table)
    const on = targetText(object, columns)
    return [grantText(requirement.permission, on, authority.roleName)]
  })
  return [...new Set(statements)]
}

/** The columns that are lacking; none where all are, and the table is granted: or rows are counted. */
function columnsToGrant(
  { permission, object, columns = [], columnKeys = columns }: Requirement,
  authority: Authority,
  table: TableEntry | undefined,
): readonly string[] {
  if (permission !== 'SELECT' || !table) return []
  const held = authority.columns('SELECT', object)
  const lacking =
    held === 'all' ? [] : columns.filter((_, index) => !held.has(columnKeys[index] ?? ''))
  return lacking.length === table.columns.length ? [] : lacking
}
