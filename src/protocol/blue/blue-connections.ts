/**
 * The connections of this door: TLS sockets, before and after somebody was proven on them.
 *
 * A client opens one for each of its cursors, so sessions are not tied to them; but they tell when a
 * client is gone, and whose bearers were shown on them.
 */
import type { Socket } from 'node:net'
import { StrangerConnections } from '../stranger-connections.ts'
import type { StrangerLimits } from '../stranger-connections.ts'
import { STRANGER_BYTES_MAX } from './blue-limits.ts'
import type { BlueLogin } from './blue-logins.ts'

/** gRPC reads whole messages before it asks whose they are; so what strangers send is looked at. */
const LOOK_MS = 100

interface Known {
  readonly socket: Socket
  readonly logins: Set<BlueLogin>
  readonly tlsVersion: string | undefined
}

export class BlueConnections {
  readonly #strangers: StrangerConnections
  readonly #known = new Map<string, Known>()
  readonly #plain = new Set<Socket>()
  readonly #timer: NodeJS.Timeout

  constructor(limits: StrangerLimits) {
    this.#strangers = new StrangerConnections(limits)
    this.#timer = setInterval(() => this.#endTalkative(), LOOK_MS).unref()
  }

  /** Below TLS, before the handshake. */
  admit(socket: Socket): void {
    this.#plain.add(socket)
    socket.once('close', () => this.#plain.delete(socket))
    this.#strangers.admit(socket)
  }

  /** After the handshake. */
  add(socket: Socket, tlsVersion: string | undefined): void {
    const key = connectionKey(socket)
    const known = { socket, logins: new Set<BlueLogin>(), tlsVersion }
    this.#known.set(key, known)
    socket.once('close', () => {
      if (this.#known.get(key) === known) this.#known.delete(key)
      for (const login of known.logins) {
        login.connections.delete(key)
        if (login.connections.size === 0) login.lostMs = Date.now()
      }
    })
  }

  tlsVersionOf(key: string): string | undefined {
    return this.#known.get(key)?.tlsVersion
  }

  /** Somebody was proven on it. */
  welcome(key: string, login: BlueLogin): void {
    const known = this.#known.get(key)
    if (!known || known.logins.has(login)) return
    known.logins.add(login)
    login.connections.add(key)
    this.#strangers.welcome(known.socket)
  }

  /** Those whose bearer was shown on it. */
  loginsOf(key: string): ReadonlySet<BlueLogin> {
    return this.#known.get(key)?.logins ?? new Set()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#strangers.destroyAll()
    for (const socket of this.#plain) socket.destroy()
  }

  #endTalkative(): void {
    for (const { socket, logins } of this.#known.values()) {
      if (logins.size === 0 && socket.bytesRead > STRANGER_BYTES_MAX) socket.destroy()
    }
  }
}

/** As gRPC names the peer of a call. */
function connectionKey({
  remoteAddress,
  remotePort,
}: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress ?? ''}:${remotePort ?? ''}`
}
