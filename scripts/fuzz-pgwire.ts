/**
 * npm run fuzz:pgwire [-- --messages N --sockets N --seed N --from N]: hostile clients against the
 * PostgreSQL door. Half of `messages` go to its decoders, half through whole connections in this
 * process, `sockets` more through TLS to a gateway of its own. Ends with 1 at the first failure,
 * and says with which seed, and with the smallest conversation, it happens again; `from` is the
 * conversation to begin at.
 */
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { SMALL_LIMITS, openDoorInProcess } from '../test/fuzz/pgwire/door-in-process.ts'
import type { DoorInProcess } from '../test/fuzz/pgwire/door-in-process.ts'
import { fuzzCodec } from '../test/fuzz/pgwire/fuzz-codec.ts'
import { FuzzFailure, fuzzConversations } from '../test/fuzz/pgwire/fuzz-conversations.ts'
import type { FuzzTotals } from '../test/fuzz/pgwire/fuzz-conversations.ts'
import { fuzzGateway } from '../test/fuzz/pgwire/fuzz-gateway.ts'

/** A door that kept something of every connection would hold far more at the end. */
const GROWTH_MB_MAX = 32

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000000' },
    sockets: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    from: { type: 'string', default: '0' },
  },
})
const [messages, sockets] = [Number(values.messages), Number(values.sockets)]
const [seed, from] = [Number(values.seed), Number(values.from)]
const begun = performance.now()
let told = ''

/** Looked at when a part is done: the gateway under test has to be stopped in any case. */
const unhandled: unknown[] = []
process.on('unhandledRejection', (error) => unhandled.push(error))
process.on('uncaughtException', (error) => unhandled.push(error))

console.error(`seed ${seed}`)
try {
  const half = Math.ceil(messages / 2)
  const door = await openDoorInProcess({ limits: SMALL_LIMITS })
  const codec = fuzzCodec(door.world, seed, half, (totals) =>
    tell('decoders', totals.messages, half),
  )
  const connections = await fuzzInProcess(door, half)
  const gateway = sockets > 0 ? await fuzzThroughSockets() : undefined
  console.log(JSON.stringify({ seed, seconds: seconds(), codec, connections, gateway }))
} catch (error) {
  console.error(`FAILED: ${error instanceof Error ? error.message : String(error)}`)
  if (error instanceof Error) console.error(error.cause ?? error.stack)
  console.error(`Again: npm run fuzz:pgwire -- --seed ${seed}, and --from the conversation`)
  process.exitCode = 1
}

async function fuzzInProcess(door: DoorInProcess, count: number): Promise<FuzzTotals> {
  const before = heapMb()
  const onProgress = (totals: FuzzTotals): void => tell('connections', totals.messages, count)
  const options = { ...door, seed, from, messages: count, secure: false, onProgress }
  const totals = await fuzzConversations(options)
  const grown = heapMb() - before
  if (grown > GROWTH_MB_MAX) throw new FuzzFailure(`the heap grew by ${grown.toFixed()} MB`)
  failIfUnhandled()
  return totals
}

async function fuzzThroughSockets(): Promise<FuzzTotals> {
  const onProgress = (totals: FuzzTotals): void => tell('sockets', totals.messages, sockets)
  const totals = await fuzzGateway({ seed, from, messages: sockets, onProgress })
  failIfUnhandled()
  return totals
}

function failIfUnhandled(): void {
  const [error] = unhandled
  if (error !== undefined) throw new FuzzFailure('nobody caught an error', { cause: error })
}

/** After a collection: what is left is kept by somebody. */
function heapMb(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed / 1024 / 1024
}

/** One line for every percent. */
function tell(what: string, done: number, of: number): void {
  const line = `${what}: ${Math.floor((100 * done) / of)} % of ${of} messages`
  if (line !== told) console.error(`${seconds().toFixed().padStart(5)} s  ${line}`)
  told = line
}

function seconds(): number {
  return Math.round((performance.now() - begun) / 1000)
}
