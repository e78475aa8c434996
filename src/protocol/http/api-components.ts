/** All named schemas of the API: what routes refer to, and what a generated client has types of. */
import type { TSchema } from 'typebox'
import type { Component } from './component.ts'
import * as audit from './schemas/audit-schemas.ts'
import * as clients from './schemas/client-schemas.ts'
import * as connect from './schemas/connect-schemas.ts'
import * as live from './schemas/live-schemas.ts'
import * as loads from './schemas/load-schemas.ts'
import * as operations from './schemas/operations-schemas.ts'
import * as pools from './schemas/pool-schemas.ts'
import * as problems from './schemas/problem-schema.ts'
import * as roles from './schemas/role-schemas.ts'
import * as sessions from './schemas/session-schemas.ts'
import * as sql from './schemas/sql-schema.ts'
import * as status from './schemas/status-schema.ts'
import * as users from './schemas/user-schemas.ts'

/** The components among what these files export. By name, so that the description is always the same. */
export const API_COMPONENTS: readonly Pick<Component<TSchema>, 'schema'>[] = [
  problems,
  clients,
  connect,
  roles,
  sessions,
  pools,
  audit,
  live,
  sql,
  loads,
  operations,
  status,
  users,
]
  .flatMap((group): object[] => Object.values(group))
  .filter(isComponent)
  .toSorted((a, b) => (a.schema.$id < b.schema.$id ? -1 : 1))

function isComponent(value: object): value is Component<TSchema> {
  return 'ref' in value && 'schema' in value
}
