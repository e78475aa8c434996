/** Execute: runs a portal, or lets it go on. */
import { ByteReader } from '../../../base/byte-reader.ts'

export interface Execute {
  readonly kind: 'execute'
  /** Empty for the unnamed portal. */
  readonly portal: string
  /** Rows until it suspends; 0 = all. */
  readonly rowsMax: number
}

export function decodeExecute(body: Uint8Array): Execute {
  const reader = new ByteReader('Execute', body)
  const portal = reader.cstring('portal name')
  const rowsMax = reader.int32('rows')
  reader.end()
  return { kind: 'execute', portal, rowsMax: Math.max(rowsMax, 0) } // PostgreSQL: negative is all
}
