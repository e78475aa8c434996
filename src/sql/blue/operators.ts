/** Operators, numbers, subscripts and hints of joins: what has another meaning, or none, in the engine. */
import { isText } from './text-token.ts'
import type { Edits } from './edits.ts'
import { isWholeRegex, likeAsRegex, quoted, UnclearPattern } from './patterns.ts'
import type { Reading } from './reading.ts'

/** `/` of whole numbers is whole; the engine's `//` is that, and divides others as `/` does. */
export function rewriteDivision(reading: Reading, edits: Edits): void {
  for (let index = 0; index < reading.tokens.length; index += 1) {
    const operator = reading.operator(index)
    if (operator === '/') edits.instead(index, ' // ')
    if (operator === '^') {
      throw reading.notSupported(index, '^', 'BLUE does not say what it means: write POWER or XOR.')
    }
  }
}

/**
 * E'…' with `\u` and `\U`, which the engine's parser does not read: the same text without escapes. BLUE has
 * no octal and no hexadecimal ones.
 */
export function rewriteEscapes(reading: Reading, edits: Edits): void {
  for (const [index, { kind, value, start, end }] of reading.tokens.entries()) {
    if (kind !== 'string' || edits.isReplaced(index)) continue
    const raw = reading.text.slice(start, end)
    if (!/^e'/i.test(raw)) continue
    const escapes = [...raw.matchAll(/\\([\s\S])/g)].map(([, letter = '']) => letter)
    if (escapes.some((letter) => /[0-7x]/.test(letter))) {
      throw reading.notSupported(index, 'an octal or hexadecimal escape', 'Write \\uXXXX.')
    }
    if (escapes.some((letter) => /u/i.test(letter))) edits.instead(index, quoted(value))
  }
}

const BIGINT_MAX = 2n ** 63n - 1n

/**
 * A number with a point is a DOUBLE, and so is one that is too large for a BIGINT. As a cast of a text,
 * because the engine prints a DOUBLE as it prints a DECIMAL.
 */
export function rewriteNumbers(reading: Reading, edits: Edits): void {
  for (const [index, { kind, value }] of reading.tokens.entries()) {
    if (kind !== 'number' || reading.isType(index) || edits.isReplaced(index)) continue
    if (/^0[xob]/i.test(value)) continue
    const isLarge = /^\d+$/.test(value) && BigInt(value) > largest(reading, index)
    if (!/[.e]/i.test(value) && !isLarge) continue
    if (!Number.isFinite(Number(value.replaceAll('_', '')))) {
      const message = `"${value}" is out of range for type double precision`
      throw reading.error('numeric_value_out_of_range', index, message)
    }
    edits.instead(index, `CAST('${value.replaceAll('_', '')}' AS DOUBLE)`)
  }
}

function largest(reading: Reading, index: number): bigint {
  const isNegative = reading.isSymbol(index - 1, '-') && !reading.endsOperand(index - 2)
  return isNegative ? BIGINT_MAX + 1n : BIGINT_MAX
}

/** `a[0]` is the first item; the engine's is `a[1]`. */
export function rewriteSubscripts(reading: Reading, edits: Edits): void {
  for (let open = 1; open < reading.tokens.length; open += 1) {
    if (!reading.isSymbol(open, '[') || reading.isType(open) || !reading.endsOperand(open - 1))
      continue
    const close = reading.partner(open)
    if (close === undefined || close === open + 1) continue
    const depth = (reading.at(open)?.depth ?? 0) + 1
    const [only, second] = reading.tokens.slice(open + 1, Math.min(close, open + 3))
    if (hasColon(reading, open + 1, close, depth)) {
      throw reading.notSupported(open, 'a slice of an array')
    }
    if (isAssigned(reading, open, close)) {
      throw reading.notSupported(open, 'SET of one item of an array', 'Set the whole array.')
    }
    if (only && !second && only.kind === 'string') continue // a key of the engine's own types
    if (only && !second && only.kind === 'number' && /^\d{1,9}$/.test(only.value)) {
      edits.instead(open + 1, String(Number(only.value) + 1))
      continue
    }
    edits.after(open, 'greatest((')
    edits.before(close, ') + 1, 0)') // the engine counts from behind below 0
  }
}

/** One that is not half of `::`. */
function hasColon(reading: Reading, from: number, to: number, depth: number): boolean {
  for (let index = from; index < to; index += 1) {
    if (!reading.isSymbol(index, ':') || reading.at(index)?.depth !== depth) continue
    if (!reading.isSymbol(index - 1, ':') && !reading.isSymbol(index + 1, ':')) return true
  }
  return false
}

/** UPDATE … SET a[0] = …. */
function isAssigned(reading: Reading, open: number, close: number): boolean {
  const before = open - 2
  const begins =
    reading.isWord(before, 'set') || (reading.isWord(0, 'update') && reading.isSymbol(before, ','))
  return begins && reading.at(open)?.depth === 0 && reading.isSymbol(close + 1, '=')
}

/** INNER MERGE JOIN, LEFT LOOP JOIN: how to join is the engine's to know. */
export function dropJoinHints(reading: Reading, edits: Edits): void {
  for (let index = 1; index < reading.tokens.length; index += 1) {
    if (!reading.isWord(index, 'merge', 'loop') || !reading.isWord(index + 1, 'join')) continue
    if (reading.isWord(index - 1, 'inner', 'left', 'right', 'full', 'outer', 'cross')) {
      edits.instead(index, '')
    }
  }
}

/** LIKE with its classes and its escape character, and RLIKE. */
export function rewritePatterns(reading: Reading, edits: Edits): void {
  for (let index = 1; index < reading.tokens.length; index += 1) {
    if (reading.isType(index) || !reading.isWord(index, 'like', 'rlike')) continue
    const isNot = reading.isWord(index - 1, 'not')
    if (!reading.endsOperand(isNot ? index - 2 : index - 1)) continue
    const pattern = index + 1
    const what = reading.isWord(index, 'like') ? 'LIKE' : 'RLIKE'
    if (!isText(reading, pattern) || reading.goesOn(pattern + 1)) {
      throw reading.notSupported(
        index,
        `${what} with a pattern that is not one string`,
        'Write the pattern out.',
      )
    }
    const text = reading.at(pattern)?.value ?? ''
    const matches = isNot ? '!~' : '~'
    if (what === 'RLIKE') {
      if (!isWholeRegex(text)) {
        throw reading.error('invalid_parameter_value', pattern, 'invalid regular expression')
      }
      edits.before(pattern, `('(?s:.*)(?:' || `)
      edits.after(pattern, ` || ')(?s:.*)')`)
    } else {
      if (!text.includes('[')) {
        if (text.includes('\\') && !reading.isWord(pattern + 1, 'escape')) {
          edits.after(pattern, ` ESCAPE '\\'`)
        }
        continue
      }
      if (reading.isWord(pattern + 1, 'escape')) {
        throw reading.notSupported(pattern + 1, 'ESCAPE with a class in the pattern')
      }
      edits.instead(pattern, quoted(classesOf(reading, pattern, text)))
    }
    edits.instead(index, matches)
    if (isNot) edits.instead(index - 1, '')
  }
}

function classesOf(reading: Reading, index: number, text: string): string {
  try {
    return likeAsRegex(text)
  } catch (thrown) {
    if (!(thrown instanceof UnclearPattern)) throw thrown
    throw reading.notSupported(index, `this pattern (${thrown.message})`)
  }
}
