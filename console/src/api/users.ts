/** The people who sign in to the console. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ifMatch, LOUD } from './gateway.ts'
import * as sdk from './generated/sdk.gen.ts'
import type { NewOneTimeLink, NewUser, User, UserWithLink } from './generated/types.gen.ts'
import { pageQuery } from './page.ts'
import type { PageRequest } from './page.ts'

export type { NewOneTimeLink, User } from './generated/types.gen.ts'

export function usersQuery(page: PageRequest) {
  return queryOptions({
    queryKey: ['users', 'list', page],
    queryFn: async ({ signal }) =>
      (await sdk.listUsers({ ...LOUD, query: pageQuery(page), signal })).data,
    placeholderData: keepPreviousData,
  })
}

export async function createUser(user: NewUser, idempotencyKey: string): Promise<UserWithLink> {
  const headers = { 'idempotency-key': idempotencyKey }
  return (await sdk.createUser({ ...LOUD, body: user, headers })).data
}

export async function changeUserRole(user: User, role: string): Promise<User> {
  return (await sdk.changeUser({ ...LOUD, ...seen(user), body: { role } })).data
}

export async function setUserEnabled(user: User, enabled: boolean): Promise<User> {
  const act = enabled ? sdk.enableUser : sdk.disableUser
  return (await act({ ...LOUD, ...seen(user) })).data
}

export async function makeUserLink(user: User): Promise<NewOneTimeLink> {
  return (await sdk.makeOneTimeLink({ ...LOUD, ...seen(user) })).data
}

export async function deleteUser(user: User): Promise<void> {
  await sdk.deleteUser({ ...LOUD, ...seen(user) })
}

/** The user as it was on the screen. */
function seen({ name, etag }: User) {
  return { path: { name }, headers: ifMatch(etag) }
}
