/** Calls of functions, by the tables of functions; and those functions that are words without brackets. */
import { DATE_FUNCTIONS } from './date-functions.ts'
import { TEXT_FUNCTIONS } from './text-functions.ts'
import { OTHER_FUNCTIONS } from './other-functions.ts'
import { nameType } from './casts.ts'
import type { ArgumentKind, BlueFunction, FunctionForm } from './blue-function.ts'
import { itemsWithin } from './definitions.ts'
import type { Edits } from './edits.ts'
import { isWholeRegex, quoted, searchAsRegex, UnclearPattern } from './patterns.ts'
import type { Reading } from './reading.ts'
import { REFUSED_FUNCTIONS } from './refused-functions.ts'
import { isText } from './text-token.ts'
import { readType } from './types.ts'
import { unitOf } from './units.ts'
import { wordSet } from '../word-set.ts'

export const BLUE_FUNCTIONS: readonly BlueFunction[] = [
  ...DATE_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...OTHER_FUNCTIONS,
]

const BY_NAME: ReadonlyMap<string, BlueFunction> = new Map(
  BLUE_FUNCTIONS.map((one) => [one.name, one]),
)

/** Called without brackets, too. */
const BARE = wordSet('sysdate current_timestamp current_date')

/** Behind these a name with brackets is no call, but is being given, or takes a list of columns. */
const BEFORE_NAMES = wordSet(
  'into table view exists copy update as function references index macro',
)

export function rewriteCalls(reading: Reading, edits: Edits): void {
  for (const [index, { kind, value }] of reading.tokens.entries()) {
    if (kind !== 'word' || reading.isType(index) || reading.isSymbol(index - 1, '.')) continue
    if (reading.isSymbol(index + 1, '(')) {
      if (!isCall(reading, index)) continue
      const refused = REFUSED_FUNCTIONS.get(value)
      if (refused !== undefined) {
        throw reading.notSupported(index, `${value.toUpperCase()}(…)`, refused)
      }
      const one = BY_NAME.get(value)
      if (one) rewriteCall(reading, edits, index, one)
    } else if (BARE.has(value) && isBare(reading, index)) {
      const becomes = BY_NAME.get(value)?.forms[0]?.becomes
      if (typeof becomes === 'string') edits.instead(index, becomes)
    }
  }
}

function isCall(reading: Reading, index: number): boolean {
  const before = reading.at(index - 1)
  if (!before) return false // EXPLAIN (FORMAT json) …
  if (before.kind === 'word' && BEFORE_NAMES.has(before.value)) return false
  const close = reading.partner(index + 1)
  if (close === undefined) return false
  // WITH name (columns) AS (…)
  const as = reading.isWord(close + 1, 'as')
  if (
    as &&
    (reading.isSymbol(close + 2, '(') || reading.isWord(close + 2, 'materialized', 'not'))
  ) {
    return false
  }
  return !reading.endsOperand(index - 1) || isTopCount(reading, index - 1)
}

/** SELECT TOP n begins a list. */
function isTopCount(reading: Reading, index: number): boolean {
  return reading.isWord(index - 1, 'top')
}

/** Not a name that is given, or a part of one. */
function isBare(reading: Reading, index: number): boolean {
  if (reading.isWord(index - 1, 'as') || reading.isSymbol(index + 1, '.')) return false
  return !reading.endsOperand(index - 1) || isTopCount(reading, index - 1)
}

interface Argument {
  readonly first: number
  readonly last: number
}

function rewriteCall(reading: Reading, edits: Edits, name: number, one: BlueFunction): void {
  const open = name + 1
  const close = reading.partner(open)
  if (close === undefined) return
  const given = argumentsOf(reading, one, open, close)
  const form = one.forms.find(({ arguments: kinds, variadic }) =>
    variadic ? given.length >= kinds.length : given.length === kinds.length,
  )
  if (!form) {
    throw reading.error(
      'undefined_function',
      name,
      `function ${one.name} does not take these arguments`,
      `In the dialect blue it is ${one.written}.`,
    )
  }
  if (form.variadic === 'decode') return rewriteDecode(edits, { name, open, close }, given)
  const template = templateOf(reading, one, form, given)
  for (const [at, kind] of form.arguments.entries()) {
    const argument = given[at]
    if (argument) rewriteArgument(reading, edits, kind, argument, one)
  }
  write(edits, template, { name, open, close }, given)
}

/** EXTRACT has FROM where others have a comma. */
function argumentsOf(
  reading: Reading,
  one: BlueFunction,
  open: number,
  close: number,
): readonly Argument[] {
  if (one.name !== 'extract') return itemsWithin(reading, open, close)
  return reading.isWord(open + 2, 'from') && open + 3 < close
    ? [
        { first: open + 1, last: open + 1 },
        { first: open + 3, last: close - 1 },
      ]
    : []
}

