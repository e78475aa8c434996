/**
 * Tells what the page asks for by itself from what a person asks for: the former must not keep a
 * session alive that nobody uses any more.
 */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

let depth = 0

/** Requests that begin inside `act`, before it first waits, are the page's own. */
export function inBackground(act: () => void): void {
  depth += 1
  try {
    act()
  } finally {
    depth -= 1
  }
}

export function isInBackground(): boolean {
  return depth > 0
}

/** Asks again and again while the page is looked at; undefined: not at all. */
export function usePoll(queryKey: string, everyMs: number | undefined): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (everyMs === undefined) return undefined
    const poll = setInterval(() => {
      if (document.visibilityState !== 'visible') return
      inBackground(() => void queries.invalidateQueries({ queryKey: [queryKey] }))
    }, everyMs)
    return () => clearInterval(poll)
  }, [queries, queryKey, everyMs])
}
