/** Databases that others write are read here, whatever was granted on them. */
import { GatewayError } from '../base/gateway-error.ts'
import type { Permission } from '../base/permission-name.ts'
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import type { CheckedStatement } from './checked-statement.ts'

const READS: ReadonlySet<Permission> = new Set<Permission>(['CONNECT', 'USAGE', 'SELECT'])

/**
 * After the permissions: who may not know of the database is not told of it.
 *
 * @throws GatewayError `read_only_transaction`.
 */
export function mustNotChange(
  { action, requires }: CheckedStatement,
  catalog: CatalogSnapshot,
): void {
  for (const { id, name, readOnly } of catalog.databases) {
    if (!readOnly) continue
    const isDefined = action.kind === 'define' && action.database === name
    const isWritten = requires.some(
      ({ permission, object }) => object.databaseId === id && !READS.has(permission),
    )
    if (isDefined || isWritten) throw readOnlyDatabase(name)
  }
}

export function readOnlyDatabase(name: string): GatewayError {
  return new GatewayError('read_only_transaction', `database "${name}" is attached to be read`, {
    hint: 'It is a file that another program writes (the setting databases.attached). Change it there.',
  })
}
