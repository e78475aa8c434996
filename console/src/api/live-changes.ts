/** Keeps what is shown fresh: the gateway tells what changed, the page asks again. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useEventStream } from './event-stream.ts'

type ChangeKind = 'clients' | 'roles' | 'users' | 'sessions' | 'audit'

/** What is to be asked again: a client's row tells of its open sessions and of its role's name, too. */
const SHOWN_WITH: Record<ChangeKind, readonly string[]> = {
  clients: ['clients', 'roles'],
  roles: ['roles', 'clients', 'users', 'objects'],
  users: ['users', 'roles'],
  sessions: ['sessions', 'clients'],
  audit: [],
}

/** A table asks at most this often, however much happens. */
const REFETCH_MS_MIN = 1_000
/** While the stream is down. */
const POLL_MS = 2_000

/** For once, around all pages. Only administrators have pages that change. */
export function useLiveChanges(enabled: boolean): void {
  const queries = useQueryClient()
  const due = useRef(new Set<string>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const refetch = (keys: readonly string[]) => {
    for (const key of keys) due.current.add(key)
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      const asked = [...due.current]
      due.current.clear()
      for (const key of asked) void queries.invalidateQueries({ queryKey: [key] })
    }, REFETCH_MS_MIN)
  }
  useEffect(() => () => clearTimeout(timer.current), [])

  const state = useEventStream<{ readonly kind: ChangeKind }>(
    enabled ? '/api/v1/changes' : undefined,
    {
      message: ({ kind }) => refetch(SHOWN_WITH[kind] ?? []),
      open: () => refetch(EVERYTHING),
    },
  )

  useEffect(() => {
    if (state !== 'down') return undefined
    const poll = setInterval(() => {
      if (document.visibilityState !== 'visible') return
      for (const key of EVERYTHING) void queries.invalidateQueries({ queryKey: [key] })
    }, POLL_MS)
    return () => clearInterval(poll)
  }, [state, queries])
}

const EVERYTHING = ['clients', 'roles', 'users', 'sessions', 'objects']
