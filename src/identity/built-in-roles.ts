/** The two roles that every cluster has, under the numbers that BLUE gives them. */
import type { RoleRow } from './identity-store.ts'

/** Everybody: each role holds what it holds. */
export const PUBLIC_ROLE_ID = '00000000-0000-0000-0000-000000000000'
export const PUBLIC_ROLE_NAME = 'public'

/** The local administrator's. */
export const ADMINISTRATOR_ROLE_ID = '00000000-0000-0000-0000-000000000001'

export const BUILT_IN_ROLES: readonly RoleRow[] = [
  {
    id: PUBLIC_ROLE_ID,
    number: 0,
    name: PUBLIC_ROLE_NAME,
    builtIn: true,
    login: false,
    superuser: false,
    clusterAdmin: false,
  },
  {
    id: ADMINISTRATOR_ROLE_ID,
    number: 1,
    name: 'sqream',
    builtIn: true,
    login: true,
    superuser: true,
    clusterAdmin: true,
  },
]
