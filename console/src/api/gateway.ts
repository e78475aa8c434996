/**
 * How every request of the generated client goes to the gateway that served this page.
 *
 * Sends the header that tells a page of ours from a stranger's form, throws the gateway's refusals as
 * they were told, and waits out a session that has ended (`sign-in-gate.ts`), after which the same
 * request is sent once more.
 */
import { ApiError, problemOf, UNREACHABLE } from './api-error.ts'
import { isInBackground } from './background.ts'
import { waitForSignIn } from './sign-in-gate.ts'

/** For the `fetch` of the generated client. @throws ApiError for whatever is not a success. */
async function gatewayFetch(request: Request): Promise<Response> {
  const answer = await fetchOnce(request.clone())
  if (answer.ok) return answer
  if (answer.status !== 401) throw new ApiError(await problemOf(answer))
  await waitForSignIn()
  request.signal.throwIfAborted()
  return await gatewayFetch(request)
}

/** For what must not ask to sign in, because it is about that: a missing session is an error like any. */
async function quietFetch(request: Request): Promise<Response> {
  const answer = await fetchOnce(request)
  if (answer.ok) return answer
  throw new ApiError(await problemOf(answer))
}

/** As `gatewayFetch`, for what nobody at the screen has asked for. */
async function backgroundFetch(request: Request): Promise<Response> {
  request.headers.set('x-bluegate-background', '1')
  return await gatewayFetch(request)
}

/** Options of every call; read where the call begins, which is in the background or not. */
export const LOUD = {
  throwOnError: true,
  get fetch(): typeof fetch {
    return (isInBackground() ? backgroundFetch : gatewayFetch) as typeof fetch
  },
} as const
/** As `LOUD`, and nobody is asked to sign in. */
export const QUIET = { throwOnError: true, fetch: quietFetch as typeof fetch } as const

/** The state that a change is meant for: 412 when it is another by now. */
export function ifMatch(etag: string): { readonly 'if-match': string } {
  return { 'if-match': `"${etag}"` }
}

async function fetchOnce(request: Request): Promise<Response> {
  request.headers.set('x-bluegate-console', '1')
  try {
    return await fetch(request, { credentials: 'same-origin' })
  } catch (error) {
    request.signal.throwIfAborted()
    if (error instanceof TypeError) throw new ApiError(UNREACHABLE)
    throw error
  }
}
