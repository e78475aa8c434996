/** Walking through a list of which only the way forward is known: the way back is remembered. */
import { useState } from 'react'

export const PAGE_SIZE = 50

export interface Pages {
  /** Where the page that is shown begins; undefined for the first. */
  readonly after: string | undefined
  /** 0 for the first. */
  readonly index: number
  readonly forward: (next: string) => void
  readonly back: () => void
  readonly reset: () => void
}

export function usePages(): Pages {
  const [cursors, setCursors] = useState<readonly string[]>([])
  return {
    after: cursors.at(-1),
    index: cursors.length,
    forward: (next) => setCursors([...cursors, next]),
    back: () => setCursors(cursors.slice(0, -1)),
    reset: () => setCursors([]),
  }
}
