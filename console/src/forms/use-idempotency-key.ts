/**
 * A key that stays the same while the same input is sent again: when an answer got lost on its way, the
 * second try gets the object that the first one made.
 */
import { useState } from 'react'

export function useIdempotencyKey(input: unknown): string {
  const text = JSON.stringify(input)
  const [kept, keep] = useState(() => ({ text, key: crypto.randomUUID() }))
  if (kept.text === text) return kept.key
  const next = { text, key: crypto.randomUUID() }
  keep(next)
  return next.key
}
