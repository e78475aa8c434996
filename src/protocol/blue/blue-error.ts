/**
 * From the gateway's errors to the protocol's: a text for people, and a status of the statement.
 *
 * Clients show the text in a form that escapes quotes, line ends and everything outside of ASCII;
 * so it is one line, with plain punctuation.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import { LimitError } from '../../execution/admission/limit-error.ts'
import { EXECUTION_STATUS } from './messages.ts'
import type { BlueError, ExecutionStatus } from './messages.ts'

/** Codes have no meaning in the protocol. */
const CODE = 0

/** What clients are told of statements that took too long; their own tests look for just these words. */
const EXPIRED = 'Connection timeout expired'

export function blueError(error: GatewayError): BlueError {
  const { message, detail, hint, position } = error
  const what = isTimeout(error) ? `${EXPIRED}: ${message}` : message
  const parts = [
    position === undefined ? what : `${what} (at character ${position})`,
    ...(detail === undefined ? [] : [detail]),
    ...(hint === undefined ? [] : [`Hint: ${hint}`]),
  ]
  return { code: CODE, message: inAscii(parts.map(asSentence).join(' ')) }
}

/** The status of a statement that ended with this error. */
export function statusOf(error: GatewayError): ExecutionStatus {
  if (error instanceof QueryTimeout) return EXECUTION_STATUS.QUERY_RUNTIME_TIMEOUT
  if (error instanceof LimitError && error.limit === 'runSeconds') {
    return EXECUTION_STATUS.QUERY_RUNTIME_TIMEOUT
  }
  if (error instanceof LimitError && error.limit === 'queueWaitSeconds') {
    return EXECUTION_STATUS.QUEUE_TIMEOUT
  }
  switch (error.kind) {
    case 'cancelled':
      return EXECUTION_STATUS.CANCELLED
    case 'admin_shutdown':
    case 'crash_shutdown':
      return EXECUTION_STATUS.ABORTED
    default:
      return EXECUTION_STATUS.FAILED
  }
}

/** The time that the client gave a statement is over. */
export class QueryTimeout extends GatewayError {
  constructor(seconds: number) {
    super('cancelled', `the statement ran longer than its timeout of ${seconds} s`)
  }
}

function isTimeout(error: GatewayError): boolean {
  const status = statusOf(error)
  return (
    status === EXECUTION_STATUS.QUERY_RUNTIME_TIMEOUT || status === EXECUTION_STATUS.QUEUE_TIMEOUT
  )
}

function asSentence(part: string): string {
  const line = part.replaceAll(/\s*\n\s*/g, ' ')
  return /[.!?…]$/.test(line) ? line : `${line}.`
}

/** Our own punctuation; names and values of others stay as they are. */
function inAscii(text: string): string {
  return text.replaceAll('…', '...').replaceAll(/[’‘]/g, "'").replaceAll(/[“”]/g, '"')
}
