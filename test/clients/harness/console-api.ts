/** The API as the console asks it, with the cookie of a profile: to prepare what a page shall show. */
import type { BrowserContext } from 'playwright-core'

const OWN = { 'X-Bluegate-Console': '1' }

/** @throws Error with the answer when it is not a success. */
export async function post<T>(profile: BrowserContext, path: string, data?: object): Promise<T> {
  const answer = await profile.request.post(path, {
    headers: OWN,
    ...(data === undefined ? {} : { data }),
  })
  const text = await answer.text()
  if (!answer.ok()) throw new Error(`POST ${path} answered ${answer.status()}: ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** The status alone: for what is to be refused. */
export async function statusOf(
  profile: BrowserContext,
  method: string,
  path: string,
): Promise<number> {
  const answer = await profile.request.fetch(path, { method, headers: OWN, maxRedirects: 0 })
  return answer.status()
}

export interface MadeClient {
  readonly client: { readonly name: string; readonly role: string }
  readonly token: string
}

export const makeClient = (
  profile: BrowserContext,
  name: string,
  role: string,
  more: object = {},
): Promise<MadeClient> => post(profile, '/api/v1/clients', { name, role, ...more })

/** With LOGIN and CONNECT on `master`. */
export const makeRole = (profile: BrowserContext, name: string): Promise<unknown> =>
  post(profile, '/api/v1/roles', { name, login: true, connect: ['master'] })
