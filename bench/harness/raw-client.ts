/**
 * The smallest client of the PostgreSQL protocol that can be fast: TLS, a cleartext or SCRAM-less
 * password, simple queries, rows counted and thrown away.
 *
 * Real drivers are bound by their own decoding; this one is not, so it shows the server. It hops
 * from header to header and keeps nothing.
 */
import { connect as connectTcp } from 'node:net'
import type { Socket } from 'node:net'
import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'

export interface Target {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  readonly password: string
}

export interface QueryCount {
  readonly rows: number
  readonly bytes: number
}

const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex')
const [AUTHENTICATION, DATA_ROW, ERROR, READY, COPY_DATA, COPY_IN] = [
  'R',
  'D',
  'E',
  'Z',
  'd',
  'G',
].map((c) => c.charCodeAt(0))

export class RawClient {
  readonly #socket: Socket
  /** Bytes of a message that has not arrived whole. */
  #rest: Buffer = Buffer.alloc(0)
  #skip = 0
  #rows = 0
  #bytes = 0
  #password: string
  #waiting: { resolve: (count: QueryCount) => void; reject: (error: Error) => void } | undefined
  #error: string | undefined
  /** Where CopyData goes; undefined: nowhere. */
  #copied: Buffer[] | undefined
  #copyBegins: (() => void) | undefined

  private constructor(socket: Socket, password: string) {
    this.#socket = socket
    this.#password = password
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', (error) => this.#waiting?.reject(error))
    socket.on('close', () => this.#waiting?.reject(new Error(this.#error ?? 'connection closed')))
  }

  static async connect(target: Target): Promise<RawClient> {
    const tcp = connectTcp({ host: target.host, port: target.port, noDelay: true })
    await once(tcp, 'connect')
    tcp.write(SSL_REQUEST)
    const [answer] = (await once(tcp, 'data')) as [Buffer]
    if (answer.toString() !== 'S') throw new Error('the server has no TLS')
    const socket = connectTls({ socket: tcp, rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const client = new RawClient(socket, target.password)
    const body = `user\0${target.user}\0database\0${target.database}\0\0`
    const head = Buffer.alloc(8)
    head.writeInt32BE(8 + body.length, 0)
    head.writeInt32BE(196608, 4)
    await client.#send(Buffer.concat([head, Buffer.from(body)]))
    return client
  }

  /** Runs a simple query to its end. @throws with the server's message. */
  async query(text: string): Promise<QueryCount> {
    return await this.#send(message('Q', text))
  }

  /** What COPY … TO STDOUT sends, one piece a message. */
  async copyOut(text: string): Promise<readonly Buffer[]> {
    const copied: Buffer[] = []
    this.#copied = copied
    await this.#send(message('Q', text))
    this.#copied = undefined
    return copied
  }

  /** Sends these pieces `times` over, at the pace of the server. */
  async copyIn(text: string, pieces: readonly Buffer[], times: number): Promise<void> {
    const begins = new Promise<void>((resolve) => (this.#copyBegins = resolve))
    const done = this.#send(message('Q', text))
    await Promise.race([begins, done])
    const messages = pieces.map((piece) => Buffer.concat([head('d', piece.length), piece]))
    for (let time = 0; time < times; time += 1) {
      for (const one of messages) {
        if (!this.#socket.write(one)) await Promise.race([once(this.#socket, 'drain'), done])
      }
    }
    this.#socket.write(head('c', 0))
    await done
  }

  /** Stops taking bytes, so that the server feels a client that does not read. */
  pause(): void {
    this.#socket.pause()
  }

  close(): void {
    this.#socket.end(Buffer.from('5800000004', 'hex'))
    this.#socket.destroySoon()
  }

  async #send(bytes: Buffer): Promise<QueryCount> {
    this.#rows = 0
    this.#bytes = 0
    return await new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket.write(bytes)
    })
  }

  #read(chunk: Buffer): void {
    this.#bytes += chunk.length
    let at = Math.min(this.#skip, chunk.length)
    this.#skip -= at
    if (this.#rest.length > 0) {
      chunk = Buffer.concat([this.#rest, chunk])
      this.#rest = Buffer.alloc(0)
      at = 0
    }
    while (chunk.length - at >= 5) {
      const length = chunk.readInt32BE(at + 1) + 1
      const type = chunk[at]
      if (type === DATA_ROW) {
        this.#rows += 1
        if (at + length > chunk.length) {
          this.#skip = at + length - chunk.length
          return
        }
      } else {
        if (at + length > chunk.length) break
        this.#control(type, chunk.subarray(at + 5, at + length))
      }
      at += length
    }
    if (at < chunk.length) this.#rest = Buffer.from(chunk.subarray(at))
  }

  #control(type: number | undefined, body: Buffer): void {
    if (type === COPY_DATA) this.#copied?.push(Buffer.from(body))
    if (type === COPY_IN) this.#copyBegins?.()
    if (type === AUTHENTICATION && body.readInt32BE(0) === 3) {
      this.#socket.write(message('p', this.#password))
    } else if (type === ERROR) {
      this.#error = body.toString().replaceAll('\0', ' ')
    } else if (type === READY) {
      const { resolve, reject } = this.#waiting ?? {}
      this.#waiting = undefined
      const error = this.#error
      this.#error = undefined
      if (error) reject?.(new Error(error))
      else resolve?.({ rows: this.#rows, bytes: this.#bytes })
    }
  }
}

function message(type: string, text: string): Buffer {
  const body = Buffer.from(`${text}\0`)
  return Buffer.concat([head(type, body.length), body])
}

function head(type: string, bodyBytes: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes.write(type)
  bytes.writeInt32BE(bodyBytes + 4, 1)
  return bytes
}
