/** What the server tells about the session as a whole: version, parameters, cancel key, status. */
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type { TransactionStatus } from '../../../session/session.ts'
import { beginMessage, endMessage, writeText } from './message.ts'

/** Idle, in a transaction block, in a failed transaction block. */
const STATUS_BYTE = {
  idle: 'I',
  in_transaction: 'T',
  failed_transaction: 'E',
} as const satisfies Record<TransactionStatus, string>

export function writeReadyForQuery(out: ByteWriter, status: TransactionStatus): void {
  const message = beginMessage(out, 'Z')
  out.uint8(STATUS_BYTE[status].charCodeAt(0))
  endMessage(out, message)
}

export function writeParameterStatus(out: ByteWriter, name: string, value: string): void {
  const message = beginMessage(out, 'S')
  writeText(out, name)
  writeText(out, value)
  endMessage(out, message)
}

/** What a CancelRequest must name. Both are 32 bits, signed on the wire. */
export interface CancelKey {
  readonly processId: number
  readonly secret: number
}

export function writeBackendKeyData(out: ByteWriter, key: CancelKey): void {
  const message = beginMessage(out, 'K')
  out.int32(key.processId)
  out.int32(key.secret)
  endMessage(out, message)
}

/** Tells a client that asked for a newer minor version, or for protocol options, what it gets. */
export function writeNegotiateProtocolVersion(
  out: ByteWriter,
  minorVersion: number,
  unknownOptions: readonly string[],
): void {
  const message = beginMessage(out, 'v')
  out.int32(minorVersion)
  out.int32(unknownOptions.length)
  for (const option of unknownOptions) writeText(out, option)
  endMessage(out, message)
}
