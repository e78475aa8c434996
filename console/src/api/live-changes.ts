/** Keeps what is shown fresh: the gateway tells what changed, the page asks again. */
import { focusManager, useQueryClient } from '@tanstack/react-query'
import type { QueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { inBackground } from './background.ts'
import { useEventStream } from './event-stream.ts'

type ChangeKind = 'clients' | 'roles' | 'users' | 'pools' | 'sessions' | 'audit'

/** What is to be asked again: a client's row tells of its open sessions and of its role's name, too. */
const SHOWN_WITH: Record<ChangeKind, readonly string[]> = {
  clients: ['clients', 'roles', 'warnings'],
  roles: ['roles', 'clients', 'users', 'objects'],
  users: ['users', 'roles', 'warnings'],
  pools: ['pools'],
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
      askAgain(queries, asked)
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
      askAgain(queries, EVERYTHING)
    }, POLL_MS)
    return () => clearInterval(poll)
  }, [state, queries])

  useEffect(
    () =>
      focusManager.subscribe((focused) => {
        if (!focused) return
        inBackground(() => void queries.refetchQueries({ type: 'active', stale: true }))
      }),
    [queries],
  )
}

const EVERYTHING = ['clients', 'roles', 'users', 'pools', 'sessions', 'objects', 'warnings']

function askAgain(queries: QueryClient, keys: readonly string[]): void {
  inBackground(() => {
    for (const key of keys) void queries.invalidateQueries({ queryKey: [key] })
  })
}
