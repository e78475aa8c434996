/** Clauses of a query: TOP, the place of NULL in an order, and the names of columns that have none. */
import { asksForClient } from './client-functions.ts'
import type { Edits } from './edits.ts'
import type { Reading } from './reading.ts'
import { wordSet } from '../word-set.ts'

const SET_OPERATIONS = wordSet('union except intersect')
/** Behind an ORDER BY, its last item has ended before one of these. */
const ENDS_ORDER =
  wordSet(`limit offset fetch rows range groups union except intersect for returning
  window qualify`)

/** NULL comes first, and last with DESC; the engine has it last. */
export function placeNulls(reading: Reading, edits: Edits): void {
  for (let index = 0; index < reading.tokens.length; index += 1) {
    if (!reading.sees(index, 'order', 'by') || reading.isSymbol(index - 1, '.')) continue
    // WITHIN GROUP (ORDER BY …): what NULL is left out of.
    if (reading.isSymbol(index - 1, '(') && reading.sees(index - 3, 'within', 'group')) continue
    const depth = reading.at(index)?.depth ?? 0
    let first = index + 2
    for (let at = first; at <= reading.tokens.length; at += 1) {
      const token = reading.at(at)
      const isComma = reading.isSymbol(at, ',') && token?.depth === depth
      const isOver = !token || token.depth < depth || endsOrder(reading, at, first, depth)
      if (!isComma && !isOver) continue
      if (at > first) placeNull(reading, edits, at - 1)
      if (isOver) break
      first = at + 1
    }
  }
}

function endsOrder(reading: Reading, at: number, first: number, depth: number): boolean {
  const token = reading.at(at)
  if (token?.kind !== 'word' || token.depth !== depth) return false
  if (at === first || reading.isSymbol(at - 1, '.')) return false
  if (endsQuery(reading, at) || reading.sees(at, 'order', 'by')) return true
  const isBehindItem = reading.endsOperand(at - 1) || reading.isWord(at - 1, 'asc', 'desc')
  return ENDS_ORDER.has(token.value) && isBehindItem
}

/** What stands behind the query of an INSERT or a CREATE TABLE; and another query. */
function endsQuery(reading: Reading, at: number): boolean {
  return (
    reading.isWord(at, 'select') || // what comes before cannot be right, or is a part of UNION
    reading.sees(at, 'on', 'conflict') ||
    reading.isWord(at, 'returning') ||
    reading.sees(at, 'with', 'no', 'data') ||
    reading.sees(at, 'with', 'data')
  )
}

function placeNull(reading: Reading, edits: Edits, last: number): void {
  if (reading.isWord(last - 1, 'nulls') && reading.isWord(last, 'first', 'last')) return
  edits.after(last, reading.isWord(last, 'desc') ? ' NULLS LAST' : ' NULLS FIRST')
}

/** TOP n is LIMIT n, at the end of its own query. */
export function moveTop(reading: Reading, edits: Edits): void {
  for (let index = 0; index < reading.tokens.length; index += 1) {
    const top = topOf(reading, index)
    if (top === undefined) continue
    const number = reading.at(top + 1)
    const depth = reading.at(index)?.depth ?? 0
    const block = blockOf(reading, index, depth)
    if (block.limit !== undefined) {
      throw reading.notSupported(block.limit, 'TOP together with LIMIT or OFFSET')
    }
    refuseMovedParameter(reading, top + 1)
    edits.drop(top, top + 1)
    const limit = ` LIMIT ${number?.value ?? ''}`
    if (block.isArm) edits.before(index, '(')
    edits.after(block.last, block.isArm ? `${limit})` : limit)
  }
}

/** Index of TOP in SELECT [DISTINCT | ALL] TOP n, where n is a whole number or a parameter. */
function topOf(reading: Reading, select: number): number | undefined {
  if (!reading.isWord(select, 'select') || reading.isSymbol(select - 1, '.')) return undefined
  const top = reading.isWord(select + 1, 'distinct', 'all') ? select + 2 : select + 1
  const number = reading.at(top + 1)
  if (!reading.isWord(top, 'top')) return undefined
  const counts =
    number?.kind === 'parameter' || (number?.kind === 'number' && /^\d{1,18}$/.test(number.value))
  return counts ? top : undefined
}

/** A `?` has its number by its place: nothing may come between. */
function refuseMovedParameter(reading: Reading, index: number): void {
  if (reading.at(index)?.value !== '?') return
  const others = reading.tokens.filter(({ kind }) => kind === 'parameter')
  if (others.length > 1) {
    throw reading.notSupported(index, 'TOP ? beside other parameters', 'Number them: $1, $2.')
  }
}

interface Block {
  readonly last: number
  /** Of UNION, EXCEPT or INTERSECT: what stands behind it belongs to all of them. */
  readonly isArm: boolean
  /** Where its own LIMIT is. */
  readonly limit: number | undefined
}

function blockOf(reading: Reading, select: number, depth: number): Block {
  let isArm = followsSetOperation(reading, select)
  let order: number | undefined
  let limit: number | undefined
  let end = select + 1
  for (; end < reading.tokens.length; end += 1) {
    const token = reading.at(end)
    if (!token || token.depth < depth) break
    if (token.depth > depth) continue
    if (token.kind !== 'word' || reading.isSymbol(end - 1, '.')) continue
    if (
      SET_OPERATIONS.has(token.value) &&
      reading.endsOperandOrStar(end - 1) &&
      !isColumnList(reading, end)
    ) {
      isArm = true
      break
    }
    if (endsQuery(reading, end)) break
    if (reading.sees(end, 'order', 'by')) order ??= end
    if (['limit', 'offset', 'fetch'].includes(token.value) && reading.endsOperandOrStar(end - 1)) {
      limit ??= end
    }
  }
  const tail = Math.min(order ?? end, limit ?? end)
  return isArm ? { last: tail - 1, isArm, limit: undefined } : { last: end - 1, isArm, limit }
}

