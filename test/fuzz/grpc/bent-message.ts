/** Messages of protobuf as no client would write them, by its rules and against them. */
import type { Random } from '../random.ts'

const FIELDS_MAX = 8
const DEPTH_MAX = 300
const TEXT = ['', 'master', 'utf8', '__proto__', '\0', 'é', '%s'.repeat(50)] as const

/**
 * Fields that the messages have and others, each with a wire type that fits or not; a length that
 * lies; text that is not UTF-8; messages in messages; the whole cut off, or changed in some bytes.
 *
 * @param ids Put into fields here and there, as they are.
 */
export function bentMessage(random: Random, ids: readonly [string, ...string[]]): Buffer {
  const fields = Array.from({ length: random.below(FIELDS_MAX) }, () => field(random, ids))
  const message = Buffer.concat(fields)
  if (random.onceIn(4)) return message.subarray(0, random.below(message.length + 1))
  if (random.onceIn(4) && message.length > 0)
    message[random.below(message.length)] = random.below(256)
  return message
}

function field(random: Random, ids: readonly [string, ...string[]]): Buffer {
  const number = random.onceIn(10) ? random.below(2 ** 29) : random.between(0, 9)
  const wireType = random.onceIn(10) ? random.below(8) : random.pick([0, 2, 2, 2, 1, 5])
  return Buffer.concat([varint(number * 8 + wireType), valueOf(random, wireType, ids)])
}

function valueOf(random: Random, wireType: number, ids: readonly [string, ...string[]]): Buffer {
  switch (wireType) {
    case 0:
      return random.onceIn(8)
        ? Buffer.alloc(random.between(1, 12), 0xff)
        : varint(someNumber(random))
    case 1:
      return random.bytes(8)
    case 2:
      return withLength(random, content(random, ids))
    case 3: // a group: its end may be missing
      return Buffer.alloc(random.below(DEPTH_MAX), random.pick([0x0b, 0x0c]))
    default:
      return random.bytes(4)
  }
}

function content(random: Random, ids: readonly [string, ...string[]]): Buffer {
  switch (random.below(8)) {
    case 0:
      return random.bytes(random.below(40))
    case 1:
      return Buffer.from(random.pick(TEXT))
    case 2:
      return nested(random.onceIn(20) ? random.below(DEPTH_MAX) : random.below(5))
    case 3:
      return Buffer.concat([Buffer.from([0x0a]), withLength(random, Buffer.from(random.pick(ids)))])
    default:
      return Buffer.from(random.pick(ids))
  }
}

/** Mostly the true one. */
function withLength(random: Random, bytes: Buffer): Buffer {
  const length = random.onceIn(12) ? someNumber(random) : bytes.length
  return Buffer.concat([varint(length), bytes])
}

function nested(depth: number): Buffer {
  let message = Buffer.alloc(0)
  for (let k = 0; k < depth; k += 1) {
    message = Buffer.concat([Buffer.from([0x0a]), varint(message.length), message])
  }
  return message
}

function someNumber(random: Random): number {
  return random.pick([0, 1, 2, 127, 128, 2 ** 31 - 1, 2 ** 32 - 1, 2 ** 53 - 1, random.below(300)])
}

/** Up to 2^53. */
export function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}
