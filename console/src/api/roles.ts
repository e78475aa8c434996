/** Roles, and what they may do. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ifMatch, LOUD } from './gateway.ts'
import * as sdk from './generated/sdk.gen.ts'
import type { NewRole, Role, RoleChange, RoleDetail, RoleGrant } from './generated/types.gen.ts'
import { pageQuery } from './page.ts'
import type { PageRequest } from './page.ts'

export type { ObjectTree, Role, RoleDetail } from './generated/types.gen.ts'
export type Grant = RoleGrant
export type Membership = Role['memberOf'][number]
export type RoleAttributes = Pick<RoleChange, 'login' | 'superuser' | 'clusterAdmin'>
/** The first hundred, and how many there are. */
export type Names = RoleDetail['clients']

export function rolesQuery(page: PageRequest) {
  return queryOptions({
    queryKey: ['roles', 'list', page],
    queryFn: async ({ signal }) =>
      (await sdk.listRoles({ ...LOUD, query: pageQuery(page), signal })).data,
    placeholderData: keepPreviousData,
  })
}

export function roleQuery(name: string) {
  return queryOptions({
    queryKey: ['roles', 'one', name],
    queryFn: async ({ signal }) => (await sdk.getRole({ ...LOUD, path: { name }, signal })).data,
  })
}

export const objectsQuery = queryOptions({
  queryKey: ['objects'],
  queryFn: async ({ signal }) => (await sdk.getObjects({ ...LOUD, signal })).data,
})

export async function createRole(role: NewRole, idempotencyKey: string): Promise<Role> {
  const headers = { 'idempotency-key': idempotencyKey }
  return (await sdk.createRole({ ...LOUD, body: role, headers })).data
}

export async function changeRole({ name, etag }: Role, change: RoleChange): Promise<void> {
  await sdk.changeRole({ ...LOUD, path: { name }, headers: ifMatch(etag), body: change })
}

export async function dropRole({ name, etag }: Role): Promise<void> {
  await sdk.dropRole({ ...LOUD, path: { name }, headers: ifMatch(etag) })
}
