/**
 * The oracle: from what a client sent and what it got back to whether the door kept the protocol.
 *
 * It reads the bytes by itself. A conversation has three parts: packets of the start-up, the
 * password, and messages; an invalid frame ends it with FATAL and nothing afterwards.
 */
import { AnswerCursor, AnswersMissing, WrongAnswer } from './answer-cursor.ts'
import { readAnswers } from './backend-reader.ts'
import { CANCEL_REQUEST, GSSENC_REQUEST, PROTOCOL_3_0, SSL_REQUEST } from './client-message.ts'
import { isMessageType, readMessage, readPassword, readStartup } from './frontend-reader.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import { SessionModel } from './session-model.ts'

export interface Exchange {
  readonly sent: Buffer
  readonly received: Buffer
  /** True when the sent bytes went through TLS. */
  readonly secure: boolean
  /** True when the door has closed the connection: nothing more will come. */
  readonly closed: boolean
  /** Somebody cancels statements of this session. */
  readonly mayCancel?: boolean
}

export interface Verdict {
  /** Whole messages that the door had to read. */
  readonly messages: number
  /** `ends`: the door must close by itself. `tls`: from here on only TLS may be spoken. */
  readonly next: 'waits' | 'ends' | 'tls'
  /** An answer is missing; `owed` when it must come without the client doing more. */
  readonly missing: 'nothing' | 'unsent' | 'owed'
  /** Everything had to happen just as it did. */
  readonly exact: boolean
  /** It came to a session. */
  readonly loggedIn: boolean
}

/** @throws WrongAnswer when the door broke the protocol. */
export function judge(world: FuzzWorld, exchange: Exchange): Verdict {
  return new Judgement(world, exchange).verdict()
}

const STARTUP_BYTES_MAX = 10_000
const PASSWORD_BYTES_MAX = 4096
const TLS_HANDSHAKE = 0x16
/** Answers up to the first message that makes the door flush stay with it. */
const FLUSHES = new Set(['S', 'Q', 'F', 'H', 'X'])

class Judgement {
  readonly #world: FuzzWorld
  readonly #exchange: Exchange
  #at = 0
  #received: Buffer
  #messages = 0
  #next: Verdict['next'] = 'waits'
  #exact = true
  #loggedIn = false

  constructor(world: FuzzWorld, exchange: Exchange) {
    this.#world = world
    this.#exchange = exchange
    this.#received = exchange.received
  }

