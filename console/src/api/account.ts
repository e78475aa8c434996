/** Who is signed in, and signing in and out. */
import { queryOptions } from '@tanstack/react-query'
import { problemFrom } from './api-error.ts'
import { LOUD, QUIET } from './gateway.ts'
import * as sdk from './generated/sdk.gen.ts'
import type { Me, OneTimeLink, OneTimeLinkUse } from './generated/types.gen.ts'

export type { Me, OneTimeLink } from './generated/types.gen.ts'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => (await sdk.getMe({ ...QUIET, signal })).data,
  staleTime: Infinity,
  retry: false,
})

export async function signIn(user: string, password: string): Promise<Me> {
  return (await sdk.signIn({ ...QUIET, body: { user, password } })).data
}

export async function signOut(): Promise<void> {
  await sdk.signOut(QUIET)
}

export function provePassword(password: string): Promise<Me> {
  return withPassword(async () => (await sdk.provePassword({ ...QUIET, body: { password } })).data)
}

export function changePassword(password: string, newPassword: string): Promise<void> {
  return withPassword(async () => {
    await sdk.changePassword({ ...QUIET, body: { password, newPassword } })
  })
}

/** A wrong password and a session that has ended are both 401: only for the latter is it asked for. */
async function withPassword<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (problemFrom(error).status === 401) await sdk.getMe(LOUD)
    throw error
  }
}

export async function lookAtLink(secret: string): Promise<OneTimeLink> {
  return (await sdk.lookAtOneTimeLink({ ...QUIET, body: { secret } })).data
}

export async function redeemLink(use: OneTimeLinkUse): Promise<Me> {
  return (await sdk.useOneTimeLink({ ...QUIET, body: use })).data
}