function templateOf(
  reading: Reading,
  one: BlueFunction,
  form: FunctionForm,
  given: readonly Argument[],
): string {
  const { becomes, plain, arguments: kinds } = form
  if (typeof becomes === 'string') {
    const counts = given.filter((_, at) => kinds[at] === 'count')
    const allPlain = counts.every(({ first, last }) => first === last && isWhole(reading, first))
    return plain !== undefined && allPlain ? plain : becomes
  }
  const at = kinds.indexOf('unit')
  const argument = given[at]
  const word = argument && argument.first === argument.last ? reading.at(argument.first) : undefined
  const unit = word?.kind === 'word' ? unitOf(word.value) : undefined
  const index = argument?.first ?? 0
  if (!unit) {
    throw reading.error(
      'invalid_parameter_value',
      index,
      `unit "${word?.value ?? ''}" not recognized`,
      'A unit is a bare word, such as DAY.',
    )
  }
  const template = becomes[unit]
  if (template !== undefined) return template
  throw reading.notSupported(
    index,
    `${one.name.toUpperCase()} with ${unit.toUpperCase()}`,
    one.note,
  )
}

function isWhole(reading: Reading, index: number): boolean {
  const token = reading.at(index)
  return token?.kind === 'number' && /^\d+$/.test(token.value)
}

function rewriteArgument(
  reading: Reading,
  edits: Edits,
  kind: ArgumentKind,
  { first, last }: Argument,
  { name }: BlueFunction,
): void {
  const token = reading.at(first)
  const what = name.toUpperCase()
  if (kind === 'regex' || kind === 'pattern') {
    if (first !== last || !isText(reading, first)) {
      throw reading.notSupported(first, `${what} with a pattern that is not a string`)
    }
    const text = token?.value ?? ''
    if (kind === 'pattern') edits.instead(first, quoted(patternFor(reading, first, text)))
    else if (!isWholeRegex(text)) {
      throw reading.error('invalid_parameter_value', first, 'invalid regular expression')
    }
  } else if (kind === 'type') {
    const type = readType(reading, first)
    if (type?.last !== last || type.limit)
      throw reading.notSupported(first, `${what} with this type`)
    nameType(reading, edits, type)
  } else if (typeof kind === 'object') {
    if (first !== last || token?.value !== kind.only) {
      throw reading.notSupported(first, `${what} with other than ${kind.only} here`)
    }
  }
}

function patternFor(reading: Reading, index: number, text: string): string {
  try {
    return searchAsRegex(text)
  } catch (thrown) {
    if (!(thrown instanceof UnclearPattern)) throw thrown
    throw reading.notSupported(index, `this pattern (${thrown.message})`)
  }
}

interface Place {
  readonly name: number
  readonly open: number
  readonly close: number
}

/** Puts what `becomes` has between its arguments in the places of the name, the brackets and the commas. */
function write(edits: Edits, template: string, place: Place, given: readonly Argument[]): void {
  const [head = '', ...rest] = template.split(/(#\d)/)
  const used = new Map<number, string>()
  for (let at = 0; at < rest.length; at += 2) {
    used.set(Number(rest[at]?.slice(1)) - 1, rest[at + 1] ?? '')
  }
  edits.instead(place.name, head)
  edits.instead(place.open, '')
  let pending = ''
  for (const [at, { first, last }] of given.entries()) {
    const behind = used.get(at)
    if (behind === undefined) edits.drop(first, last) // a unit, or a number that says nothing new
    pending += behind ?? ''
    edits.instead(given[at + 1] ? last + 1 : place.close, pending)
    pending = ''
  }
  if (given.length === 0) edits.instead(place.close, '')
}

/** As a CASE over lists of one: in lists NULL equals NULL. */
function rewriteDecode(
  edits: Edits,
  { name, open, close }: Place,
  given: readonly Argument[],
): void {
  edits.instead(name, 'CASE list_value')
  edits.instead(open, '(')
  const pairs = Math.floor((given.length - 1) / 2)
  for (const [at, { last }] of given.entries()) {
    if (at === given.length - 1) break
    const behind = (at - 1) % 2 === 0 ? ') THEN ' : ' WHEN list_value('
    const isDefault = at + 1 > pairs * 2
    edits.instead(last + 1, at === 0 ? ') WHEN list_value(' : isDefault ? ' ELSE ' : behind)
  }
  edits.instead(close, ' END')
}
