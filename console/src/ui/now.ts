/** The time, for everything that tells how long ago something was: one timer for the whole page. */
import { useSyncExternalStore } from 'react'

const TICK_MS = 1_000

let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

/** Milliseconds, a second old at most. */
export function useNow(): number {
  return useOfNow((time) => time)
}

/** What `compute` makes of the time: drawn anew only when that changes, not every second. */
export function useOfNow<T extends string | number | boolean>(compute: (now: number) => T): T {
  return useSyncExternalStore(subscribe, () => compute(now))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const tell of listeners) tell()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}
