/** A real gateway under fuzzed connections, and that it is none the worse for them. */
import { startBluegate } from '../../clients/harness/bluegate-server.ts'
import type { BluegateServer } from '../../clients/harness/bluegate-server.ts'
import { residentMb } from '../../clients/harness/process-memory.ts'
import { FuzzFailure, fuzzConversations } from './fuzz-conversations.ts'
import type { FuzzOptions, FuzzTotals } from './fuzz-conversations.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import { prepareGateway, talkThroughSockets } from './talk-through-sockets.ts'

const LANES = 8

/** Once warm, whatever comes: what one connection may hold is far less. */
const GROWTH_MB_MAX = 256

/** Of the messages, so many come without TLS: they get no further than the start-up. */
const PLAIN_SHARE = 1 / 50

/** @throws FuzzFailure with the seed and the smallest conversation that fails. */
export async function fuzzGateway(
  options: Pick<FuzzOptions, 'seed' | 'messages' | 'from' | 'onProgress'>,
): Promise<FuzzTotals> {
  const server = await startBluegate()
  try {
    const world = await prepareGateway(server)
    const talkSecure = talkThroughSockets(server, world, true)
    const secured = { ...options, world, secure: true, lanes: LANES, talk: talkSecure }
    const quiet = { ...secured, onProgress: () => undefined, kinds: ['twin'] as const }
    await fuzzConversations({ ...quiet, messages: 500 }) // warm
    const before = memoryOf(server)
    const totals = await fuzzConversations(secured)
    await fuzzPlain(server, world, options)
    await fuzzConversations({ ...quiet, messages: 100 }) // as good as before
    checkHealth(server, before)
    return totals
  } finally {
    await server.stop()
  }
}

async function fuzzPlain(
  server: BluegateServer,
  world: FuzzWorld,
  options: Pick<FuzzOptions, 'seed' | 'messages'>,
): Promise<void> {
  await fuzzConversations({
    seed: options.seed,
    messages: Math.ceil(options.messages * PLAIN_SHARE),
    world,
    secure: false,
    lanes: LANES,
    kinds: ['noise before login', 'log in'],
    talk: talkThroughSockets(server, world, false),
  })
}

function memoryOf(server: BluegateServer): ReadonlyMap<number, number> {
  return new Map(server.pids().map((pid) => [pid, residentMb(pid)]))
}

function checkHealth(server: BluegateServer, before: ReadonlyMap<number, number>): void {
  const now = memoryOf(server)
  for (const [pid, mb] of before) {
    const grown = (now.get(pid) ?? Infinity) - mb
    if (grown > GROWTH_MB_MAX) throw new FuzzFailure(`process ${pid} ended, or grew by ${grown} MB`)
  }
  const broken = /^.*(?:a connection failed inside|a statement failed inside|unhandled).*$/im
  const line = broken.exec(server.printed())?.[0]
  if (line !== undefined) throw new FuzzFailure(`the gateway logged: ${line}`)
}
