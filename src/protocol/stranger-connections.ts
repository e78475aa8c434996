/**
 * Connections on which nobody has been proven yet: so many in all, so many from one address, each
 * for so long from its beginning, or from the beginning of its newest request, to the answer.
 */
import type { Socket } from 'node:net'
import { Antechamber } from './antechamber.ts'

export interface StrangerLimits {
  readonly unauthenticatedMax: number
  readonly unauthenticatedPerAddressMax: number
  /** How long a stranger may take, in milliseconds. */
  readonly loginMs: number
}

interface Stranger {
  readonly socket: Socket
  readonly leave: () => void
  timer: NodeJS.Timeout
}

/** TLS hides the socket below it; both know whom they talk to. */
type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>

export class StrangerConnections {
  readonly #antechamber: Antechamber
  readonly #limits: StrangerLimits
  readonly #strangers = new Map<string, Stranger>()

  constructor(limits: StrangerLimits) {
    this.#limits = limits
    this.#antechamber = new Antechamber(
      limits.unauthenticatedMax,
      limits.unauthenticatedPerAddressMax,
    )
  }

  /** @param socket Below TLS. It is destroyed when there is no room, or when its time is up. */
  admit(socket: Socket): void {
    const leave = this.#antechamber.enter(socket.remoteAddress ?? '')
    if (!leave) {
      socket.destroy()
      return
    }
    const key = keyOf(socket)
    const timer = setTimeout(() => socket.destroy(), this.#limits.loginMs)
    const stranger = { socket, leave, timer }
    this.#strangers.set(key, stranger)
    socket.once('close', () => this.#forget(key, stranger))
  }

  /** A request begins on it. */
  startRequest(peer: Peer): void {
    this.#strangers.get(keyOf(peer))?.timer.refresh()
  }

  /** Somebody was proven on it: it is no stranger's any more. */
  welcome(peer: Peer): void {
    const key = keyOf(peer)
    const stranger = this.#strangers.get(key)
    if (stranger) this.#forget(key, stranger)
  }

  /** At the end: also those that have not finished their handshake, which no server lists. */
  destroyAll(): void {
    for (const { socket } of this.#strangers.values()) socket.destroy()
  }

  #forget(key: string, stranger: Stranger): void {
    clearTimeout(stranger.timer)
    stranger.leave()
    if (this.#strangers.get(key) === stranger) this.#strangers.delete(key)
  }
}

function keyOf({ remoteAddress, remotePort }: Peer): string {
  return `${remoteAddress ?? ''} ${remotePort ?? ''}`
}
