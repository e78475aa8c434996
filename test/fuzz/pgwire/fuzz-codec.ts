/**
 * The door's decoders against a reader that shares nothing with them: both take the same messages,
 * find the same in them, and whatever else comes is an error that a client can be told.
 */
import { isDeepStrictEqual } from 'node:util'
import { GatewayError } from '../../../src/base/gateway-error.ts'
import { decodePasswordMessage } from '../../../src/protocol/pgwire/codec/authentication.ts'
import {
  decodeFrontendMessage,
  kindOfType,
} from '../../../src/protocol/pgwire/codec/frontend-message.ts'
import type { FrontendMessage } from '../../../src/protocol/pgwire/codec/frontend-message.ts'
import { decodeStartupPacket } from '../../../src/protocol/pgwire/codec/startup-packet.ts'
import { WrongAnswer } from './answer-cursor.ts'
import { makeConversation } from './conversation.ts'
import { MESSAGE_TYPES, isMessageType, readMessage, readPassword } from './frontend-reader.ts'
import type { MessageType, ReadMessage } from './frontend-reader.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import { FuzzFailure } from './fuzz-conversations.ts'

/** Terminate is not decoded: it ends the session whatever it carries. */
const DECODED = MESSAGE_TYPES.filter((type) => type !== 'X')

export interface CodecTotals {
  messages: number
  /** Those that were well formed. */
  decoded: number
}

/** @throws FuzzFailure with the type and the bytes of the message that was read wrongly. */
export function fuzzCodec(
  world: FuzzWorld,
  seed: number,
  messages: number,
  onProgress: (totals: CodecTotals) => void = () => undefined,
): CodecTotals {
  const totals = { messages: 0, decoded: 0 }
  for (let index = 0; totals.messages < messages; index += 1) {
    const { pieces } = makeConversation(world, seed, index, { secure: false })
    for (const [at, piece] of pieces.entries()) {
      const type = String.fromCharCode(piece[0] ?? 0)
      // a message's body under its own type, and now and then under another
      const other = DECODED[(index + at) % DECODED.length] ?? 'Q'
      const read = at % 4 === 0 || !isMessageType(type) || type === 'X' ? other : type
      if (checkMessage(read, piece.subarray(5))) totals.decoded += 1
      if (at % 8 === 0) checkStart(piece)
      totals.messages += 1
    }
    if (index % 1000 === 0) onProgress(totals)
  }
  return totals
}

/** @returns whether it is a message. @throws FuzzFailure */
function checkMessage(type: MessageType, body: Buffer): boolean {
  const kind = kindOfType(type.charCodeAt(0))
  if (kind === undefined) throw new WrongAnswer(`no kind for ${type}`)
  const decoded = outcome(() => decodeFrontendMessage(kind, body), type, body)
  const expected = readMessage(type, body)
  if (!isDeepStrictEqual(decoded, expected && inTheDoorsWords(expected))) {
    throw new FuzzFailure(`${type} is read differently: ${body.toString('hex')}`)
  }
  return decoded !== undefined
}

function checkStart(bytes: Buffer): void {
  outcome(() => decodeStartupPacket(bytes.subarray(4)), 'a start-up', bytes)
  const body = bytes.subarray(5)
  const password = outcome(() => decodePasswordMessage(body), 'a password', body)
  if (password !== readPassword(body)) {
    throw new FuzzFailure(`a password is read differently: ${body.toString('hex')}`)
  }
}

/** @returns undefined for an error that a client can be told. */
function outcome<T>(decode: () => T, what: string, body: Buffer): T | undefined {
  try {
    return decode()
  } catch (error) {
    const known = ['protocol_violation', 'character_not_in_repertoire']
    if (error instanceof GatewayError && known.includes(error.kind)) return undefined
    throw new FuzzFailure(`${what} made ${String(error)}: ${body.toString('hex')}`)
  }
}

function inTheDoorsWords(message: ReadMessage): FrontendMessage {
  switch (message.type) {
    case 'Q':
      return { kind: 'query', text: message.text }
    case 'P':
      return {
        kind: 'parse',
        name: message.name,
        text: message.text,
        parameterOids: message.oids,
      }
    case 'B':
      return {
        kind: 'bind',
        portal: message.portal,
        statement: message.statement,
        parameterFormats: message.formats.map(formatOf),
        values: message.values,
        resultFormats: message.results.map(formatOf),
      }
    case 'D':
    case 'C':
      return {
        kind: message.type === 'D' ? 'describe' : 'close',
        target: { kind: message.target === 'S' ? 'statement' : 'portal', name: message.name },
      }
    case 'E':
      return { kind: 'execute', portal: message.portal, rowsMax: message.rowsMax }
    case 'H':
      return { kind: 'flush' }
    case 'S':
      return { kind: 'sync' }
    case 'X':
      return { kind: 'terminate' }
    case 'F':
      return { kind: 'function_call' }
    case 'd':
    case 'c':
    case 'f':
      return { kind: 'copy_remainder' }
  }
}

const formatOf = (code: number): 'text' | 'binary' => (code === 1 ? 'binary' : 'text')
