/**
 * Rows of a client that copies in: well formed, or wrong in one way whose answer is known. Every
 * message is whole, since after one that is not nobody can know where a COPY ends.
 */
import { bare, bind, copyData, copyFail, execute, parse, query } from './client-message.ts'
import type { ClientMessage } from './client-message.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import type { Random } from '../random.ts'

/** Several COPYs, one after the other, some in a transaction. */
export function copyMessages(world: FuzzWorld, random: Random): ClientMessage[] {
  const messages: ClientMessage[] = []
  for (let count = random.between(1, 6); count > 0; count -= 1) {
    const inBlock = random.onceIn(3)
    if (inBlock) messages.push(query('BEGIN'))
    messages.push(...oneCopy(world, random))
    if (inBlock) messages.push(query(random.pick(['COMMIT', 'ROLLBACK'])))
    messages.push(query('SELECT 1 AS n'))
  }
  if (random.onceIn(4)) messages.push(...strayQuery(world))
  return messages
}

function oneCopy({ copyIn }: FuzzWorld, random: Random): ClientMessage[] {
  const extended = random.onceIn(2)
  const begins = extended
    ? [
        parse('', copyIn.text),
        bind('', ''),
        execute('', random.below(3)),
        bare(random.pick(['H', 'S'])),
      ]
    : [query(copyIn.text)]
  const ends = random.onceIn(4) ? copyFail(random.pick(['', 'é', 'my file broke'])) : bare('c')
  return [...begins, ...rows(random), ends, ...(extended ? [bare('S')] : [])]
}

/** Lines cut anywhere, with messages between that mean nothing here. */
function rows(random: Random): ClientMessage[] {
  const lines = Array.from({ length: random.below(40) }, () => String(random.below(1_000_000)))
  if (random.onceIn(3)) lines.splice(random.below(lines.length + 1), 0, random.pick(BAD_LINES))
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  const all = random.onceIn(3) ? bytes.subarray(0, Math.max(bytes.length - 1, 0)) : bytes
  const messages: ClientMessage[] = []
  for (let at = 0; at < all.length;) {
    const length = random.between(0, 60)
    messages.push(copyData(all.subarray(at, at + length)))
    if (random.onceIn(8)) messages.push(bare(random.pick(['H', 'S'])))
    at += length
  }
  return messages
}

/** None is an integer, none ends the data. */
const BAD_LINES: [string, ...string[]] = ['x', '1.5', '', '99999999999', '1\t2', 'é', '\\x41']

/** What does not belong into a COPY: the connection ends. */
function strayQuery({ copyIn }: FuzzWorld): ClientMessage[] {
  return [query(copyIn.text), copyData(Buffer.from('1\n')), query('SELECT 1 AS n')]
}
