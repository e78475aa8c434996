/**
 * A raw client in a process of its own, so that the client's work is not the server's and not the
 * bench's. Started by `forkClient`; speaks plain objects over IPC.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { RawClient } from './raw-client.ts'
import type { QueryCount, Target } from './raw-client.ts'

type Order =
  /** One query on one connection; answers its count and milliseconds. */
  | { readonly kind: 'query'; readonly target: Target; readonly text: string }
  /** The texts one after the other on one connection, at least once; answers how often in the time. */
  | {
      readonly kind: 'in turn'
      readonly target: Target
      readonly texts: readonly string[]
      readonly forMs: number
    }
  /** Connect, log in, `SELECT 1`, close, again and again; answers how often in the time. */
  | { readonly kind: 'reconnect'; readonly target: Target; readonly forMs: number }
  /** One small statement after the other on `connections`; answers the latencies in ms. */
  | {
      readonly kind: 'latency'
      readonly target: Target
      readonly text: string
      readonly connections: number
      readonly forMs: number
    }
  /**
   * Fetches rows by COPY, and sends them back by COPY, `times` over; answers the milliseconds of the
   * way back, and how many bytes that were.
   */
  | {
      readonly kind: 'copy'
      readonly target: Target
      readonly out: string
      readonly into: string
      readonly times: number
    }
  /** Logs in to each and stays, until the process ends; answers how many there are. */
  | { readonly kind: 'hold'; readonly targets: readonly Target[] }

const LOGINS_AT_ONCE = 16
const COPY_PIECE_BYTES = 64 * 1024

const held: RawClient[] = []

export interface Answer {
  readonly ms: number
  readonly count?: QueryCount
  readonly times?: number
  readonly latencies?: readonly number[]
}

export interface ClientProcess {
  ask(order: Order): Promise<Answer>
  stop(): void
}

export function forkClient(): ClientProcess {
  const child = fork(fileURLToPath(import.meta.url), ['client'], { serialization: 'advanced' })
  return {
    ask: async (order) => {
      child.send(order)
      const [answer] = (await once(child, 'message')) as [Answer | { error: string }]
      if ('error' in answer) throw new Error(answer.error)
      return answer
    },
    stop: () => void child.kill(),
  }
}

async function serve(order: Order): Promise<Answer> {
  const start = performance.now()
  const since = (): number => performance.now() - start
  switch (order.kind) {
    case 'query': {
      const client = await RawClient.connect(order.target)
      const connected = since()
      const count = await client.query(order.text)
      const ms = since() - connected
      client.close()
      return { ms, count }
    }
    case 'copy': {
      const client = await RawClient.connect(order.target)
      const pieces = gathered(await client.copyOut(order.out))
      const fetched = since()
      await client.copyIn(order.into, pieces, order.times)
      const ms = since() - fetched
      client.close()
      const bytes = order.times * pieces.reduce((sum, piece) => sum + piece.length, 0)
      return { ms, count: { rows: 0, bytes } }
    }
    case 'in turn': {
      const client = await RawClient.connect(order.target)
      const connected = since()
      let times = 0
      do {
        for (const text of order.texts) await client.query(text)
        times += 1
      } while (since() - connected < order.forMs)
      const ms = since() - connected
      client.close()
      return { ms, times }
    }
    case 'reconnect': {
      let times = 0
      for (; since() < order.forMs; times += 1) {
        const client = await RawClient.connect(order.target)
        await client.query('SELECT 1')
        client.close()
      }
      return { ms: since(), times }
    }
    case 'latency': {
      const latencies: number[] = []
      const one = async (): Promise<void> => {
        const client = await RawClient.connect(order.target)
        while (since() < order.forMs) {
          const began = performance.now()
          await client.query(order.text)
          latencies.push(performance.now() - began)
        }
        client.close()
      }
      await Promise.all(Array.from({ length: order.connections }, one))
      return { ms: since(), latencies }
    }
    case 'hold': {
      const left = order.targets.values()
      const some = async (): Promise<void> => {
        for (const target of left) held.push(await RawClient.connect(target))
      }
      await Promise.all(Array.from({ length: LOGINS_AT_ONCE }, some))
      return { ms: since(), times: held.length }
    }
  }
}

/** In pieces of the size in which libpq sends. */
function gathered(rows: readonly Buffer[]): Buffer[] {
  const all = Buffer.concat(rows)
  const count = Math.ceil(all.length / COPY_PIECE_BYTES)
  return Array.from({ length: count }, (_, at) =>
    all.subarray(at * COPY_PIECE_BYTES, (at + 1) * COPY_PIECE_BYTES),
  )
}

if (process.argv[2] === 'client' && process.send) {
  const reply = (answer: Answer | { error: string }): void => void process.send?.(answer)
  process.on('message', (order: Order) => {
    serve(order).then(reply, (error: unknown) => reply({ error: String(error) }))
  })
}
