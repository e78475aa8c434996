/**
 * Calls of the BLUE door in any order, with anybody's ids, in this process, over sessions that are
 * fakes. Three clients that break every rule; beside them one that keeps them, and gets right answers.
 */
import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { authenticationCalls } from '../../../src/protocol/blue/authentication-calls.ts'
import { CallRefused } from '../../../src/protocol/blue/blue-calls.ts'
import { BlueConnections } from '../../../src/protocol/blue/blue-connections.ts'
import { BLUE_LIMITS } from '../../../src/protocol/blue/blue-limits.ts'
import { BlueLogins } from '../../../src/protocol/blue/blue-logins.ts'
import { queryCalls } from '../../../src/protocol/blue/query-calls.ts'
import { chunksOf, headOf } from '../../fixtures/blue-client.ts'
import { TOKEN, blueTestPorts } from '../../fixtures/blue-door.ts'
import type { FakeParallelSession } from '../../fixtures/blue-door.ts'
import type { LoginRefusal } from '../../../src/protocol/login-refusal.ts'
import { Random } from '../random.ts'

const HOSTILE = 3
const CALLS_PER_CONVERSATION = 60
/** Some held Status and Fetch wait longer than that by design; none waits for twice that. */
const HANG_MS = 20_000

const NOT_FOUND = 5
const UNAUTHENTICATED = 16

interface CallTotals {
  readonly conversations: number
  readonly calls: number
  /** Calls with an id that is another's or nobody's: each was refused. */
  readonly strange: number
  /** Rows that the good client read, each the right one. */
  readonly rows: number
}

interface CallOptions {
  readonly seed: number
  readonly calls: number
  /** The conversation to begin at. */
  readonly from?: number
  readonly onProgress?: (done: number) => void
}

/** @throws Error that names the conversation. */
export async function fuzzCalls(options: CallOptions): Promise<CallTotals> {
  const { seed, calls, from = 0, onProgress } = options
  const totals = { conversations: 0, calls: 0, strange: 0, rows: 0 }
  for (let index = from; totals.calls < calls; index += 1) {
    const conversation = new Conversation(new Random(seed, index), totals)
    let timer: NodeJS.Timeout | undefined
    try {
      const hang = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('a call has no answer')), HANG_MS)
      })
      await Promise.race([conversation.run(), hang])
    } catch (error) {
      throw new Error(`conversation ${index} of seed ${seed} failed`, { cause: error })
    } finally {
      clearTimeout(timer)
      conversation.close()
    }
    totals.conversations += 1
    if (index % 256 === 0) onProgress?.(totals.calls)
  }
  return totals
}

interface Caller {
  readonly key: string
  readonly bearer: string
  readonly sessions: string[]
  readonly statements: string[]
  /** Whose bearers its connection has shown. */
  readonly shown: Set<Caller>
}

class Conversation {
  readonly #random: Random
  readonly #totals: { calls: number; strange: number; rows: number }
  readonly #sessions: FakeParallelSession[] = []
  readonly #refusals: LoginRefusal[] = []
  readonly #connections = new BlueConnections(BLUE_LIMITS)
  readonly #auth: ReturnType<typeof authenticationCalls>
  readonly #query: ReturnType<typeof queryCalls>
  readonly #logged: string[] = []

  constructor(random: Random, totals: { calls: number; strange: number; rows: number }) {
    this.#random = random
    this.#totals = totals
    const parts = {
      ports: blueTestPorts({
        sessions: this.#sessions,
        refusals: this.#refusals,
        logged: this.#logged,
      }),
      connections: this.#connections,
      logins: new BlueLogins(),
      isStopping: () => false,
    }
    this.#auth = authenticationCalls(parts)
    this.#query = queryCalls(parts)
  }

  close(): void {
    this.#connections.close()
  }

