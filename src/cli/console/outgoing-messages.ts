/** What the console sends at the PostgreSQL door. Source: PostgreSQL manual, "Message Formats". */
import type { CancelKey } from './server-messages.ts'

const PROTOCOL_3_0 = 196_608
const CANCEL_REQUEST = 80_877_102

export function startupMessage(parameters: Readonly<Record<string, string>>): Buffer {
  const fields = Object.entries(parameters).flatMap(([name, value]) => [text(name), text(value)])
  return withLength([int32(PROTOCOL_3_0), ...fields, Buffer.of(0)])
}

export function cancelRequest({ processId, secret }: CancelKey): Buffer {
  return withLength([int32(CANCEL_REQUEST), int32(processId), int32(secret)])
}

export function passwordMessage(password: string): Buffer {
  return message('p', text(password))
}

export function queryMessage(sql: string): Buffer {
  return message('Q', text(sql))
}

export function copyFail(why: string): Buffer {
  return message('f', text(why))
}

export function terminate(): Buffer {
  return message('X')
}

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(type, 'latin1'), withLength(parts)])
}

/** The length counts itself. */
function withLength(parts: readonly Buffer[]): Buffer {
  const bytes = parts.reduce((sum, { length }) => sum + length, 4)
  return Buffer.concat([int32(bytes), ...parts])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** A zero byte would end the text early, and make something else of the rest. */
function text(value: string): Buffer {
  return Buffer.from(`${value.replaceAll('\0', '\u{fffd}')}\0`, 'utf8')
}
