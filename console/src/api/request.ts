/**
 * One request to the API of the gateway that served this page.
 *
 * Knows how requests look, not what they are about. Sends the header that tells a page of ours from a
 * stranger's form. A session that has ended is waited out (`sign-in-gate.ts`), then the same request
 * is sent once more.
 */
import { ApiError, problemOf, UNREACHABLE } from './api-error.ts'
import { waitForSignIn } from './sign-in-gate.ts'

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>
  /** JSON; a string is sent as plain text. */
  readonly body?: unknown
  /** The state that the change is meant for: 412 when it is another by now. */
  readonly ifMatch?: string
  /** The same key with the same body makes one object, however often it is sent. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
  /** False: a missing session is an error like any other, and nobody is asked to sign in. */
  readonly asksToSignIn?: boolean
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** @throws ApiError for whatever is not a success. */
export async function send(
  method: Method,
  path: string,
  options: RequestOptions = {},
): Promise<Response> {
  const answer = await fetchOnce(method, path, options)
  if (answer.ok) return answer
  const problem = await problemOf(answer)
  if (answer.status === 401 && options.asksToSignIn !== false) {
    await waitForSignIn()
    options.signal?.throwIfAborted()
    return await send(method, path, options)
  }
  throw new ApiError(problem)
}

/** @returns the JSON of the answer; undefined where it has no body. */
export async function request<T>(
  method: Method,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const answer = await send(method, path, options)
  if (answer.status === 204) return undefined as T
  return (await answer.json()) as T
}

/** A part of a path: names may hold anything. */
export function part(name: string): string {
  return encodeURIComponent(name)
}

async function fetchOnce(
  method: Method,
  path: string,
  { query, body, ifMatch, idempotencyKey, signal }: RequestOptions,
): Promise<Response> {
  const headers = new Headers({ 'x-bluegate-console': '1' })
  if (ifMatch !== undefined) headers.set('if-match', `"${ifMatch}"`)
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey)
  if (body !== undefined) {
    headers.set('content-type', typeof body === 'string' ? 'text/plain' : 'application/json')
  }
  try {
    return await fetch(`/api/v1${path}${queryText(query)}`, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof TypeError) throw new ApiError(UNREACHABLE)
    throw error
  }
}

function queryText(query: RequestOptions['query'] = {}): string {
  const entries = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, String(value)]],
  )
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`
}
