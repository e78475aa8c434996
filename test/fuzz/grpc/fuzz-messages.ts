/** Bent messages against the decoders of the BLUE door's requests. */
import { isDeepStrictEqual } from 'node:util'
import { AUTHENTICATION_SERVICE, QUERY_SERVICE } from '../../../src/protocol/blue/blue-services.ts'
import { Random } from '../random.ts'
import { bentMessage } from './bent-message.ts'

const METHODS = [...Object.values(AUTHENTICATION_SERVICE), ...Object.values(QUERY_SERVICE)].map(
  (method) => ({ ...method, zero: method.requestDeserialize(Buffer.alloc(0)) as object }),
)
const IDS = ['00000000-0000-4000-8000-000000000000:1', 'tok', 'select 1'] as const

const PROBE = {} as Record<string, unknown>

interface MessageTotals {
  readonly messages: number
  readonly decoded: number
}

/**
 * Each is an object whose members have the types that the door counts on, the same when it is sent
 * again, or is refused with an Error.
 *
 * @throws Error that names the message.
 */
export function fuzzMessages(
  seed: number,
  messages: number,
  onProgress: (done: number) => void = () => undefined,
): MessageTotals {
  let decoded = 0
  for (let index = 0; index < messages; index += 1) {
    const random = new Random(seed, index)
    const method = METHODS[random.below(METHODS.length)]
    if (!method) throw new Error('there are methods')
    const bytes = bentMessage(random, IDS)
    if (index % 65_536 === 0) onProgress(index)
    let message: object
    try {
      message = method.requestDeserialize(bytes) as object
    } catch (error) {
      if (error instanceof Error) continue
      throw new Error(`${method.path} ${bytes.toString('hex')}: thrown was no Error`)
    }
    decoded += 1
    const again = method.requestDeserialize(method.requestSerialize(message)) as object
    if (
      !hasTypesOf(message, method.zero) ||
      !isDeepStrictEqual(message, again) ||
      'polluted' in PROBE
    ) {
      throw new Error(`${method.path} ${bytes.toString('hex')} was read wrongly`)
    }
  }
  return { messages, decoded }
}

/** Messages in messages, which are null where nothing came, may be objects. */
function hasTypesOf(message: object, zero: object): boolean {
  const types = Object.entries(zero) as [string, unknown][]
  const values = message as Record<string, unknown>
  return (
    Object.keys(message).length === types.length &&
    types.every(([name, value]) =>
      value === null
        ? typeof values[name] === 'object'
        : typeof values[name] === typeof value || typeof values[name] === 'number',
    )
  )
}
