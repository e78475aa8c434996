/** What the two ways to query share. */
import type { Executor } from '../../execution/executor.ts'
import type { CopyMessages } from './copy-in/copy-messages.ts'
import type { OutgoingMessages } from './outgoing-messages.ts'
import type { RunningStatementStop } from './running-statement-stop.ts'
import type { SessionThings } from './session-things.ts'

export interface ConversationContext {
  readonly executor: Executor
  readonly outgoing: OutgoingMessages
  readonly stop: RunningStatementStop
  readonly things: SessionThings
  readonly copyMessages: CopyMessages
  /** Of one row of a COPY. */
  readonly rowBytesMax: number
}