  verdict(): Verdict {
    let missing: Verdict['missing'] = 'nothing'
    try {
      this.#startUp()
    } catch (error) {
      if (!(error instanceof AnswersMissing)) throw error
      missing = this.#flushFollows() ? 'owed' : 'unsent'
    }
    const [messages, next, exact] = [this.#messages, this.#next, this.#exact]
    return { messages, next, missing, exact, loggedIn: this.#loggedIn }
  }

  get #rest(): Buffer {
    return this.#exchange.sent.subarray(this.#at)
  }

  #answers(): AnswerCursor {
    return new AnswerCursor(readAnswers(this.#received, this.#exchange.closed))
  }

  #startUp(): void {
    if (!this.#exchange.secure && this.#rest[0] === TLS_HANDSHAKE) return this.#tls()
    let gssAsked = false
    for (;;) {
      const rest = this.#rest
      if (rest.length < 4) return this.#waits()
      const length = rest.readUInt32BE(0)
      if (length < 8 || length > STARTUP_BYTES_MAX) return this.#fatal('a start-up', ['08P01'])
      if (rest.length < length) return this.#waits()
      this.#at += length
      this.#messages += 1
      const [code, body] = [rest.readUInt32BE(4), rest.subarray(8, length)]
      if (code === GSSENC_REQUEST) {
        if (gssAsked || this.#exchange.secure || body.length > 0) {
          return this.#fatal('GSSENCRequest', ['08P01'])
        }
        gssAsked = true
        this.#byte('N')
      } else if (code === SSL_REQUEST) {
        return this.#sslRequest(body)
      } else if (code === CANCEL_REQUEST) {
        if (body.length !== 8) return this.#fatal('a CancelRequest', ['08P01'])
        this.#next = 'ends'
        return this.#answers().expectNoMore('a CancelRequest')
      } else if (code >>> 16 !== PROTOCOL_3_0 >>> 16) {
        return this.#fatal('another version', ['0A000'])
      } else return this.#logIn(code & 0xffff, readStartup(body))
    }
  }

  #sslRequest(body: Buffer): void {
    if (this.#exchange.secure || body.length > 0) return this.#fatal('SSLRequest', ['08P01'])
    // what came with it, and not after the answer, is refused; which of both it was is not seen here
    if (this.#received.toString('latin1', 0, 1) === 'E') return this.#fatal('SSLRequest', ['08P01'])
    // a handshake that fails drops the line, with what a client that is slow has not taken yet
    if (this.#received.length > 0 || this.#rest.length === 0) this.#byte('S')
    this.#tls()
  }

  /** Nobody here speaks TLS: what comes is alerts, and the connection ends. */
  #tls(): void {
    this.#next = 'tls'
  }

  #byte(expected: string): void {
    if (this.#received.length === 0) throw new AnswersMissing()
    const byte = this.#received.toString('latin1', 0, 1)
    if (byte !== expected) throw new WrongAnswer(`byte ${byte} where ${expected} is due`)
    this.#received = this.#received.subarray(1)
  }

  #logIn(minor: number, parameters: ReadonlyMap<string, string> | undefined): void {
    if (!parameters) return this.#fatal('a StartupMessage', ['08P01', '22021'])
    if (this.#world.tlsOnly && !this.#exchange.secure) return this.#fatal('plain text', ['28000'])
    const names = [...parameters.keys()]
    const options = names.filter((name) => name.startsWith('_pq_.'))
    const [user = '', database = ''] = [parameters.get('user'), parameters.get('database')]
    if (user === '') return this.#fatal('nobody', ['28000'])
    const answers = this.#answers()
    const refused = names.includes('replication') || /bluegate_/i.test(database)
    if (refused && answers.nextType === 'E') return this.#fatal('a StartupMessage')
    if (minor > 0 || options.length > 0) answers.take('v', 'a newer protocol')
    const asked = answers.take('R', 'a StartupMessage').body.readInt32BE(0)
    if (asked !== 3) throw new WrongAnswer(`Authentication ${asked} where 3 is due`)
    this.#password(answers, user, parameters)
  }

  #password(answers: AnswerCursor, user: string, parameters: ReadonlyMap<string, string>): void {
    const length = this.#frameLength(PASSWORD_BYTES_MAX, answers)
    if (length === undefined) return
    const rest = this.#rest
    this.#at += 1 + length
    this.#messages += 1
    if (rest[0] !== 'p'.charCodeAt(0)) return this.#fatalNow(answers, 'no password', ['08P01'])
    const secret = readPassword(rest.subarray(5, 1 + length))
    if (secret === undefined) return this.#fatalNow(answers, 'a password', ['08P01', '22021'])
    if (user !== this.#world.user || secret !== this.#world.token) {
      return this.#fatalNow(answers, 'a wrong password', ['28P01'])
    }
    const plain = [...parameters.keys()].every((name) => HARMLESS.has(name))
    const known = ['', user, 'master'].includes(parameters.get('database') ?? '')
    if ((!plain || !known) && answers.nextType === 'E') {
      this.#exact = false
      return this.#fatalNow(answers, 'a start-up that is refused')
    }
    const granted = answers.take('R', 'the password').body.readInt32BE(0)
    if (granted !== 0) throw new WrongAnswer(`Authentication ${granted} where 0 is due`)
    answers.takeAll('N')
    answers.take('K', 'the password')
    answers.takeAll('S')
    answers.take('Z', 'the password')
    this.#loggedIn = true
    this.#converse(answers)
  }

  #converse(answers: AnswerCursor): void {
    const model = new SessionModel(this.#world, answers, this.#exchange.mayCancel ?? false)
    for (;;) {
      this.#exact = model.exact
      const type = String.fromCharCode(this.#rest[0] ?? 0)
      if (this.#rest.length > 0 && !isMessageType(type)) {
        return this.#fatalNow(answers, 'a type that there is not', ['08P01'])
      }
      const length = this.#frameLength(this.#world.messageBytesMax, answers)
      if (length === undefined || !isMessageType(type)) return
      const body = this.#rest.subarray(5, 1 + length)
      if (type === 'X') {
        this.#messages += 1
        this.#next = 'ends'
        return answers.expectNoMore('Terminate')
      }
      model.follow(type, readMessage(type, body)) // first the answers: what is owed starts here
      this.#messages += 1
      this.#at += 1 + length
      if (model.lost) return this.#fatalNow(answers, 'a message that is none of COPY', ['08P01'])
    }
  }

  /** The length of the next frame, or undefined where it is not whole, or ends the connection. */
  #frameLength(bytesMax: number, answers: AnswerCursor): number | undefined {
    const rest = this.#rest
    const length = rest.length < 5 ? undefined : rest.readUInt32BE(1)
    if (length !== undefined && length < 4) {
      this.#fatalNow(answers, 'a length too small', ['08P01'])
    } else if (length !== undefined && length > bytesMax) {
      this.#fatalNow(answers, 'a length too large', ['54000'])
    } else if (length !== undefined && rest.length > length) {
      return length
    } else {
      answers.expectNoMore('the last whole message')
    }
    return undefined
  }

  #waits(): void {
    this.#answers().expectNoMore('what is not whole yet')
  }

  #fatal(why: string, codes?: readonly string[]): void {
    this.#fatalNow(this.#answers(), why, codes)
  }

  #fatalNow(answers: AnswerCursor, why: string, codes?: readonly string[]): void {
    this.#next = 'ends'
    answers.takeFatal(why, codes)
  }

  /** Before the login every answer is flushed; after it only some messages make the door do so. */
  #flushFollows(): boolean {
    if (!this.#loggedIn || this.#next === 'ends') return true
    for (let at = this.#at; at < this.#exchange.sent.length;) {
      const rest = this.#exchange.sent.subarray(at)
      const type = String.fromCharCode(rest[0] ?? 0)
      if (!isMessageType(type)) return true
      if (rest.length < 5) return false
      const length = rest.readUInt32BE(1)
      if (length < 4 || length > this.#world.messageBytesMax) return true
      if (rest.length < 1 + length) return false
      const malformed = readMessage(type, rest.subarray(5, 1 + length)) === undefined
      if (FLUSHES.has(type) || malformed) return true
      at += 1 + length
    }
    return false
  }
}

/** Parameters of a start-up that nothing can refuse. */
const HARMLESS: ReadonlySet<string> = new Set(['user', 'database', 'application_name', '_pq_.x'])