/** `* EXCEPT (…)` names columns. */
function isColumnList(reading: Reading, index: number): boolean {
  return reading.isWord(index, 'except') && reading.isSymbol(index - 1, '*')
}

function followsSetOperation(reading: Reading, select: number): boolean {
  const before = reading.isWord(select - 1, 'all', 'distinct') ? select - 2 : select - 1
  const token = reading.at(before)
  return token?.kind === 'word' && SET_OPERATIONS.has(token.value)
}

/** Where a select list ends. */
const ENDS_LIST =
  wordSet(`from where group having window qualify order limit offset fetch union except
  intersect into returning using`)

/** Columns without a name are named as BLUE names them: a call by its function, others `?column?`. */
export function nameColumns(reading: Reading, edits: Edits): void {
  for (let index = 0; index < reading.tokens.length; index += 1) {
    if (!reading.isWord(index, 'select') || reading.isSymbol(index - 1, '.')) continue
    if (asksForClient(reading, index)) continue
    const top = topOf(reading, index)
    let first = top === undefined ? index + 1 : top + 2
    if (reading.isWord(first, 'distinct', 'all')) first += 1
    if (reading.isWord(first, 'on') && reading.isSymbol(first + 1, '(')) {
      first = (reading.partner(first + 1) ?? first) + 1
    }
    const depth = reading.at(index)?.depth ?? 0
    const taken = new Map<string, number>()
    for (let at = first; at <= reading.tokens.length; at += 1) {
      const isOver = endsList(reading, at, depth)
      const isComma = reading.isSymbol(at, ',') && reading.at(at)?.depth === depth
      if (!isOver && !isComma) continue
      if (at > first) nameColumn(reading, edits, first, at - 1, taken)
      if (isOver) break
      first = at + 1
    }
  }
}

function endsList(reading: Reading, at: number, depth: number): boolean {
  const token = reading.at(at)
  if (!token || token.depth < depth) return true
  if (token.depth > depth) return false
  if (reading.isWord(at, 'select')) return true
  if (token.kind !== 'word' || !ENDS_LIST.has(token.value)) return false
  if (reading.isSymbol(at - 1, '.') || reading.isWord(at - 1, 'as')) return false
  if (token.value === 'from') return !reading.isWord(at - 1, 'distinct')
  if (token.value === 'except') return !reading.isSymbol(at - 1, '*')
  return reading.endsOperandOrStar(at - 1)
}

function nameColumn(
  reading: Reading,
  edits: Edits,
  first: number,
  last: number,
  taken: Map<string, number>,
): void {
  const name = nameOf(reading, first, last)
  if (name === undefined) return
  const seen = taken.get(name)
  taken.set(name, (seen ?? -1) + 1)
  edits.after(last, ` AS "${name}${seen ?? ''}"`)
}

/** undefined where it has a name already. */
function nameOf(reading: Reading, first: number, last: number): string | undefined {
  const [head, end] = [reading.at(first), reading.at(last)]
  if (isColumn(reading, first, last)) return undefined
  // `x AS name`, `x name`; and not `CASE … END`, `a / b`, `x::INT`
  const isWord = end?.kind === 'quoted' || (end?.kind === 'word' && !ENDS_EXPRESSION.has(end.value))
  const isBehindValue = reading.endsOperand(last - 1) || reading.isWord(last - 1, 'as')
  if (isWord && isBehindValue && first < last && !reading.isType(last)) return undefined
  const close = reading.isSymbol(first + 1, '(') ? reading.partner(first + 1) : undefined
  const isCall = close !== undefined && (close === last || isWindow(reading, close + 1))
  const isNamed = head?.kind === 'word' && (isCall || first === last)
  return isNamed ? head.value : '?column?'
}

/** `f(x) OVER (…)`, `f(x) FILTER (…)`, `f(x) WITHIN GROUP (…)`. */
function isWindow(reading: Reading, at: number): boolean {
  return reading.isWord(at, 'over', 'filter') || reading.sees(at, 'within', 'group')
}

const ENDS_EXPRESSION = wordSet('end null true false isnull notnull')

/** A column or several: `a`, `t.a`, `*`, `t.* EXCLUDE (…)`, `COLUMNS(…)`, `name: value`. */
function isColumn(reading: Reading, first: number, last: number): boolean {
  let at = first
  while (reading.isSymbol(at + 1, '.')) at += 2
  if (reading.isSymbol(at, '*') || reading.isWord(at, 'columns')) return true
  const isLabelled = reading.isSymbol(first + 1, ':') && !reading.isSymbol(first + 2, ':')
  if (isLabelled) return true
  const token = reading.at(at)
  if (at !== last) return false
  if (token?.kind === 'quoted') return true
  return token?.kind === 'word' && (at > first || !IS_VALUE.has(token.value))
}

/** Words that are values and no columns. */
const IS_VALUE = wordSet('null true false sysdate current_timestamp current_date')
