/**
 * A session at the PostgreSQL door: TLS from the first byte, the token as password, simple queries.
 *
 * The certificate and its name are always verified: no option and no variable turns that off.
 * Source: PostgreSQL manual, "Message Flow" and "Message Formats".
 */
import tls from 'node:tls'
import { GatewayError } from '../../base/gateway-error.ts'
import { untrustedCertificate } from '../untrusted-certificate.ts'
import { IncomingMessages } from './incoming-messages.ts'
import type { IncomingMessage } from './incoming-messages.ts'
import {
  cancelRequest,
  copyFail,
  passwordMessage,
  queryMessage,
  startupMessage,
  terminate,
} from './outgoing-messages.ts'
import {
  decodeAuthentication,
  decodeCancelKey,
  decodeColumns,
  decodeRow,
  decodeServerMessage,
  decodeTag,
} from './server-messages.ts'
import type { CancelKey, ServerMessage } from './server-messages.ts'

/** Where the door is, and whom to trust there. */
export interface DoorAddress {
  readonly host: string
  readonly port: number
  /** PEM; undefined: what the system trusts. */
  readonly ca: string | undefined
}

export interface Login {
  readonly user: string
  readonly token: string
  readonly database: string
  /** Settings that the session starts with. */
  readonly settings: Readonly<Record<string, string>>
}

/** What comes of a statement, in its order. */
export type SqlEvent =
  | { readonly kind: 'columns'; readonly names: readonly string[] }
  | { readonly kind: 'row'; readonly values: readonly (string | null)[] }
  /** Of COPY … TO STDOUT, as it is. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'notice'; readonly message: ServerMessage }
  | { readonly kind: 'error'; readonly message: ServerMessage }

/** What the server refused, with its SQLSTATE and place. */
export class SqlError extends Error {
  readonly fields: ServerMessage

  constructor(fields: ServerMessage) {
    super(fields.message)
    this.fields = fields
  }
}

const NO_INPUT = 'the console has no data to send; load files with `bluegate load`'

export class SqlConnection {
  readonly #address: DoorAddress
  readonly #socket: tls.TLSSocket
  readonly #incoming: IncomingMessages
  #key: CancelKey | undefined

  /** @throws GatewayError `cannot_connect_now`; SqlError for a login that is refused. */
  static async open(address: DoorAddress, login: Login): Promise<SqlConnection> {
    const connection = new SqlConnection(address, await openTls(address))
    try {
      await connection.#logIn(login)
      return connection
    } catch (error) {
      connection.close()
      throw error
    }
  }

  private constructor(address: DoorAddress, socket: tls.TLSSocket) {
    this.#address = address
    this.#socket = socket
    this.#incoming = new IncomingMessages(socket)
    socket.on('error', () => undefined) // reading fails, and says so
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && !this.#socket.readableEnded
  }

  /**
   * Runs one text. The events of each piece that arrived, so that nothing waits and nothing gathers:
   * no more is read from the socket until they were taken. Is to be read to its end.
   *
   * @throws GatewayError `crash_shutdown` when the connection breaks.
   */
  async *run(text: string): AsyncGenerator<readonly SqlEvent[]> {
    this.#socket.write(queryMessage(text))
    for (;;) {
      const messages = await this.#next()
      const events = messages.flatMap((message) => this.#eventOf(message))
      if (events.length > 0) yield events
      if (messages.at(-1)?.type === 'Z') return
    }
  }

  /** Asks for the running statement to be cancelled, over a connection of its own. */
  async cancel(): Promise<void> {
    if (!this.#key) return
    const socket = await openTls(this.#address)
    socket.on('error', () => undefined) // it is closed without an answer
    socket.end(cancelRequest(this.#key))
    socket.resume()
  }

  close(): void {
    if (this.#socket.writable) this.#socket.end(terminate())
    this.#socket.destroySoon()
  }

  async #logIn({ user, token, database, settings }: Login): Promise<void> {
    this.#socket.write(
      startupMessage({ user, database, application_name: 'bluegate console', ...settings }),
    )
    for (;;) {
      for (const { type, body } of await this.#next()) {
        switch (type) {
          case 'R':
            if (decodeAuthentication(body) === 'cleartext')
              this.#socket.write(passwordMessage(token))
            break
          case 'E':
            throw new SqlError(decodeServerMessage(body))
          case 'K':
            this.#key = decodeCancelKey(body)
            break
          case 'Z':
            return
        }
      }
    }
  }

  async #next(): Promise<readonly IncomingMessage[]> {
    const messages = await this.#incoming.next()
    if (messages) return messages
    throw new GatewayError('crash_shutdown', 'the connection was closed', {
      hint: 'Whether the running statement took effect is unknown: look before you repeat it.',
    })
  }

  #eventOf({ type, body }: IncomingMessage): SqlEvent[] {
    switch (type) {
      case 'D':
        return [{ kind: 'row', values: decodeRow(body) }]
      case 'T':
        return [{ kind: 'columns', names: decodeColumns(body) }]
      case 'C':
        return [{ kind: 'tag', tag: decodeTag(body) }]
      case 'N':
        return [{ kind: 'notice', message: decodeServerMessage(body) }]
      case 'E':
        return [{ kind: 'error', message: decodeServerMessage(body) }]
      case 'd':
        return [{ kind: 'bytes', bytes: body }]
      case 'G':
        this.#socket.write(copyFail(NO_INPUT))
        return []
      default:
        return []
    }
  }
}

async function openTls({ host, port, ca }: DoorAddress): Promise<tls.TLSSocket> {
  return await new Promise((resolve, reject) => {
    const socket = tls.connect({
      host,
      port,
      ALPNProtocols: ['postgresql'],
      rejectUnauthorized: true, // also where a variable of Node says otherwise
      ...(ca !== undefined && { ca }),
    })
    const fail = (error: NodeJS.ErrnoException): void => reject(unreachable(host, port, error))
    socket.once('error', fail)
    socket.once('secureConnect', () => {
      socket.off('error', fail)
      resolve(socket)
    })
  })
}

function unreachable(host: string, port: number, error: NodeJS.ErrnoException): GatewayError {
  const { code = '' } = error
  const where = `${host}:${port}`
  return (
    untrustedCertificate(where, error) ??
    new GatewayError('cannot_connect_now', `no gateway answers at ${where}: ${code}`, {
      hint: 'Check --host and --port, and that the gateway listens there (`bluegate status` shows `pg`).',
      cause: error,
    })
  )
}
