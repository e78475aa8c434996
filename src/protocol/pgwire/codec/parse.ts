/** Parse: keeps a statement under a name. */
import { ByteReader } from '../../../base/byte-reader.ts'

export interface Parse {
  readonly kind: 'parse'
  /** Empty for the unnamed statement. */
  readonly name: string
  readonly text: string
  /** By number from 1; 0 where the client leaves the type open. There may be fewer than parameters. */
  readonly parameterOids: readonly number[]
}

export function decodeParse(body: Uint8Array): Parse {
  const reader = new ByteReader('Parse', body)
  const name = reader.cstring('statement name')
  const text = reader.cstring('text')
  const count = reader.count16('parameter types', 4)
  const parameterOids = Array.from({ length: count }, () => reader.uint32('parameter type'))
  reader.end()
  return { kind: 'parse', name, text, parameterOids }
}
