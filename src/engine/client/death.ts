/** What a death of the engine means for what was under way. */
import { GatewayError } from '../../base/gateway-error.ts'

/** Of what changes nothing. In a transaction it may not be sent again alone: that is gone too. */
export function readLost(safeToRetry: boolean): GatewayError {
  return new GatewayError('crash_shutdown', 'the engine restarted', {
    hint: safeToRetry ? 'Send the statement again.' : 'Roll back and begin the transaction again.',
    safeToRetry,
  })
}

/** Of a write whose transaction nobody had asked to commit: it is certainly gone. */
export function writeLost(): GatewayError {
  return new GatewayError(
    'crash_shutdown',
    'the engine restarted; the transaction was rolled back',
    {
      hint: 'Begin the transaction again.',
    },
  )
}

/** Of a commit: it was recorded, or it was not, and nobody is left to say. */
export function commitLost(): GatewayError {
  return new GatewayError(
    'crash_shutdown',
    'the engine restarted; the outcome of this write is unknown',
    { hint: 'Look at the data before you send it again.' },
  )
}

/** Of the first statement after a death in a transaction; the session then says that it failed. */
export function transactionLost(): GatewayError {
  return new GatewayError('crash_shutdown', 'the engine restarted in this transaction', {
    hint: 'Roll back and begin the transaction again.',
  })
}
