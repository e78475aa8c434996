/**
 * npm run fuzz:grpc [-- --messages N --sockets N --seed N --from N]: hostile clients against the BLUE
 * door. Half of `messages` go to its decoders, half are calls in this process, `sockets` are frames of
 * HTTP/2 through TLS to a gateway of its own. Ends with 1 at the first failure, and says with which
 * seed it happens again; `from` is the conversation, or the connection, to begin at.
 */
import { parseArgs } from 'node:util'
import { fuzzCalls } from '../test/fuzz/grpc/fuzz-calls.ts'
import { fuzzGateway } from '../test/fuzz/grpc/fuzz-gateway.ts'
import { fuzzMessages } from '../test/fuzz/grpc/fuzz-messages.ts'

/** A door that kept something of every call would hold far more at the end. */
const GROWTH_MB_MAX = 128

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000000' },
    sockets: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    from: { type: 'string', default: '0' },
  },
})
const half = Math.ceil(Number(values.messages) / 2)
const frames = Number(values.sockets)
const [seed, from] = [Number(values.seed), Number(values.from)]
const begun = performance.now()
let told = ''

console.error(`seed ${seed}`)
try {
  const messages = fuzzMessages(seed, half, (done) => tell('messages', done, half))
  const before = process.memoryUsage().heapUsed
  const calls = await fuzzCalls({
    seed,
    from,
    calls: half,
    onProgress: (done) => tell('calls', done, half),
  })
  const grownMb = Math.round((process.memoryUsage().heapUsed - before) / 1024 / 1024)
  if (grownMb > GROWTH_MB_MAX) throw new Error(`the heap grew by ${grownMb} MB`)
  const onProgress = (done: number): void => tell('frames', done, frames)
  const gateway = frames > 0 ? await fuzzGateway({ seed, from, frames, onProgress }) : undefined
  console.log(JSON.stringify({ seed, seconds: seconds(), messages, calls, grownMb, gateway }))
} catch (error) {
  console.error(error)
  console.error(`Again: npm run fuzz:grpc -- --seed ${seed}, and --from the conversation`)
  process.exitCode = 1
}

/** One line for every percent. */
function tell(what: string, done: number, of: number): void {
  const line = `${what}: ${Math.floor((100 * done) / of)} % of ${of}`
  if (line !== told) console.error(`${seconds().toFixed().padStart(5)} s  ${line}`)
  told = line
}

function seconds(): number {
  return Math.round((performance.now() - begun) / 1000)
}