  async run(): Promise<void> {
    const good = await this.#logIn(4000)
    const hostile: Caller[] = []
    for (let k = 1; k <= HOSTILE; k += 1) hostile.push(await this.#logIn(4000 + k))
    const behaved = this.#behave(good)
    const underWay: Promise<void>[] = []
    for (let k = 0; k < CALLS_PER_CONVERSATION; k += 1) {
      const call = this.#strike(this.#random.pick(hostile as [Caller, ...Caller[]]), good, hostile)
      underWay.push(call)
      if (this.#random.onceIn(2)) await call
    }
    await Promise.all([...underWay, behaved])
    for (const { key, bearer, sessions } of [good, ...hostile])
      for (const contextId of sessions)
        await this.#query.CloseSession({ closeRequest: { contextId } }, { key, bearer })
    await new Promise(setImmediate)
    assert.deepEqual(
      this.#sessions.map(({ open, closedWith }) => [open, closedWith]),
      this.#sessions.map(() => [0, 'the client closed it']),
      'something of a session stays',
    )
    assert.deepEqual(this.#logged, [])
  }

  async #logIn(port: number): Promise<Caller> {
    const key = `127.0.0.1:${port}`
    this.#connections.add(new FakeSocket(port) as unknown as Socket, 'TLSv1.3')
    const request = { authType: 2, user: '', password: '', accessToken: TOKEN }
    const { token = '' } = await this.#auth.Auth(request, { key, bearer: undefined })
    const caller: Caller = { key, bearer: token, sessions: [], statements: [], shown: new Set() }
    caller.shown.add(caller)
    await this.#openSession(caller)
    return caller
  }

  async #openSession(caller: Caller): Promise<void> {
    const request = { tenantId: '', database: '', sourceIp: '', clientInfo: null, poolName: '' }
    const { contextId = '' } = await this.#auth.Session(request, caller)
    caller.sessions.push(contextId)
  }

  /** Statement by statement to their ends: the rows are the right ones, in order. */
  async #behave(good: Caller): Promise<void> {
    const [contextId = ''] = good.sessions
    for (const count of [3, 1001, 0]) {
      const compiled = await this.#query.Compile(compileOf(contextId, `SELECT ${count}`), good)
      const id = { contextId: compiled.contextId }
      good.statements.push(compiled.contextId)
      await this.#query.Execute(id, good)
      while ((await this.#query.Status(id, good)).status !== 2) continue
      let read = 0
      for (;;) {
        const { queryResult, error, retryFetch } = await this.#query.Fetch(id, good)
        assert.equal(error, undefined)
        if (retryFetch === true) continue
        const result = Buffer.from(queryResult ?? [])
        const { rows } = headOf(result)
        if (rows === 0) break
        const values = chunksOf(result)[1]
        for (let row = 0; row < rows; row += 1) {
          assert.equal(values?.readInt32LE(row * 4), read + row + 1)
        }
        read += rows
      }
      assert.equal(read, count)
      this.#totals.rows += read
    }
  }

  /** One call by `caller`, with an id of its own, of the good client's, of another's or of nobody's. */
  async #strike(caller: Caller, good: Caller, hostile: readonly Caller[]): Promise<void> {
    const random = this.#random
    const owner = random.onceIn(2) ? caller : random.pick([good, ...hostile])
    const holder = random.onceIn(8) ? random.pick(hostile as [Caller, ...Caller[]]) : caller
    const bearer = random.onceIn(2) ? holder.bearer : random.pick([undefined, 'bgs_x', TOKEN])
    const session = random.onceIn(8) ? madeUp(random) : pickOr(random, owner.sessions)
    const statement = random.onceIn(8) ? madeUp(random) : pickOr(random, owner.statements)
    const origin = { key: caller.key, bearer }
    this.#totals.calls += 1
    const what = random.below(9)
    if (what === 0) {
      if (caller.sessions.length < 3) await this.#openSession(caller)
      return
    }
    const id = what <= 2 ? session : statement
    // a bearer that was stolen opens what its holder has, and nothing else; Cancel has none, and there
    // counts what its connection has shown before
    if (what < CANCEL && bearer === holder.bearer) caller.shown.add(holder)
    const holders = what < CANCEL ? [holder] : [...caller.shown]
    const isHeld = holders.some((one) => [...one.sessions, ...one.statements].includes(id))
    if (!isHeld) this.#totals.strange += 1
    const answer = await this.#answerTo(what, id, origin, holder)
    const isMine = isHeld && (what >= CANCEL || bearer === holder.bearer)
    if (!isMine) assert.match(answer, /^refused$|"closed":false|"canceled":false/, `${what} ${id}`)
    for (const { sessions } of [good, ...hostile])
      for (const other of sessions)
        if (!holder.sessions.includes(other)) assert.ok(!answer.includes(other), 'an id of another')
  }

  async #answerTo(
    what: number,
    id: string,
    origin: { key: string; bearer: string | undefined },
    caller: Caller,
  ): Promise<string> {
    const one = { contextId: id }
    try {
      switch (what) {
        case 1: {
          const sql = this.#random.pick(STATEMENTS)
          const compiled = await this.#query.Compile(compileOf(id, sql), origin)
          if (!compiled.error) caller.statements.push(compiled.contextId)
          return JSON.stringify(compiled)
        }
        case 2: {
          if (!this.#random.onceIn(4)) return '"closed":false'
          return JSON.stringify(await this.#query.CloseSession({ closeRequest: one }, origin))
        }
        case 3:
          return JSON.stringify(
            await this.#query.CloseStatement(
              { closeRequest: this.#random.onceIn(9) ? null : one },
              origin,
            ),
          )
        case 4:
          return JSON.stringify(await this.#query.Status(one, origin))
        case 5:
          return JSON.stringify(await this.#query.Fetch(one, origin))
        case 6:
        case 7:
          return JSON.stringify(await this.#query.Execute(one, origin))
        default:
          return JSON.stringify(await this.#query.Cancel(one, origin))
      }
    } catch (error) {
      assert.ok(error instanceof CallRefused, error as Error)
      assert.ok(error.code === NOT_FOUND || error.code === UNAUTHENTICATED)
      assert.doesNotMatch(error.message, /[0-9a-f]{8}-|bgs_|bluegate_/)
      return 'refused'
    }
  }
}

/** The number of that call among those that a strike draws. */
const CANCEL = 8

const STATEMENTS = [
  'SELECT 5',
  'SELECT 2000',
  'SELECT 3 SLEEP 1',
  'SELECT 3 FAIL',
  'INSERT 4',
  'CREATE',
  'SELECT',
  'SELECT 1; SELECT 2',
  'BEGIN',
] as const

function compileOf(contextId: string, sql: string) {
  return { contextId, sql: Buffer.from(sql), encoding: 'utf8', queryTimeout: '0' }
}

function madeUp(random: Random): string {
  return random.pick(['', ':', 'x:1', `${random.bytes(16).toString('hex')}:1`, '\0', '__proto__'])
}

function pickOr(random: Random, ids: readonly string[]): string {
  return ids[random.below(Math.max(ids.length, 1))] ?? ''
}

class FakeSocket extends EventEmitter {
  readonly remoteAddress = '127.0.0.1'
  readonly remotePort: number
  readonly bytesRead = 0

  constructor(remotePort: number) {
    super()
    this.remotePort = remotePort
  }

  destroy(): void {
    this.emit('close')
  }
}
