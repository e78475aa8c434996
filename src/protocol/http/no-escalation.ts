/**
 * CLUSTERADMIN is the right to the Settings pages, not to every table: nobody becomes SUPERUSER by
 * it. Who is not SUPERUSER touches nothing that is, and makes nothing that would be.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import type { Check, Identity, RoleAttributes, RoleInfo } from '../../identity/identity.ts'
import type { ObjectRef } from '../../identity/permission.ts'
import type { Caller } from './caller.ts'

type Asked = Pick<Identity, 'authority'>

/**
 * For every act on a role, and on whoever acts with it: before and after a change of it.
 * @throws GatewayError `insufficient_privilege` when the role is SUPERUSER, itself or by a
 *         membership, and the caller is not.
 */
export function mayTouchRole(identity: Asked, { principal }: Caller, roleId: string): void {
  if (identity.authority(principal.roleId).superuser) return
  const { superuser, roleName } = identity.authority(roleId)
  if (superuser) throw needsSuperuser(`role "${roleName}" is`)
}

/** `mayTouchRole`, for whoever looks at the role under a lock of its own. */
export function roleCheck(identity: Asked, caller: Caller): Check<Pick<RoleInfo, 'id'>> {
  return ({ id }) => mayTouchRole(identity, caller, id)
}

/** @throws GatewayError `insufficient_privilege` for attributes that only a SUPERUSER gives. */
export function mayGiveAttributes(
  identity: Asked,
  { principal }: Caller,
  { superuser, clusterAdmin }: Partial<RoleAttributes>,
): void {
  if (identity.authority(principal.roleId).superuser) return
  if (superuser === true) throw needsSuperuser('it gives SUPERUSER', 'superuser')
  if (clusterAdmin === true) throw needsSuperuser('it gives CLUSTERADMIN', 'clusterAdmin')
}

/** @throws GatewayError `insufficient_privilege` for a database that the caller may not enter. */
export function mayGiveConnect(
  identity: Asked,
  { principal }: Caller,
  database: ObjectRef,
  name: string,
): void {
  if (identity.authority(principal.roleId).may('CONNECT', database)) return
  throw new GatewayError('insufficient_privilege', `you have no CONNECT on database "${name}"`, {
    field: 'connect',
    hint: 'Ask a SUPERUSER to grant it.',
  })
}

function needsSuperuser(why: string, field?: string): GatewayError {
  return new GatewayError('insufficient_privilege', `this needs SUPERUSER, because ${why}`, {
    ...(field !== undefined && { field }),
    hint: 'Ask somebody whose role is SUPERUSER, or use bluegate on the machine of the gateway.',
  })
}
