/** Parameters of every type in both formats, most of them wrong: what the decoders of values see. */
import { bare, bind, execute, parse } from './client-message.ts'
import type { ClientMessage, Field } from './client-message.ts'
import type { Random } from '../random.ts'

/** Scalars, arrays of them, and some that nobody knows. */
const OIDS = [
  16, 17, 18, 19, 20, 21, 23, 25, 26, 114, 700, 701, 705, 1042, 1043, 1082, 1083, 1114, 1184, 1186,
  1266, 1560, 1562, 1700, 2950, 3802, 199, 1000, 1001, 1005, 1007, 1009, 1015, 1016, 1021, 1022,
  1115, 1182, 1183, 1185, 1187, 1231, 2951, 3807, 0, 2249, 4_000_000_000,
] as const

const TEXTS = [
  '',
  '1',
  '-1',
  '1e999',
  'NaN',
  'infinity',
  '{1,2,{3}}',
  '{{1,2},{3,4}}',
  '{"a\\"b",NULL}',
  '[0:1]={1,2}',
  '1 mon -3 days +04:05:06.789',
  'P1Y2M3DT4H5M6S',
  '0044-03-15 BC',
  '294277-01-01 00:00:00',
  '24:00:00+15:59:59',
  '\\xdeadbeef',
  '\\x0',
  'true',
  '{"a":',
  '99999999999999999999999999999999999999999999999.5',
  '00000000-0000-0000-0000-00000000000g',
] as const

export function parameterMessages(random: Random): ClientMessage[] {
  return Array.from({ length: random.between(3, 15) }, () => oneOf(random)).flat()
}

function oneOf(random: Random): ClientMessage[] {
  const oid = random.pick(OIDS)
  const binary = random.below(2)
  const bytes = binary === 1 ? binaryValue(oid, random) : Buffer.from(random.pick(TEXTS))
  const value: Field = { kind: 'value', length: bytes.length, bytes }
  const plain = bind('', '', [''], { parameters: [binary] })
  const fields = plain.fields.map((field) => (field.kind === 'value' ? value : field))
  const text = random.pick(['SELECT $1::varchar AS x', 'SELECT $1::integer AS x', 'SELECT $1 AS x'])
  return [parse('', text, [oid]), { ...plain, fields }, execute(''), bare('S')]
}

function binaryValue(oid: number, random: Random): Buffer {
  if (random.onceIn(3)) return array(oid, random)
  if (random.onceIn(3)) return random.bytes(random.below(40))
  const bytes = random.bytes(random.pick([0, 1, 2, 4, 8, 12, 16]))
  if (random.onceIn(2)) bytes.subarray(0, random.below(4)).fill(random.pick([0, 0x7f, 0x80, 0xff]))
  return bytes
}

/** Dimensions, elements and their lengths that need not fit each other. */
function array(oid: number, random: Random): Buffer {
  const dimensions = random.pick([0, 1, 1, 1, 2, 6, 7, -1])
  const counts = Array.from({ length: Math.max(dimensions, 0) }, () => [
    random.pick([0, 1, 2, 3, 0x7fff_ffff, -1]),
    1,
  ])
  const elements = Array.from({ length: random.below(5) }, () => {
    const size = random.pick([-1, 0, 1, 4, 8])
    return [...ints(size), ...random.bytes(Math.max(size, 0))]
  })
  const head = ints(dimensions, random.below(2), random.pick([oid, 23, 25, 1700]), ...counts.flat())
  return Buffer.from([...head, ...elements.flat()])
}

function ints(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [at, value] of values.entries()) bytes.writeInt32BE(value | 0, 4 * at)
  return bytes
}
