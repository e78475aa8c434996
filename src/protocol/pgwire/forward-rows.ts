/** From a running statement to the client, at the client's pace. */
import type { RunningStatement, StatementEvent } from '../../execution/executor.ts'
import type { OutgoingMessages } from './outgoing-messages.ts'

/**
 * Forwards rows until the statement suspends or ends.
 *
 * @returns how it stopped. After `complete` the statement is closed.
 * @throws whatever the statement throws, and the signal's reason. It is closed then, too; the rows
 *         before the error have been forwarded, whole.
 */
export async function forwardRows(
  running: RunningStatement,
  outgoing: OutgoingMessages,
  signal: AbortSignal,
): Promise<Exclude<StatementEvent, { kind: 'frame' }>> {
  try {
    for (;;) {
      const event = await running.next()
      if (event.kind === 'frame') {
        signal.throwIfAborted()
        outgoing.forward(event.bytes, event.owned)
        await outgoing.room(signal)
        continue
      }
      if (event.kind === 'complete') await running.close()
      return event
    }
  } catch (error) {
    await running.close()
    throw error
  }
}
