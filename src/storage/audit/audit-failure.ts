/** What whoever has to record something is told when it cannot be. The act itself is then refused. */
import { GatewayError } from '../../base/gateway-error.ts'

export function hasStopped(): GatewayError {
  return new GatewayError('cannot_connect_now', 'the audit has stopped')
}

/** Before an act, when it is foreseen. */
export function noRoom(): GatewayError {
  return new GatewayError('disk_full', 'the disk of the gateway is full: nothing can be changed', {
    hint: 'Make room on the disk of the data directory; it is noticed within seconds. Reading goes on.',
  })
}

export function isNoRoom(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/** Whatever a disk threw; what is ours already stays as it is. */
export function auditFailure(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause
  const isFull = isNoRoom(cause)
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
