/**
 * Sends a file to the gateway, and tells how much of it is there.
 *
 * With XMLHttpRequest: `fetch` tells nothing of what was sent.
 */
import { ApiError, problemOf, UNREACHABLE } from './api-error.ts'
import type { LoadFormat, UploadedLoad } from './loads.ts'
import { waitForSignIn } from './sign-in-gate.ts'

/**
 * @param onSent Called with the bytes that were sent so far.
 * @throws ApiError with the gateway's refusal; the signal's reason when it is aborted. Nothing of the
 *         file stays in the gateway then.
 */
export async function sendFile(
  file: File,
  format: LoadFormat,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<UploadedLoad> {
  const answer = await sendOnce(file, format, onSent, signal)
  if (answer.ok) return (await answer.json()) as UploadedLoad
  if (answer.status !== 401) throw new ApiError(await problemOf(answer))
  await waitForSignIn()
  signal.throwIfAborted()
  return await sendFile(file, format, onSent, signal)
}

function sendOnce(
  file: File,
  format: LoadFormat,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>()
  const request = new XMLHttpRequest()
  const query = new URLSearchParams({ format, fileName: file.name.slice(-255) })
  request.open('POST', `/api/v1/loads?${query.toString()}`)
  request.setRequestHeader('content-type', 'application/octet-stream')
  request.setRequestHeader('x-bluegate-console', '1')
  request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded))
  request.addEventListener('load', () => {
    resolve(new Response(request.responseText, { status: request.status }))
  })
  request.addEventListener('error', () => reject(new ApiError(UNREACHABLE)))
  request.addEventListener('abort', () => reject(signal.reason as Error))
  signal.addEventListener('abort', () => request.abort(), { once: true })
  request.send(file)
  return promise
}
