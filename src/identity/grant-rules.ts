/**
 * Which permission may be held on which kind of object. Source: BLUE SQL, GRANT.
 */
import type { Permission } from '../base/permission-name.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { ObjectKind } from './permission.ts'

const GRANTABLE: Readonly<Record<ObjectKind, readonly Permission[]>> = {
  database: ['CONNECT', 'CREATE', 'CREATE FUNCTION', 'CREATE JOB', 'DDL', 'SUPERUSER'],
  schema: ['USAGE', 'CREATE', 'DDL', 'SUPERUSER'],
  table: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'DDL'],
  view: ['SELECT', 'DDL'],
  'foreign table': ['SELECT', 'DDL'],
  sequence: ['USAGE', 'SELECT', 'UPDATE', 'DDL'],
  column: ['SELECT', 'DDL'],
  function: ['EXECUTE', 'DDL'],
  location: ['USAGE'],
}

/** What `GRANT ALL` means on this kind: SUPERUSER has to be named. */
export function allPermissions(kind: ObjectKind): readonly Permission[] {
  return GRANTABLE[kind].filter((permission) => permission !== 'SUPERUSER')
}

/** @throws GatewayError `invalid_parameter_value` naming what may be granted instead. */
export function checkGrantable(permission: Permission, kind: ObjectKind): void {
  if (GRANTABLE[kind].includes(permission)) return
  throw new GatewayError(
    'invalid_parameter_value',
    `${permission} is not a permission on a ${kind}`,
    { hint: `On a ${kind} there are: ${GRANTABLE[kind].join(', ')}.` },
  )
}
