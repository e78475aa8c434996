/** What whoever has to record something is told when it cannot be. The act itself is then refused. */
import { GatewayError } from '../../base/gateway-error.ts'

export function hasStopped(): GatewayError {
  return new GatewayError('cannot_connect_now', 'the audit has stopped')
}

/** Whatever a disk threw; what is ours already stays as it is. */
export function auditFailure(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause
  const isFull = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC'
  return new GatewayError(
    isFull ? 'disk_full' : 'io_error',
    'refused, because it could not be put on record',
    {
      hint: isFull
        ? 'Make room on the disk of the audit.'
        : 'The log of the gateway says why the audit cannot be written.',
      cause,
    },
  )
}
