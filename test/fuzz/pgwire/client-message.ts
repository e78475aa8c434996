/**
 * A client's message as a list of fields, so that a mutation can hit a count, a length or a
 * terminator instead of any byte. Source: PostgreSQL manual, "Message Formats".
 */
export type Field =
  /** A number of so many bytes: a count, a code, an OID. */
  | { readonly kind: 'number'; readonly size: 1 | 2 | 4; readonly value: number }
  /** A text and the zero byte that ends it. */
  | { readonly kind: 'text'; readonly bytes: Buffer; readonly ended: boolean }
  /** A parameter: its length, which may lie, and its bytes. */
  | { readonly kind: 'value'; readonly length: number; readonly bytes: Buffer }
  | { readonly kind: 'raw'; readonly bytes: Buffer }

export interface ClientMessage {
  /** The type byte; empty for a packet of the start-up. */
  readonly type: string
  readonly fields: readonly Field[]
  /** What the length says instead of the truth. */
  readonly claimedLength?: number
}

export function encode({ type, fields, claimedLength }: ClientMessage): Buffer {
  const body = Buffer.concat(fields.map(encodeField))
  const length = uint(4, claimedLength ?? body.length + 4)
  return Buffer.concat([Buffer.from(type, 'latin1'), length, body])
}

function encodeField(field: Field): Buffer {
  switch (field.kind) {
    case 'number':
      return uint(field.size, field.value)
    case 'text':
      return field.ended ? Buffer.concat([field.bytes, ZERO]) : field.bytes
    case 'value':
      return Buffer.concat([uint(4, field.length), field.bytes])
    case 'raw':
      return field.bytes
  }
}

const ZERO = Buffer.alloc(1)

function uint(size: 1 | 2 | 4, value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeInt32BE(value | 0)
  return bytes.subarray(4 - size)
}

const number = (size: 1 | 2 | 4, value: number): Field => ({ kind: 'number', size, value })
const text = (value: string): Field => ({ kind: 'text', bytes: Buffer.from(value), ended: true })

function list(size: 2 | 4, values: readonly number[]): Field[] {
  return [number(2, values.length), ...values.map((value) => number(size, value))]
}

export const SSL_REQUEST = 80_877_103
export const GSSENC_REQUEST = 80_877_104
export const CANCEL_REQUEST = 80_877_102
export const PROTOCOL_3_0 = 0x30000

/** SSLRequest, GSSENCRequest. */
export const request = (code: number): ClientMessage => ({ type: '', fields: [number(4, code)] })

export const cancel = (processId: number, secret: number): ClientMessage => ({
  type: '',
  fields: [number(4, CANCEL_REQUEST), number(4, processId), number(4, secret)],
})

export function startup(
  parameters: Readonly<Record<string, string>>,
  version = PROTOCOL_3_0,
): ClientMessage {
  const pairs = Object.entries(parameters).flat().map(text)
  return { type: '', fields: [number(4, version), ...pairs, number(1, 0)] }
}

export const password = (secret: string): ClientMessage => ({ type: 'p', fields: [text(secret)] })
export const query = (sql: string): ClientMessage => ({ type: 'Q', fields: [text(sql)] })
export const bare = (type: 'S' | 'H' | 'X' | 'c'): ClientMessage => ({ type, fields: [] })

export const parse = (name: string, sql: string, oids: readonly number[] = []): ClientMessage => ({
  type: 'P',
  fields: [text(name), text(sql), ...list(4, oids)],
})

export function bind(
  portal: string,
  statement: string,
  values: readonly (string | null)[] = [],
  formats: { readonly parameters?: readonly number[]; readonly results?: readonly number[] } = {},
): ClientMessage {
  const parameters = values.map((value): Field => {
    const bytes = Buffer.from(value ?? '')
    return { kind: 'value', length: value === null ? -1 : bytes.length, bytes }
  })
  return {
    type: 'B',
    fields: [
      text(portal),
      text(statement),
      ...list(2, formats.parameters ?? []),
      number(2, values.length),
      ...parameters,
      ...list(2, formats.results ?? []),
    ],
  }
}

export const describe = (target: 'S' | 'P', name: string): ClientMessage => ({
  type: 'D',
  fields: [number(1, target.charCodeAt(0)), text(name)],
})

export const close = (target: 'S' | 'P', name: string): ClientMessage => ({
  type: 'C',
  fields: [number(1, target.charCodeAt(0)), text(name)],
})

export const execute = (portal: string, rowsMax = 0): ClientMessage => ({
  type: 'E',
  fields: [text(portal), number(4, rowsMax)],
})

export const functionCall = (): ClientMessage => ({
  type: 'F',
  fields: [number(4, 1), ...list(2, []), number(2, 0), number(2, 0)],
})

export const copyData = (bytes: Buffer): ClientMessage => ({
  type: 'd',
  fields: [{ kind: 'raw', bytes }],
})

export const copyFail = (reason: string): ClientMessage => ({ type: 'f', fields: [text(reason)] })
