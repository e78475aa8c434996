/**
 * Requests that came too late wait here until their user has signed in again.
 *
 * A session that ended must not cost what somebody typed: the page stays as it is, a dialog asks for
 * the password, and the request goes on as if nothing had happened.
 */
import { useSyncExternalStore } from 'react'

let waiting: { readonly promise: Promise<void>; readonly open: () => void } | undefined
const listeners = new Set<() => void>()

/** Resolves when the same user has signed in again. */
export function waitForSignIn(): Promise<void> {
  if (!waiting) {
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting = { promise, open: resolve }
    tell()
  }
  return waiting.promise
}

export function signedInAgain(): void {
  waiting?.open()
  waiting = undefined
  tell()
}

/** True while a request waits. */
export function useMustSignIn(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => waiting !== undefined,
  )
}

function tell(): void {
  for (const listener of listeners) listener()
}
