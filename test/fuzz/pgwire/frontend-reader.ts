/**
 * What a server must make of a client's bytes: whole messages, and whether each is well formed.
 * Written from the PostgreSQL manual, "Message Formats"; it shares nothing with the door.
 */
import { isUtf8 } from 'node:buffer'

export type ReadMessage =
  | { readonly type: 'Q'; readonly text: string }
  | {
      readonly type: 'P'
      readonly name: string
      readonly text: string
      readonly oids: readonly number[]
    }
  | {
      readonly type: 'B'
      readonly portal: string
      readonly statement: string
      readonly formats: readonly number[]
      readonly values: readonly (Buffer | null)[]
      readonly results: readonly number[]
    }
  | { readonly type: 'D'; readonly target: 'S' | 'P'; readonly name: string }
  | { readonly type: 'C'; readonly target: 'S' | 'P'; readonly name: string }
  | { readonly type: 'E'; readonly portal: string; readonly rowsMax: number }
  | { readonly type: 'd'; readonly data: Buffer }
  | { readonly type: 'H' | 'S' | 'X' | 'F' | 'c' | 'f' }

export type MessageType = ReadMessage['type']

// prettier-ignore
export const MESSAGE_TYPES = [
  'Q', 'P', 'B', 'D', 'E', 'C', 'H', 'S', 'F', 'd', 'c', 'f', 'X',
] as const satisfies readonly MessageType[]

const TYPES: ReadonlySet<string> = new Set(MESSAGE_TYPES)

export function isMessageType(type: string): type is MessageType {
  return TYPES.has(type)
}

/** @returns undefined for a body that is no such message. */
export function readMessage(type: MessageType, body: Buffer): ReadMessage | undefined {
  return attempt(body, (fields) => readFields(type, fields))
}

/** @returns undefined for a body that is no PasswordMessage. */
export function readPassword(body: Buffer): string | undefined {
  return attempt(body, (fields) => fields.text())
}

/** The parameters of a StartupMessage, from behind its version; undefined where it is none. */
export function readStartup(body: Buffer): ReadonlyMap<string, string> | undefined {
  return attempt(body, (fields) => {
    const parameters = new Map<string, string>()
    for (let name = fields.text(); name !== ''; name = fields.text()) {
      parameters.set(name, fields.text())
    }
    return parameters
  })
}

function readFields(type: MessageType, fields: Fields): ReadMessage {
  switch (type) {
    case 'Q':
      return { type, text: fields.text() }
    case 'P':
      return { type, name: fields.text(), text: fields.text(), oids: fields.list(4) }
    case 'B': {
      const [portal, statement] = [fields.text(), fields.text()]
      const formats = codes(fields)
      const values = Array.from({ length: fields.count(4) }, () => fields.value())
      if (formats.length > 1 && formats.length !== values.length) throw MALFORMED
      return { type, portal, statement, formats, values, results: codes(fields) }
    }
    case 'D':
    case 'C': {
      const target = String.fromCharCode(fields.number(1))
      if (target !== 'S' && target !== 'P') throw MALFORMED
      return { type, target, name: fields.text() }
    }
    case 'E':
      return { type, portal: fields.text(), rowsMax: Math.max(fields.number(4) | 0, 0) }
    case 'H':
    case 'S':
      return { type }
    case 'X': // ends the session whatever it carries
    case 'F': // refused whatever it carries, and what belongs to a COPY is passed over
    case 'd':
      return { type, data: fields.all() }
    case 'c':
    case 'f':
      fields.skipAll()
      return { type }
  }
}

function codes(fields: Fields): number[] {
  const formats = fields.list(2)
  if (formats.some((code) => code > 1)) throw MALFORMED
  return formats
}

const MALFORMED = new Error('malformed')

function attempt<T>(body: Buffer, read: (fields: Fields) => T): T | undefined {
  try {
    const fields = new Fields(body)
    const result = read(fields)
    return fields.left === 0 ? result : undefined
  } catch (error) {
    if (error === MALFORMED) return undefined
    throw error
  }
}

class Fields {
  readonly #body: Buffer
  #at = 0

  constructor(body: Buffer) {
    this.#body = body
  }

  get left(): number {
    return this.#body.length - this.#at
  }

  skipAll(): void {
    this.#at = this.#body.length
  }

  all(): Buffer {
    return this.#take(this.left)
  }

  number(size: 1 | 2 | 4): number {
    return this.#take(size).readUIntBE(0, size)
  }

  text(): string {
    const end = this.#body.indexOf(0, this.#at)
    if (end < 0) throw MALFORMED
    const bytes = this.#take(end - this.#at)
    this.#at += 1
    if (!isUtf8(bytes)) throw MALFORMED
    return bytes.toString()
  }

  /** A count of things of at least so many bytes, all of which must be there. */
  count(bytesEach: number): number {
    const count = this.number(2)
    if (count * bytesEach > this.left) throw MALFORMED
    return count
  }

  list(size: 2 | 4): number[] {
    return Array.from({ length: this.count(size) }, () => this.number(size))
  }

  value(): Buffer | null {
    const length = this.number(4) | 0
    return length === -1 ? null : this.#take(length)
  }

  #take(count: number): Buffer {
    if (count < 0 || count > this.left) throw MALFORMED
    this.#at += count
    return this.#body.subarray(this.#at - count, this.#at)
  }
}
