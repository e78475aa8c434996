/** Roles, and what they may do. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Page, PageRequest } from './page.ts'
import { part, request } from './request.ts'

export interface Role {
  readonly id: string
  readonly name: string
  readonly builtIn: boolean
  readonly login: boolean
  readonly superuser: boolean
  readonly clusterAdmin: boolean
  readonly memberOf: readonly Membership[]
  readonly etag: string
}

export interface Membership {
  readonly role: string
  readonly adminOption: boolean
}

export interface RoleDetail extends Role {
  readonly members: readonly Membership[]
  readonly grants: readonly Grant[]
  readonly clients: Names
  readonly users: Names
}

/** The first hundred, and how many there are. */
export interface Names {
  readonly names: readonly string[]
  readonly total: number
}

export type ObjectKind = 'database' | 'schema' | 'table' | 'view' | 'column'

export interface Grant {
  readonly permission: string
  readonly objectKind: ObjectKind
  readonly database: string
  readonly schema?: string
  readonly table?: string
  readonly column?: string
}

export interface RoleAttributes {
  readonly login?: boolean
  readonly superuser?: boolean
  readonly clusterAdmin?: boolean
}

export interface NewRole extends RoleAttributes {
  readonly name: string
  /** Databases that the role may connect to. */
  readonly connect?: readonly string[]
}

/** Everything that can be granted on, by name. */
export interface ObjectTree {
  readonly databases: readonly {
    readonly name: string
    readonly schemas: readonly {
      readonly name: string
      readonly tables: readonly {
        readonly name: string
        readonly kind: string
        readonly columns: readonly { readonly name: string; readonly type: string }[]
      }[]
    }[]
  }[]
}

export function rolesQuery(page: PageRequest) {
  return queryOptions({
    queryKey: ['roles', 'list', page],
    queryFn: ({ signal }) => request<Page<Role>>('GET', '/roles', { query: { ...page }, signal }),
    placeholderData: keepPreviousData,
  })
}

export function roleQuery(name: string) {
  return queryOptions({
    queryKey: ['roles', 'one', name],
    queryFn: ({ signal }) => request<RoleDetail>('GET', `/roles/${part(name)}`, { signal }),
  })
}

export const objectsQuery = queryOptions({
  queryKey: ['objects'],
  queryFn: ({ signal }) => request<ObjectTree>('GET', '/objects', { signal }),
})

export function createRole(role: NewRole, idempotencyKey: string): Promise<Role> {
  return request('POST', '/roles', { body: role, idempotencyKey })
}

export function changeRole(
  { name, etag }: RoleDetail,
  change: RoleAttributes & { readonly name?: string },
): Promise<RoleDetail> {
  return request('PATCH', `/roles/${part(name)}`, { body: change, ifMatch: etag })
}

export function dropRole({ name, etag }: RoleDetail): Promise<void> {
  return request('DELETE', `/roles/${part(name)}`, { ifMatch: etag })
}
