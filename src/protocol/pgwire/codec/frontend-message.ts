/**
 * What a client may send once it is logged in: a closed union, and its one decoder.
 *
 * Source: PostgreSQL manual, "Message Formats".
 */
import { ByteReader } from '../../../base/byte-reader.ts'
import { decodeBind } from './bind.ts'
import type { Bind } from './bind.ts'
import { decodeClose, decodeDescribe } from './describe.ts'
import type { Close, Describe } from './describe.ts'
import { decodeExecute } from './execute.ts'
import type { Execute } from './execute.ts'
import { decodeParse } from './parse.ts'
import type { Parse } from './parse.ts'
import { decodeQuery } from './query.ts'
import type { Query } from './query.ts'

export type FrontendMessage =
  | Query
  | Parse
  | Bind
  | Describe
  | Execute
  | Close
  | { readonly kind: 'flush' }
  | { readonly kind: 'sync' }
  | { readonly kind: 'terminate' }
  | { readonly kind: 'function_call' }
  /** CopyData, CopyDone, CopyFail outside COPY: left-overs of a failed one, to be ignored. */
  | { readonly kind: 'copy_remainder' }

/** By the type byte. The kinds are known before the body is decoded, because errors depend on them. */
const KIND_OF_TYPE = {
  Q: 'query',
  P: 'parse',
  B: 'bind',
  D: 'describe',
  E: 'execute',
  C: 'close',
  H: 'flush',
  S: 'sync',
  X: 'terminate',
  F: 'function_call',
  d: 'copy_remainder',
  c: 'copy_remainder',
  f: 'copy_remainder',
} as const satisfies Record<string, FrontendMessage['kind']>

const KINDS: ReadonlyMap<number, FrontendMessage['kind']> = new Map(
  Object.entries(KIND_OF_TYPE).map(([type, kind]) => [type.charCodeAt(0), kind]),
)

/** @returns undefined for a byte that starts no message of a client. */
export function kindOfType(type: number): FrontendMessage['kind'] | undefined {
  return KINDS.get(type)
}

/** @throws GatewayError `protocol_violation`, `character_not_in_repertoire`. */
export function decodeFrontendMessage(
  kind: FrontendMessage['kind'],
  body: Uint8Array,
): FrontendMessage {
  switch (kind) {
    case 'query':
      return decodeQuery(body)
    case 'parse':
      return decodeParse(body)
    case 'bind':
      return decodeBind(body)
    case 'describe':
      return decodeDescribe(body)
    case 'execute':
      return decodeExecute(body)
    case 'close':
      return decodeClose(body)
    case 'flush':
    case 'sync':
    case 'terminate':
      new ByteReader(kind, body).end()
      return { kind }
    case 'function_call':
    case 'copy_remainder':
      return { kind }
  }
}
