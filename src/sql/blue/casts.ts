/** Types inside of expressions: CAST, TRY_CAST, `::`, and a type before a string. */
import { failure } from './blue-function.ts'
import type { Edits } from './edits.ts'
import type { Reading } from './reading.ts'
import { readType } from './types.ts'
import type { WrittenType } from './types.ts'

export function rewriteCasts(reading: Reading, edits: Edits): void {
  for (let index = 0; index < reading.tokens.length; index += 1) {
    if (reading.isType(index)) continue
    if (reading.isWord(index, 'cast', 'try_cast') && reading.isSymbol(index + 1, '(')) {
      rewriteCast(reading, edits, index)
    } else if (isDoubleColon(reading, index)) {
      const type = readType(reading, index + 2)
      if (type) {
        if (type.limit) throw reading.notSupported(index, `:: with ${type.name}`, 'Write CAST.')
        nameType(reading, edits, type)
      }
      index += 1
    } else if (beforeString(reading, index)) {
      const type = readType(reading, index)
      if (type?.becomes !== undefined && reading.at(type.last + 1)?.kind === 'string') {
        if (type.limit) throw reading.notSupported(index, `${type.name} before a string`)
        nameType(reading, edits, type)
      }
    }
  }
}

/** `NUMERIC '1.5'`: a word behind which a string may stand, and that is no value itself. */
function beforeString(reading: Reading, index: number): boolean {
  const [token, next] = [reading.at(index), reading.at(index + 1)]
  if (token?.kind !== 'word' || reading.endsOperand(index - 1)) return false
  return next?.kind === 'string' || (next?.kind === 'word' && token.value === 'double')
}

function isDoubleColon(reading: Reading, index: number): boolean {
  const [first, second] = [reading.at(index), reading.at(index + 1)]
  return (
    reading.isSymbol(index, ':') && reading.isSymbol(index + 1, ':') && first?.end === second?.start
  )
}

function rewriteCast(reading: Reading, edits: Edits, cast: number): void {
  const close = reading.partner(cast + 1)
  if (close === undefined) return
  const depth = (reading.at(cast + 1)?.depth ?? 0) + 1
  let as = close - 1
  while (as > cast && !(reading.isWord(as, 'as') && reading.at(as)?.depth === depth)) as -= 1
  const type = as > cast ? readType(reading, as + 1) : undefined
  if (type?.last !== close - 1) return
  nameType(reading, edits, type)
  if (!type.limit) return
  if (type.limit.of === 'items') throw reading.notSupported(as + 1, `a cast to ${type.name}`)
  const tooLong = reading.isWord(cast, 'cast')
    ? failure(`value too long for type TEXT(${type.limit.max})`, 'VARCHAR')
    : 'NULL'
  edits.before(cast, 'list_extract(list_transform(list_value(')
  edits.after(
    close,
    `), lambda "blue value": CASE WHEN length("blue value") > ${type.limit.max} THEN ${tooLong} ELSE "blue value" END), 1)`,
  )
}

/** Writes the engine's name of a type in its place. */
export function nameType(reading: Reading, edits: Edits, type: WrittenType): void {
  const { first, last, becomes } = type
  reading.markType(first, last)
  if (becomes === undefined || becomes.toLowerCase() === type.name.toLowerCase()) return
  edits.instead(first, becomes)
  edits.drop(first + 1, last)
}
