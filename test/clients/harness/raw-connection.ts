/**
 * A connection that does what no stock client does: leaves answers unread, asks for single
 * messages, tells what came to the byte. TLS, cleartext password.
 */
import { readFileSync } from 'node:fs'
import net from 'node:net'
import tls from 'node:tls'
import { present } from '../../../src/base/assert.ts'
import type { ConnectOptions } from './client-connection.ts'
import { cancelRequest, fieldsOf, password, sslRequest, startupMessage } from './raw-messages.ts'
import type { RawMessage } from './raw-messages.ts'

export class RawConnection {
  readonly #socket: tls.TLSSocket
  #unread = Buffer.alloc(0)
  #messages: RawMessage[] = []
  #arrived: () => void = () => undefined
  #closed = false
  #key: { pid: number; secret: number } | undefined

  /** Logged in, after the first ReadyForQuery. @throws Error with the server's refusal. */
  static async open(options: ConnectOptions): Promise<RawConnection> {
    const connection = new RawConnection(await openTls(options))
    await connection.#logIn(options)
    return connection
  }

  private constructor(socket: tls.TLSSocket) {
    this.#socket = socket
    socket.on('error', () => undefined) // 'close' follows
    socket.on('close', () => {
      this.#closed = true
      this.#arrived()
    })
    socket.on('data', (bytes) => this.#read(bytes))
  }

  get isClosed(): boolean {
    return this.#closed
  }

  send(...messages: readonly Buffer[]): void {
    this.#socket.write(Buffer.concat(messages))
  }

  /** Undefined when the server has closed the connection and all is read. */
  async next(): Promise<RawMessage | undefined> {
    for (;;) {
      const message = this.#messages.shift()
      if (message || this.#closed) return message
      await new Promise<void>((resolve) => (this.#arrived = resolve))
    }
  }

  /** All messages up to the first of these types, that one last; or up to the end. */
  async until(types: string): Promise<RawMessage[]> {
    const messages: RawMessage[] = []
    for (;;) {
      const message = await this.next()
      if (message) messages.push(message)
      if (!message || types.includes(message.type)) return messages
    }
  }

  /** As `until`, but counts the DataRows instead of keeping them: for millions of them. */
  async countUntil(types: string): Promise<{ rows: number; messages: RawMessage[] }> {
    const messages: RawMessage[] = []
    for (let rows = 0; ;) {
      const message = await this.next()
      if (message?.type === 'D') rows += 1
      else if (message) messages.push(message)
      if (!message || types.includes(message.type)) return { rows, messages }
    }
  }

  /** From now on nothing is read from the socket, so that the server's sending comes to a halt. */
  stopReading(): void {
    this.#socket.pause()
  }

  startReading(): void {
    this.#socket.resume()
  }

  /** Over a connection of its own, unencrypted, as most clients send it. */
  async cancel(how: { readonly wrongSecret?: boolean } = {}): Promise<void> {
    const { pid, secret } = present(this.#key, 'the server has sent BackendKeyData')
    const sent = how.wrongSecret === true ? secret ^ 1 : secret
    const socket = net.connect(this.#socket.remotePort ?? 0, this.#socket.remoteAddress)
    socket.end(cancelRequest(pid, sent))
    socket.resume()
    await new Promise((resolve) => socket.on('close', resolve))
  }

  /** Drops the connection without a word. */
  destroy(): void {
    this.#socket.destroy()
  }

  async #logIn(options: ConnectOptions): Promise<void> {
    this.send(startupMessage({ user: options.user, database: options.database }))
    for (;;) {
      const message = await this.next()
      if (!message) throw new Error('the server closed the connection during the login')
      if (message.type === 'E') throw new Error(`login refused: ${fieldsOf(message)['M']}`)
      if (message.type === 'K') {
        this.#key = { pid: message.body.readInt32BE(0), secret: message.body.readInt32BE(4) }
      }
      if (message.type === 'Z') return
      const isPasswordRequest = message.type === 'R' && message.body.readInt32BE(0) === 3
      if (isPasswordRequest) this.send(password(options.password))
    }
  }

  #read(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes])
    while (this.#unread.length >= 5) {
      const end = this.#unread.readInt32BE(1) + 1
      if (this.#unread.length < end) break
      const type = this.#unread.toString('latin1', 0, 1)
      this.#messages.push({ type, body: this.#unread.subarray(5, end) })
      this.#unread = this.#unread.subarray(end)
    }
    this.#arrived()
  }
}

async function openTls({ host, port, caFile }: ConnectOptions): Promise<tls.TLSSocket> {
  const plain = net.connect(port, host)
  await new Promise<void>((resolve, reject) => {
    plain.once('connect', () => resolve())
    plain.once('error', reject)
  })
  plain.write(sslRequest())
  const answer = await new Promise<Buffer>((resolve) => plain.once('data', resolve))
  if (answer.toString() !== 'S') throw new Error(`no TLS: ${answer.toString()}`)
  const socket = tls.connect({ socket: plain, host, ca: readFileSync(caFile) })
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', () => resolve())
    socket.once('error', reject)
  })
  return socket
}
