/** One conversation with a running gateway, through real sockets: in TLS, or in plain text. */
import { readFileSync } from 'node:fs'
import net from 'node:net'
import { setImmediate as turn, setTimeout } from 'node:timers/promises'
import tls from 'node:tls'
import type { BluegateServer } from '../../clients/harness/bluegate-server.ts'
import { PGWIRE_LIMITS } from '../../../src/protocol/pgwire/pgwire-limits.ts'
import { WrongAnswer } from './answer-cursor.ts'
import { SSL_REQUEST, encode, request } from './client-message.ts'
import { chunksOf } from './conversation.ts'
import type { Conversation } from './conversation.ts'
import { COPY_IN, knownStatements } from './fuzz-world.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import { judge } from './judge.ts'
import type { Verdict } from './judge.ts'

/** Without a byte. A wrong token's answer waits for up to 5 s; nothing else takes so long. */
const SILENCE_MS_MAX = 20_000

/** Answers come in many pieces; they are judged together. */
const GATHER_MS = 5

/** What a gateway must have before the fuzzer may talk to it. */
export async function prepareGateway(server: BluegateServer): Promise<FuzzWorld> {
  await server.admin('CREATE TABLE t (n integer)')
  const { name, token } = await server.createClient('fuzzer', [
    'SELECT ON TABLE t',
    'INSERT ON TABLE t',
  ])
  return {
    user: name,
    token,
    tlsOnly: true,
    messageBytesMax: PGWIRE_LIMITS.messageBytesMax,
    preparedStatementsMax: PGWIRE_LIMITS.preparedStatementsMax,
    portalsMax: PGWIRE_LIMITS.portalsMax,
    floodMessages: 300,
    copyIn: COPY_IN,
    statements: knownStatements(
      (rows) => `SELECT n FROM generate_series(1, ${rows}) AS g(n)`,
      {
        text: "SELECT CAST('x' || n AS integer) AS x FROM generate_series(1, 2) AS g(n)",
        failsEarly: true,
      },
      1,
    ),
  }
}

/** @returns a function that has one conversation. It throws when the gateway did anything wrong. */
export function talkThroughSockets(
  { host, port, caFile }: Pick<BluegateServer, 'host' | 'port' | 'caFile'>,
  world: FuzzWorld,
  secure: boolean,
): (conversation: Conversation) => Promise<Verdict> {
  const ca = readFileSync(caFile, 'utf8')
  return async (conversation) => {
    const plain = net.connect(port, host)
    plain.on('error', () => undefined) // 'close' follows
    const direct = conversation.index % 4 === 0
    const socket = secure ? await inTls(plain, { host, ca }, direct) : plain
    return await new Talk(socket, conversation, world, secure).run()
  }
}

async function inTls(
  plain: net.Socket,
  { host, ca }: { readonly host: string; readonly ca: string },
  direct: boolean,
): Promise<tls.TLSSocket> {
  if (!direct) {
    plain.write(encode(request(SSL_REQUEST)))
    await new Promise((resolve) => plain.once('data', resolve))
  }
  const socket = tls.connect({ socket: plain, host, ca, ALPNProtocols: ['postgresql'] })
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve)
    socket.once('error', reject)
  })
  return socket
}

class Talk {
  readonly #socket: net.Socket
  readonly #conversation: Conversation
  readonly #world: FuzzWorld
  readonly #secure: boolean
  readonly #received: Buffer[] = []
  readonly #sent: Buffer
  #closed = false
  #wake: () => void = () => undefined

  constructor(socket: net.Socket, conversation: Conversation, world: FuzzWorld, secure: boolean) {
    this.#socket = socket
    this.#conversation = conversation
    this.#world = world
    this.#secure = secure
    this.#sent = Buffer.concat(conversation.pieces)
    socket.on('error', () => undefined) // 'close' follows
    socket.on('data', (chunk: Buffer) => {
      this.#received.push(chunk)
      this.#wake()
    })
    socket.on('close', () => {
      this.#closed = true
      this.#wake()
    })
  }

  async run(): Promise<Verdict> {
    try {
      for (const chunk of chunksOf(this.#conversation)) {
        if (this.#closed) break
        this.#socket.write(chunk)
        await turn()
      }
      const verdict = await this.#until(({ missing, next }) => {
        if (next === 'tls') return true
        return missing !== 'owed' && (next === 'waits' || this.#closed)
      }, 'no answer where one is due')
      if (verdict.next === 'waits' && this.#closed) {
        throw new WrongAnswer('the connection has ended without a reason')
      }
      this.#socket.end()
      return await this.#until(() => this.#closed, 'it does not end')
    } finally {
      this.#socket.destroy()
    }
  }

  /** @throws WrongAnswer as soon as an answer is wrong, or when nothing comes any more. */
  async #until(done: (verdict: Verdict) => boolean, why: string): Promise<Verdict> {
    for (;;) {
      const [pieces, closed] = [this.#received.length, this.#closed]
      const verdict = this.#judge()
      if (done(verdict)) return verdict
      if (closed) throw new WrongAnswer(why)
      if (pieces === this.#received.length && !this.#closed) await this.#something(why)
      await setTimeout(GATHER_MS)
    }
  }

  async #something(why: string): Promise<void> {
    const silence = new AbortController()
    const silent = setTimeout(SILENCE_MS_MAX, undefined, { signal: silence.signal }).then(() => {
      throw new WrongAnswer(why)
    })
    const came = new Promise<void>((resolve) => (this.#wake = resolve))
    await Promise.race([came, silent]).finally(() => silence.abort())
  }

  #judge(): Verdict {
    return judge(this.#world, {
      sent: this.#sent,
      received: Buffer.concat(this.#received),
      secure: this.#secure,
      closed: this.#closed,
    })
  }
}
