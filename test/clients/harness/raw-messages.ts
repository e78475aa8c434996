/**
 * Messages of the PostgreSQL protocol, version 3, written and read by hand, for what no stock
 * client does. Source: PostgreSQL manual, "Message Formats". Shares nothing with the product.
 */
export interface RawMessage {
  /** The letter of the message, such as `D` for DataRow. */
  readonly type: string
  readonly body: Buffer
}

const PROTOCOL_3_0 = 196608
const SSL_REQUEST = 80877103
const CANCEL_REQUEST = 80877102

export const sslRequest = (): Buffer => Buffer.concat([int32(8), int32(SSL_REQUEST)])

export const cancelRequest = (pid: number, secret: number): Buffer =>
  Buffer.concat([int32(16), int32(CANCEL_REQUEST), int32(pid), int32(secret)])

export function startupMessage(parameters: Readonly<Record<string, string>>): Buffer {
  const fields = Object.entries(parameters).flatMap(([name, value]) => [text(name), text(value)])
  const body = Buffer.concat([int32(PROTOCOL_3_0), ...fields, Buffer.of(0)])
  return Buffer.concat([int32(body.length + 4), body])
}

export const password = (secret: string): Buffer => message('p', text(secret))
export const query = (sql: string): Buffer => message('Q', text(sql))
export const sync = (): Buffer => message('S')
export const flush = (): Buffer => message('H')

export const parse = (statement: string, sql: string): Buffer =>
  message('P', text(statement), text(sql), int16(0))

/** Parameters and results in the text format. */
export function bind(
  portal: string,
  statement: string,
  parameters: readonly (string | null)[] = [],
): Buffer {
  const values = parameters.flatMap((value) =>
    value === null ? [int32(-1)] : [int32(Buffer.byteLength(value)), Buffer.from(value)],
  )
  const parts = [text(portal), text(statement), int16(0), int16(parameters.length), ...values]
  return message('B', ...parts, int16(0))
}

/** `rowsMax` 0 = all. */
export const execute = (portal: string, rowsMax: number): Buffer =>
  message('E', text(portal), int32(rowsMax))

export const closePortal = (portal: string): Buffer => message('C', Buffer.from('P'), text(portal))

export const describePrepared = (statement: string): Buffer =>
  message('D', Buffer.from('S'), text(statement))

export const copyData = (data: Buffer | string): Buffer => message('d', Buffer.from(data))
export const copyDone = (): Buffer => message('c')
export const copyFail = (reason: string): Buffer => message('f', text(reason))
export const terminate = (): Buffer => message('X')

/** Of a DataRow in the text format. */
export function valuesOf({ body }: RawMessage): (string | null)[] {
  const values: (string | null)[] = []
  for (let at = 2; at < body.length;) {
    const length = body.readInt32BE(at)
    at += 4
    values.push(length < 0 ? null : body.toString('utf8', at, at + length))
    at += Math.max(length, 0)
  }
  return values
}

/** Of a CommandComplete. */
export const tagOf = ({ body }: RawMessage): string => body.toString('utf8', 0, body.length - 1)

/** Of a ReadyForQuery: `I`, `T` or `E`. */
export const statusOf = ({ body }: RawMessage): string => body.toString('latin1')

/** Of an ErrorResponse or NoticeResponse, by field letter: `C` is the SQLSTATE, `M` the text. */
export function fieldsOf({ body }: RawMessage): Record<string, string> {
  const fields = body.toString('utf8').split('\0').filter(Boolean)
  return Object.fromEntries(fields.map((field) => [field.slice(0, 1), field.slice(1)]))
}

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`)

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
