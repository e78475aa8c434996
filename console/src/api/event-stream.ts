/**
 * Server-sent events that outlive a lost connection.
 *
 * A browser opens at most six connections to one server, for all its tabs together: streams that only
 * keep a page fresh are therefore closed while the page is hidden.
 */
import { useEffect, useEffectEvent, useState } from 'react'

export type StreamState = 'connecting' | 'open' | 'down'

const RETRY_MS = 2_000

/**
 * @param path undefined: no stream.
 * @param onOpen After every (re)connection: what happened in between was missed.
 */
export function useEventStream<T>(
  path: string | undefined,
  on: { readonly message: (message: T) => void; readonly open?: () => void },
  { whileHidden = false }: { readonly whileHidden?: boolean } = {},
): StreamState {
  const [state, setState] = useState<StreamState>('connecting')
  const onMessage = useEffectEvent((message: T) => on.message(message))
  const onOpen = useEffectEvent(() => on.open?.())

  useEffect(() => {
    if (path === undefined) return undefined
    let source: EventSource | undefined
    let retry: ReturnType<typeof setTimeout> | undefined

    const close = () => {
      clearTimeout(retry)
      source?.close()
      source = undefined
    }
    const open = () => {
      close()
      setState('connecting')
      source = new EventSource(path)
      source.addEventListener('open', () => {
        setState('open')
        onOpen()
      })
      source.addEventListener('message', (event: MessageEvent<string>) => {
        onMessage(JSON.parse(event.data) as T)
      })
      source.addEventListener('error', () => {
        close() // the browser itself tries again only after some errors
        setState('down')
        retry = setTimeout(open, RETRY_MS)
      })
    }
    const follow = () => {
      if (document.visibilityState === 'visible') open()
      else close()
    }

    open()
    if (!whileHidden) document.addEventListener('visibilitychange', follow)
    return () => {
      close()
      document.removeEventListener('visibilitychange', follow)
    }
  }, [path, whileHidden])
  return state
}
