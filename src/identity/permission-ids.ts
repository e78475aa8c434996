/**
 * The numbers that BLUE gives to permissions, by kind of object.
 *
 * Source: BLUE SQL, DESCRIBE ROLE PERMISSIONS and DESCRIBE CONNECT PERMISSIONS, whose samples show
 * 1002, 1003, 2000 and 2003; the others continue them.
 */
import type { Permission } from '../base/permission-name.ts'
import type { ObjectKind } from './permission.ts'

const IDS: Readonly<Record<ObjectKind, Readonly<Partial<Record<Permission, number>>>>> = {
  database: {
    CREATE: 1000,
    DDL: 1001,
    SUPERUSER: 1002,
    CONNECT: 1003,
    'CREATE FUNCTION': 1004,
    'CREATE JOB': 1005,
  },
  schema: { CREATE: 2000, DDL: 2001, SUPERUSER: 2002, USAGE: 2003 },
  table: { SELECT: 3000, INSERT: 3001, UPDATE: 3002, DELETE: 3003, DDL: 3004 },
  view: { SELECT: 4000, DDL: 4001 },
  column: { SELECT: 5000, DDL: 5001 },
  function: { EXECUTE: 6000, DDL: 6001 },
  'foreign table': { SELECT: 7000, DDL: 7001 },
  location: { USAGE: 8000 },
  sequence: { USAGE: 9000, SELECT: 9001, UPDATE: 9002, DDL: 9003 },
}

/** 0 for a permission that there is not on such an object. */
export function permissionId(permission: Permission, kind: ObjectKind): number {
  return IDS[kind][permission] ?? 0
}

/** As BLUE prints it: `Connect`, `Create Function`, `DDL`. */
export function permissionTitle(permission: Permission): string {
  if (permission === 'DDL') return permission
  return permission.toLowerCase().replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase())
}

/** Every permission with its number, in the order of numbers. */
export function permissionTypes(): { readonly id: number; readonly name: string }[] {
  return Object.values(IDS)
    .flatMap((ids) => Object.entries(ids) as [Permission, number][])
    .map(([permission, id]) => ({ id, name: permissionTitle(permission) }))
}
