/** The end of a statement, as the client is told it. */
import type { ByteWriter } from '../../base/byte-writer.ts'
import type { Notice } from '../../execution/executor.ts'
import { writeCommandComplete } from './codec/completion.ts'
import { writeNoticeResponse } from './codec/error-response.ts'

export interface Completion {
  readonly tag: string
  readonly notices: readonly Notice[]
}

/** Notices come before the tag, so that clients attach them to this statement. */
export function writeCompletion(out: ByteWriter, { tag, notices }: Completion): void {
  for (const notice of notices) writeNoticeResponse(out, notice)
  writeCommandComplete(out, tag)
}
