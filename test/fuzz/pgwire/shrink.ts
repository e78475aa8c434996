/** From a conversation that fails to the smallest that still does: pieces are left out. */
import type { Conversation } from './conversation.ts'

/** A conversation that hangs takes seconds each time. */
const SHRINK_MS_MAX = 60_000

/** @param fails Whether a conversation still fails. */
export async function shrink(
  conversation: Conversation,
  fails: (conversation: Conversation) => Promise<boolean>,
): Promise<Conversation> {
  const deadline = performance.now() + SHRINK_MS_MAX
  let smallest = conversation
  for (let size = Math.ceil(smallest.pieces.length / 2); size >= 1;) {
    let found = false
    for (let at = 0; at < smallest.pieces.length && performance.now() < deadline;) {
      const pieces = smallest.pieces.toSpliced(at, size)
      const candidate = { ...smallest, pieces }
      if (await fails(candidate)) {
        smallest = candidate
        found = true
      } else at += size
    }
    if (size === 1 && !found) break
    size = found ? size : Math.floor(size / 2)
  }
  return smallest
}

const SHOWN_MAX = 100

/** For people, and to be sent again: a line a piece, as text and in hexadecimal. */
export function describeConversation({ seed, index, kind, pieces }: Conversation): string {
  const lines = pieces.slice(0, SHOWN_MAX).map((piece) => {
    const text = piece.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '.')
    const cut = piece.length > 200 ? ` … ${piece.length} bytes` : ''
    return `  ${text.slice(0, 60).padEnd(60)}  ${piece.subarray(0, 200).toString('hex')}${cut}`
  })
  return [`seed ${seed}, conversation ${index} (${kind}), ${pieces.length} pieces:`, ...lines].join(
    '\n',
  )
}
