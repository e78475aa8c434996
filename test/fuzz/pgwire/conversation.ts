/** One conversation of a hostile or a good client: all its bytes, and how they are cut on the way. */
import {
  CANCEL_REQUEST,
  GSSENC_REQUEST,
  SSL_REQUEST,
  cancel,
  encode,
  query,
  request,
} from './client-message.ts'
import type { ClientMessage } from './client-message.ts'
import { copyMessages } from './copy-messages.ts'
import { MESSAGE_TYPES } from './frontend-reader.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import { mutateBytes, mutateMessages } from './mutate.ts'
import { parameterMessages } from './parameter-messages.ts'
import { Random } from '../random.ts'
import { logIn, validMessages } from './valid-conversation.ts'

export interface Conversation {
  readonly seed: number
  readonly index: number
  readonly kind: Kind
  /** A piece a message, where it still is one. */
  readonly pieces: readonly Buffer[]
}

/**
 * `twin` is not mutated: every answer to it is known, so that a door that refuses everything does
 * not pass. `flood` sends much and makes the door say much.
 */
export type Kind =
  | 'twin'
  | 'structure'
  | 'bytes'
  | 'noise'
  | 'noise before login'
  | 'log in'
  | 'parameters'
  /** Rows that come in, and are not mutated: see `copy-messages.ts`. */
  | 'copy'
  | 'flood'

/** How often each comes. */
const KINDS: readonly [Kind, ...Kind[]] = [
  'flood',
  ...Array<Kind>(20).fill('structure'),
  ...Array<Kind>(8).fill('twin'),
  ...Array<Kind>(6).fill('bytes'),
  ...Array<Kind>(3).fill('noise'),
  ...Array<Kind>(2).fill('noise before login'),
  ...Array<Kind>(2).fill('log in'),
  ...Array<Kind>(3).fill('parameters'),
  ...Array<Kind>(4).fill('copy'),
]

export interface ConversationOptions {
  /** The bytes go through TLS. */
  readonly secure: boolean
  readonly kinds?: readonly [Kind, ...Kind[]]
}

/** Conversation `index` of the sequence that `seed` begins. */
export function makeConversation(
  world: FuzzWorld,
  seed: number,
  index: number,
  { secure, kinds = KINDS }: ConversationOptions,
): Conversation {
  const random = new Random(seed, index)
  const kind = random.pick(kinds)
  const start = logIn(world, random, secure)
  return { seed, index, kind, pieces: piecesOf(kind, start, world, random) }
}

function piecesOf(
  kind: Kind,
  start: readonly ClientMessage[],
  world: FuzzWorld,
  random: Random,
): Buffer[] {
  const login = start.map(encode)
  const messages = (): ClientMessage[] => validMessages(world, random, random.between(5, 50))
  switch (kind) {
    case 'twin':
      return [...login, ...messages().map(encode)]
    case 'structure':
      return [...login, ...mutateMessages(messages(), random)]
    case 'bytes':
      return [
        ...login,
        ...messages().map((message) =>
          random.onceIn(8) ? mutateBytes(encode(message), random) : encode(message),
        ),
      ]
    case 'noise':
      return [
        ...login,
        ...messages().map(encode).slice(0, random.below(6)),
        ...noise(random, MESSAGE_TYPES),
      ]
    case 'noise before login':
      return [...requests(random), ...noise(random, [''])]
    case 'log in':
      return [...requests(random), ...mutateMessages(start, random), ...messages().map(encode)]
    case 'parameters':
      return [...login, ...parameterMessages(random).map(encode)]
    case 'copy':
      return [...login, ...copyMessages(world, random).map(encode)]
    case 'flood':
      return [...login, ...flood(world, random)]
  }
}

/** Requests that come before a StartupMessage, in whatever number and order. */
function requests(random: Random): Buffer[] {
  const known = [GSSENC_REQUEST, GSSENC_REQUEST, SSL_REQUEST, CANCEL_REQUEST, 2 << 16] as const
  return Array.from({ length: random.below(3) }, () => {
    const code = random.pick(known)
    const whole = code === CANCEL_REQUEST && !random.onceIn(3)
    return encode(whole ? cancel(random.below(2 ** 31), 1) : request(code))
  })
}

/** Random bytes: bare, or behind a head that makes a whole frame of them. */
function noise(random: Random, types: readonly string[]): Buffer[] {
  return Array.from({ length: random.between(1, 12) }, () => {
    const bytes = random.bytes(random.below(random.onceIn(5) ? 3000 : 60))
    if (random.onceIn(5)) return bytes
    return encode({
      type: types[random.below(types.length)] ?? '',
      fields: [{ kind: 'raw', bytes }],
    })
  })
}

/** Long texts that are all refused, each at length: much to read and much to say. */
function flood({ floodMessages }: FuzzWorld, random: Random): Buffer[] {
  const message = encode(query(`SELECT ${'x '.repeat(random.between(500, 2000))}`))
  return Array.from({ length: random.between(floodMessages / 2, floodMessages) }, () => message)
}

/** The same bytes in chunks, as a network may deliver them. */
export function chunksOf({ seed, index, pieces }: Conversation): Buffer[] {
  const random = new Random(seed + 1, index)
  const how = random.below(4)
  if (how === 0) return [...pieces]
  const all = Buffer.concat(pieces)
  if (how === 1) return [all]
  const longest = how === 2 ? 40 : 3000
  const chunks: Buffer[] = []
  for (let at = 0; at < all.length;) {
    const length = random.between(1, longest)
    chunks.push(all.subarray(at, at + length))
    at += length
  }
  return chunks
}
