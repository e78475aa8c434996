/** A real gateway whose BLUE door is attacked through its sockets, and that it is none the worse for it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { connect } from 'node:tls'
import { startBluegate } from '../../clients/harness/bluegate-server.ts'
import type { BluegateServer } from '../../clients/harness/bluegate-server.ts'
import { residentMb } from '../../clients/harness/process-memory.ts'
import { BlueClient } from '../../fixtures/blue-client.ts'
import type { BlueServer } from '../../fixtures/blue-client.ts'
import { Random } from '../random.ts'
import { ATTACKS, attackBytes } from './http2-frames.ts'

const LANES = 4
const FRAMES_PER_CONNECTION = 200
/** How long an attacker waits for what its frames bring about, and then leaves. */
const LINGER_MS = 300
/** What each answer to the good client may take: attackers have the machine's other half. */
const ANSWER_MS_MAX = 20_000
const GROWTH_MB_MAX = 256

const CANARY = 'canary of the good client'
const ROWS = 2000

interface SocketOptions {
  readonly seed: number
  readonly frames: number
  readonly from?: number
  readonly onProgress?: (done: number) => void
}

interface SocketTotals {
  readonly frames: number
  readonly connections: number
  /** Statements of the client beside them, each with the right answer. */
  readonly good: number
  readonly slowestMs: number
  readonly grownMb: number
}

/** @throws Error that says what an attack has done. */
export async function fuzzGateway(options: SocketOptions): Promise<SocketTotals> {
  const server = await startBluegate({ flags: ['--set', 'grpc.sessionLostTime=1s'] })
  try {
    return await attack(server, options)
  } finally {
    await server.stop()
  }
}

async function attack(server: BluegateServer, options: SocketOptions): Promise<SocketTotals> {
  const { seed, frames, from = 0, onProgress } = options
  const door = { ...server.grpc, ca: readFileSync(server.caFile, 'utf8') }
  await server.admin(`CREATE TABLE t AS SELECT '${CANARY}' AS c FROM range(${ROWS})`)
  const good = new GoodClient(door)
  await good.logIn((await server.createClient('good', ['SELECT ON TABLE t'])).token)
  const bad = new BlueClient(door)
  const bearer = await bad.logIn((await server.createClient('bad')).token)
  const { compiled } = await bad.run('SELECT 1')

  const world = { door, bearer, ids: idsFor(good, bad, compiled.contextId) }
  let [done, next] = [0, from]
  const strike = async (): Promise<void> => {
    while (done < frames) {
      done += FRAMES_PER_CONNECTION
      await strikeOnce(world, new Random(seed, next++))
      onProgress?.(done)
    }
  }
  await good.readOnce() // warm
  const before = memoryOf(server)
  const behaving = good.keepReading()
  await Promise.race([Promise.all(Array.from({ length: LANES }, strike)), behaving])
  good.stop()
  await behaving
  bad.close()
  const grownMb = grownBy(before, memoryOf(server))
  assert.ok(grownMb < GROWTH_MB_MAX, `a process ended, or grew by ${grownMb} MB`)
  const broken = /^.*(?:a call failed inside|unhandled|uncaught).*$/im.exec(server.printed())?.[0]
  assert.equal(broken, undefined)
  await onlyTheGoodIsLeft(server)
  const { statements, slowestMs } = good
  good.close()
  return { frames: done, connections: next - from, good: statements, slowestMs, grownMb }
}

function idsFor(good: GoodClient, bad: BlueClient, statement: string): [string, ...string[]] {
  const sql = `select c from t union all select version()`
  return [bad.sessionId, statement, good.sessionId, `${good.sessionId}:1`, sql, 'SELECT 1', '']
}

interface World {
  readonly door: BlueServer
  readonly bearer: string
  readonly ids: readonly [string, ...string[]]
}

/** One connection; nothing that comes back holds anything of the good client's. */
function strikeOnce({ door, bearer, ids }: World, random: Random): Promise<void> {
  const context = { random, ids, bearer: random.onceIn(4) ? undefined : bearer }
  const bytes = attackBytes(random.pick(ATTACKS), FRAMES_PER_CONNECTION, context)
  const reads = !random.onceIn(4)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect({
      host: door.host,
      port: door.port,
      ca: door.ca,
      servername: 'localhost',
      ALPNProtocols: ['h2'],
    })
    const leave = setTimeout(() => socket.destroy(), LINGER_MS)
    socket.once('secureConnect', () => {
      leave.refresh()
      socket.write(bytes)
    })
    if (reads) socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', () => undefined) // it is thrown out
    socket.once('close', () => {
      clearTimeout(leave)
      if (Buffer.concat(chunks).includes(CANARY)) reject(new Error('an attacker read the canary'))
      else resolve()
    })
  })
}

class GoodClient extends BlueClient {
  statements = 0
  slowestMs = 0
  #stopped = false

  async keepReading(): Promise<void> {
    while (!this.#stopped) await this.readOnce()
  }

  async readOnce(): Promise<void> {
    const begun = performance.now()
    const { rows, error, results, compiled } = await this.run('SELECT c FROM t')
    await this.closeStatement(compiled.contextId)
    const ms = Math.round(performance.now() - begun)
    assert.deepEqual([rows, error], [ROWS, undefined])
    assert.equal(Buffer.concat(results).toString('latin1').split(CANARY).length - 1, ROWS)
    assert.ok(ms < ANSWER_MS_MAX, `an answer took ${ms} ms`)
    this.statements += 1
    this.slowestMs = Math.max(this.slowestMs, ms)
  }

  stop(): void {
    this.#stopped = true
  }
}

type Memory = readonly (readonly [pid: number, mb: number])[]

function memoryOf(server: BluegateServer): Memory {
  return server.pids().map((pid) => [pid, residentMb(pid)] as const)
}

/** The most that one of the processes grew by; without end, where one has gone. */
function grownBy(before: Memory, after: Memory): number {
  const now = new Map(after)
  return Math.round(Math.max(...before.map(([pid, mb]) => (now.get(pid) ?? Infinity) - mb)))
}

/** The one who asks, and the good client. */
async function onlyTheGoodIsLeft(server: BluegateServer): Promise<void> {
  const until = performance.now() + 30_000
  for (;;) {
    const sessions = await server.admin('describe sessions')
    const active = sessions.filter((row) => row.includes('Active')).length
    if (active === 2) return
    assert.ok(performance.now() < until, `${active} sessions are left`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}
