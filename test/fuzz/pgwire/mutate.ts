/**
 * What a hostile or broken client makes of good messages: lies about lengths and counts, missing
 * ends, codes that nobody knows, text that is none; messages twice, lost, in another order.
 */
import { encode } from './client-message.ts'
import type { ClientMessage, Field } from './client-message.ts'
import { MESSAGE_TYPES } from './frontend-reader.ts'
import type { Random } from '../random.ts'

/** Some of the messages changed, moved, doubled or lost; as bytes, one piece a message. */
export function mutateMessages(messages: readonly ClientMessage[], random: Random): Buffer[] {
  let mutated: readonly ClientMessage[] = messages
  for (let times = random.between(1, 3); times > 0; times -= 1) mutated = reorder(mutated, random)
  const hit = 1 + random.below(6)
  // most keep their frames whole, so that what follows is read as well
  const breakFrames = random.onceIn(4)
  return mutated.map((message) => {
    if (!random.onceIn(hit)) return encode(message)
    if (breakFrames && random.onceIn(4)) return breakFrame(message, random)
    return encode(mutateFields(message, random))
  })
}

function reorder(messages: readonly ClientMessage[], random: Random): readonly ClientMessage[] {
  const [from, to] = [random.below(messages.length), random.below(messages.length)]
  const moved = messages[from]
  if (!moved) return messages
  switch (random.below(5)) {
    case 0: // lost
      return messages.toSpliced(from, 1)
    case 1: // twice
      return messages.toSpliced(from, 0, moved)
    case 2: // elsewhere
      return messages.toSpliced(from, 1).toSpliced(to, 0, moved)
    case 3: // once more, later
      return messages.toSpliced(to, 0, moved)
    default:
      return messages
  }
}

function mutateFields(message: ClientMessage, random: Random): ClientMessage {
  const at = random.below(message.fields.length)
  const field = message.fields[at]
  switch (random.below(field ? 6 : 2)) {
    case 0:
      return { ...message, fields: [...message.fields, { kind: 'raw', bytes: random.bytes(1) }] }
    case 1:
      return { ...message, type: random.pick(MESSAGE_TYPES) }
    case 2:
      return { ...message, fields: message.fields.slice(0, at) }
    default: {
      const changed = field ? [mutateField(field, random)] : []
      return { ...message, fields: message.fields.toSpliced(at, 1, ...changed) }
    }
  }
}

function mutateField(field: Field, random: Random): Field {
  switch (field.kind) {
    case 'number':
      return { ...field, value: random.pick([0, 1, -1, field.value + 1, field.value - 1, ...ODD]) }
    case 'text':
      return mutateText(field, random)
    case 'value': {
      const { length } = field.bytes
      const claimed = random.pick([-1, -2, 0, length + 1, length - 1, ...ODD])
      return random.onceIn(3)
        ? { ...field, bytes: Buffer.from(random.pick(BAD_TEXTS)) }
        : { ...field, length: claimed }
    }
    case 'raw':
      return { ...field, bytes: random.bytes(random.below(40)) }
  }
}

function mutateText(field: Extract<Field, { kind: 'text' }>, random: Random): Field {
  switch (random.below(6)) {
    case 0:
      return { ...field, ended: false }
    case 1:
      return { ...field, bytes: Buffer.from(random.pick(BAD_TEXTS)) }
    case 2:
      return { ...field, bytes: Buffer.alloc(0) }
    case 3:
      return { ...field, bytes: Buffer.concat([field.bytes, Buffer.alloc(1), field.bytes]) }
    case 4:
      return { ...field, bytes: Buffer.alloc(random.below(9000), 'x') }
    default:
      return { ...field, bytes: mutateBytes(field.bytes, random) }
  }
}

/** The frame itself lies: the door must end the connection, or wait for what never comes. */
function breakFrame(message: ClientMessage, random: Random): Buffer {
  const bytes = encode(message)
  switch (random.below(4)) {
    case 0:
      return encode({ ...message, claimedLength: random.pick([0, 1, 3, -1, ...ODD]) })
    case 1:
      return encode({ ...message, claimedLength: bytes.length + random.between(-3, 3) })
    case 2:
      return bytes.subarray(0, random.below(bytes.length))
    default:
      return mutateBytes(bytes, random)
  }
}

/** One to three bytes flipped, put in or taken out, at any place. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let mutated = Buffer.from(bytes)
  for (let times = random.between(1, 3); times > 0; times -= 1) {
    const at = random.below(mutated.length)
    switch (random.below(4)) {
      case 0:
        mutated = Buffer.concat([mutated.subarray(0, at), random.bytes(1), mutated.subarray(at)])
        break
      case 1:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(at + 1)])
        break
      default:
        if (mutated.length > 0) mutated[at] = (mutated[at] ?? 0) ^ (1 << random.below(8))
    }
  }
  return mutated
}

const ODD = [2, 7, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, -0x8000_0000, 65_536] as const

const BAD_TEXTS: readonly [Buffer | string, ...(Buffer | string)[]] = [
  Buffer.from('c328', 'hex'),
  Buffer.from('eda080', 'hex'),
  Buffer.from('f8888080', 'hex'),
  Buffer.from('6100ff62', 'hex'),
  "'; COMMIT",
  '\ufeffSELECT 1 AS n',
  '/* never ends',
  'SELECT $1, $70000',
]
