/** Query: a text of any number of statements, to be run at once. */
import { ByteReader } from '../../../base/byte-reader.ts'

export interface Query {
  readonly kind: 'query'
  readonly text: string
}

export function decodeQuery(body: Uint8Array): Query {
  const reader = new ByteReader('Query', body)
  const text = reader.cstring('text')
  reader.end()
  return { kind: 'query', text }
}
