/** The database that a session begins in, or goes to. */
import { GatewayError } from '../base/gateway-error.ts'
import { databaseRef } from '../catalog/catalog-snapshot.ts'
import type { ExecutionContext } from './execution-context.ts'

export interface ConnectableDatabase {
  /** As it is written in the catalogue. */
  readonly database: string
  /** The role's default schema there, where it has one. */
  readonly schema: string | undefined
}

/**
 * One that may not be connected to looks like one that is not there.
 * @throws GatewayError `invalid_catalog_name`.
 */
export async function connectableDatabase(
  { catalog, identity }: Pick<ExecutionContext, 'catalog' | 'identity'>,
  roleId: string,
  name: string,
): Promise<ConnectableDatabase> {
  const snapshot = await catalog.current()
  const database = snapshot.database(name)
  if (!database || !identity.authority(roleId).may('CONNECT', databaseRef(database))) {
    throw new GatewayError('invalid_catalog_name', `database "${name}" does not exist`, {
      hint: 'The role needs CONNECT on the database: GRANT CONNECT ON DATABASE … TO ….',
    })
  }
  const schemaId = identity.defaultSchemaOf(roleId, database.id)
  const schema = snapshot.schemas.find(({ id }) => id === schemaId)
  return { database: database.name, schema: schema?.name }
}
