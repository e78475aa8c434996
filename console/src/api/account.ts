/** Who is signed in, and signing in and out. */
import { queryOptions } from '@tanstack/react-query'
import { problemFrom } from './api-error.ts'
import { request } from './request.ts'

export interface Me {
  readonly kind: 'user' | 'client' | 'local'
  readonly name: string
  readonly role: string
  readonly superuser: boolean
  readonly clusterAdmin: boolean
  /** Until when the password counts as proven; absent when it does not. */
  readonly provenUntil?: string
  /** When the session ends if nothing more happens. */
  readonly expiresAt?: string
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => request<Me>('GET', '/me', { signal, asksToSignIn: false }),
  staleTime: Infinity,
  retry: false,
})

export function signIn(user: string, password: string): Promise<Me> {
  return request('POST', '/sign-in', { body: { user, password }, asksToSignIn: false })
}

export function signOut(): Promise<void> {
  return request('POST', '/sign-out', { asksToSignIn: false })
}

export function provePassword(password: string): Promise<Me> {
  return withPassword(() =>
    request('POST', '/prove-password', { body: { password }, asksToSignIn: false }),
  )
}

export function changePassword(password: string, newPassword: string): Promise<void> {
  return withPassword(() =>
    request('POST', '/me/password', { body: { password, newPassword }, asksToSignIn: false }),
  )
}

/** A wrong password and a session that has ended are both 401: only for the latter is it asked for. */
async function withPassword<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (problemFrom(error).status === 401) await request('GET', '/me')
    throw error
  }
}

export interface OneTimeLink {
  readonly purpose: 'setup' | 'invitation' | 'reset'
  /** Absent for `setup`: the name is chosen then. */
  readonly userName?: string
  readonly expiresAt?: string
}

export function lookAtLink(secret: string): Promise<OneTimeLink> {
  return request('POST', '/one-time-links/look', { body: { secret }, asksToSignIn: false })
}

export function redeemLink(use: {
  readonly secret: string
  readonly userName?: string
  readonly password: string
}): Promise<Me> {
  return request('POST', '/one-time-links/use', { body: use, asksToSignIn: false })
}
