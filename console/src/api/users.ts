/** The people who sign in to the console. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Page, PageRequest } from './page.ts'
import { part, request } from './request.ts'

export interface User {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly enabled: boolean
  /** False until the one-time link was used. */
  readonly hasPassword: boolean
  readonly createdAt: string
  readonly lastSignInAt?: string
  readonly etag: string
}

/** Shown once; whoever opens it chooses the password. */
export interface IssuedLink {
  readonly url: string
  readonly expiresAt?: string
  readonly purpose: 'setup' | 'invitation' | 'reset'
}

export function usersQuery(page: PageRequest) {
  return queryOptions({
    queryKey: ['users', 'list', page],
    queryFn: ({ signal }) => request<Page<User>>('GET', '/users', { query: { ...page }, signal }),
    placeholderData: keepPreviousData,
  })
}

export function createUser(
  user: { readonly name: string; readonly role: string },
  idempotencyKey: string,
): Promise<{ user: User; link: IssuedLink }> {
  return request('POST', '/users', { body: user, idempotencyKey })
}

export function changeUserRole({ name, etag }: User, role: string): Promise<User> {
  return request('PATCH', `/users/${part(name)}`, { body: { role }, ifMatch: etag })
}

export function setUserEnabled({ name, etag }: User, enabled: boolean): Promise<User> {
  const act = enabled ? 'enable' : 'disable'
  return request('POST', `/users/${part(name)}/${act}`, { ifMatch: etag })
}

export function makeUserLink({ name, etag }: User): Promise<IssuedLink> {
  return request('POST', `/users/${part(name)}/one-time-link`, { ifMatch: etag })
}

export function deleteUser({ name, etag }: User): Promise<void> {
  return request('DELETE', `/users/${part(name)}`, { ifMatch: etag })
}
