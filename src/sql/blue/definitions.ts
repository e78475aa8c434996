/** Types and clauses of definitions: CREATE TABLE, CREATE FOREIGN TABLE, ALTER TABLE, CREATE FUNCTION. */
import { repositioned } from '../../base/gateway-error.ts'
import { characterPosition } from '../text-position.ts'
import type { Edits, Rewritten } from './edits.ts'
import type { Reading } from './reading.ts'
import { readType } from './types.ts'
import type { WrittenType } from './types.ts'
import { nameType } from './casts.ts'
import { wordSet } from '../word-set.ts'

/** Of a column list: constraints of the table begin with one of these. */
const CONSTRAINTS = wordSet('constraint primary unique check foreign exclude like')

export function rewriteTable(reading: Reading, edits: Edits): void {
  const list = endOfName(reading, indexOfWord(reading, 'table') + 1)
  if (reading.isWord(list, 'like')) {
    throw reading.notSupported(list, 'CREATE TABLE … LIKE', 'Write the columns, or AS SELECT.')
  }
  const close = reading.isSymbol(list, '(') ? reading.partner(list) : undefined
  if (close === undefined || reading.isWord(close + 1, 'as')) return
  const isForeign = reading.isWord(indexOfWord(reading, 'table') - 1, 'foreign')
  for (const item of itemsWithin(reading, list, close)) {
    if (isConstraint(reading, item.first)) continue
    const type = readType(reading, item.first + 1)
    reading.markType(item.first, item.first)
    if (type) {
      nameType(reading, edits, type)
      if (type.limit) limitColumn(reading, edits, item.first, type, isForeign)
    }
    rewriteConstraints(reading, edits, (type?.last ?? item.first) + 1, item.last)
  }
  dropClustering(reading, edits, close + 1)
}

/** How a TEXT(n) and a list of at most n items are kept: as a CHECK, so that longer ones are an error. */
function limitColumn(
  reading: Reading,
  edits: Edits,
  name: number,
  type: WrittenType,
  isForeign: boolean,
): void {
  if (isForeign) throw reading.notSupported(type.first, `${type.name} in a foreign table`)
  const column = `"${(reading.at(name)?.value ?? '').replaceAll('"', '""')}"`
  const measure = type.limit?.of === 'items' ? 'len' : 'length'
  edits.after(type.last, ` CHECK (${measure}(${column}) <= ${type.limit?.max ?? 0})`)
}

/** CHECK ('CS "…"') asks for a compression: it is taken, without effect. */
function rewriteConstraints(reading: Reading, edits: Edits, from: number, to: number): void {
  for (let index = from; index <= to; index += 1) {
    const text = reading.at(index + 2)
    if (!reading.isWord(index, 'check') || text?.kind !== 'string') continue
    if (!COMPRESSION.test(text.value) || !reading.isSymbol(index + 3, ')')) continue
    edits.drop(index, index + 3)
    reading.markType(index, index + 3)
  }
}

const COMPRESSION = /^\s*CS\s+"(?:default|p4d|dict|rle|sequence|flat)"\s*$/i

/** CLUSTER BY says how rows lie on disk, and nothing about what they are. */
function dropClustering(reading: Reading, edits: Edits, from: number): void {
  if (!reading.sees(from, 'cluster', 'by')) return
  let last = from + 1
  do {
    const name = reading.at(last + 1)
    if (name?.kind !== 'word' && name?.kind !== 'quoted') {
      throw reading.error('syntax_error', last + 1, 'CLUSTER BY takes names of columns')
    }
    last += 1
  } while (reading.isSymbol(last + 1, ',') && (last += 1))
  edits.drop(from, last)
  reading.markType(from, last)
}

export function rewriteAlter(reading: Reading, edits: Edits): void {
  const from = endOfName(reading, indexOfWord(reading, 'table') + 1)
  for (const { first } of itemsBetween(reading, from, reading.tokens.length - 1, 0)) {
    if (reading.sees(first, 'cluster', 'by')) {
      throw reading.notSupported(first, 'ALTER TABLE … CLUSTER BY')
    }
    if (reading.isWord(first, 'drop') && reading.isWord(first + 1, 'clustering', 'statistics')) {
      throw reading.notSupported(first, 'ALTER TABLE … DROP CLUSTERING KEY and STATISTICS')
    }
    const at = typeInAction(reading, first)
    const type = at === undefined ? undefined : readType(reading, at)
    if (!type) continue
    if (type.limit) throw reading.notSupported(type.first, `${type.name} in ALTER TABLE`)
    nameType(reading, edits, type)
    rewriteConstraints(reading, edits, type.last + 1, endOfItem(reading, type.last))
  }
}

/** Where a type stands in one action; undefined for one without. */
function typeInAction(reading: Reading, first: number): number | undefined {
  if (reading.isWord(first, 'alter')) {
    const column = reading.isWord(first + 1, 'column') ? first + 2 : first + 1
    const set = reading.sees(column + 1, 'set', 'data') ? column + 3 : column + 1
    return reading.isWord(set, 'type') ? set + 1 : undefined
  }
  let name = first
  if (reading.isWord(first, 'add')) {
    name = reading.isWord(first + 1, 'column') ? first + 2 : first + 1
    if (reading.sees(name, 'if', 'not', 'exists')) name += 3
    else if (isConstraint(reading, name)) return undefined
  } else if (reading.isWord(first, 'drop', 'rename', 'set', 'owner', 'reset')) return undefined
  return name + 1
}

/**
 * @param rewriteBody of the text in the string that holds the body: it is SQL of this dialect, too.
 *        Its places are told from the first character between the quotes on.
 */
export function rewriteFunction(
  reading: Reading,
  edits: Edits,
  rewriteBody: (body: string) => Rewritten | undefined,
): void {
  const list = endOfName(reading, indexOfWord(reading, 'function') + 1)
  const close = reading.isSymbol(list, '(') ? reading.partner(list) : undefined
  if (close === undefined) return
  const types = itemsWithin(reading, list, close).map(({ first }) => first + 1)
  if (reading.isWord(close + 1, 'returns')) types.push(close + 2)
  for (const at of types) {
    reading.markType(at - 1, at - 1)
    const type = readType(reading, at)
    if (type?.limit) throw reading.notSupported(at, `${type.name} in CREATE FUNCTION`)
    if (type) nameType(reading, edits, type)
  }
  const body = reading.tokens.findIndex(({ kind }, index) => kind === 'string' && index > close)
  const token = reading.at(body)
  if (!token) return
  const start = reading.text.indexOf(token.value, token.start)
  const isVerbatim = start >= 0 && start + token.value.length <= token.end
  const rewritten = rewrittenBody()
  if (!rewritten) return
  const tag = freeTag(rewritten.text)
  edits.instead(body, {
    text: `${tag}${rewritten.text}${tag}`,
    placeOf: (index) =>
      isVerbatim ? start + rewritten.placeOf(Math.max(0, index - tag.length)) : token.start,
  })

  /** What is wrong with the body has its place in the statement. */
  function rewrittenBody(): Rewritten | undefined {
    try {
      return rewriteBody(token?.value ?? '')
    } catch (thrown) {
      const before = characterPosition(reading.text, start) - 1
      throw repositioned(thrown, (position) => (isVerbatim ? before + position : undefined))
    }
  }
}

/** A dollar quote that does not stand in a text, and does not begin at its end. */
function freeTag(text: string): string {
  const taken = new Set([...text.matchAll(/\$blue(\d+)(?=\$|$)/g)].map(([, number]) => number))
  let free = 1
  while (taken.has(String(free))) free += 1
  return `$blue${free}$`
}

interface Item {
  readonly first: number
  readonly last: number
}

/** What stands between commas inside of brackets. */
export function itemsWithin(reading: Reading, open: number, close: number): Item[] {
  const depth = (reading.at(open)?.depth ?? 0) + 1
  return open + 1 > close - 1 ? [] : itemsBetween(reading, open + 1, close - 1, depth)
}

function itemsBetween(reading: Reading, from: number, to: number, depth: number): Item[] {
  const items: Item[] = []
  let first = from
  for (let index = from; index <= to + 1; index += 1) {
    const ends = index > to || (reading.isSymbol(index, ',') && reading.at(index)?.depth === depth)
    if (!ends) continue
    if (first < index) items.push({ first, last: index - 1 })
    first = index + 1
  }
  return items
}

function endOfItem(reading: Reading, from: number): number {
  let last = from
  while (
    reading.at(last + 1) &&
    !(reading.isSymbol(last + 1, ',') && reading.at(last + 1)?.depth === 0)
  ) {
    last += 1
  }
  return last
}

function isConstraint(reading: Reading, index: number): boolean {
  const token = reading.at(index)
  return token?.kind === 'word' && CONSTRAINTS.has(token.value)
}

function indexOfWord(reading: Reading, word: string): number {
  return reading.tokens.findIndex(({ kind, value }) => kind === 'word' && value === word)
}

/** Index behind `[IF [NOT] EXISTS] name`. */
function endOfName(reading: Reading, from: number): number {
  let index = from
  if (reading.sees(index, 'if', 'not', 'exists')) index += 3
  else if (reading.sees(index, 'if', 'exists')) index += 2
  index += 1
  while (reading.isSymbol(index, '.')) index += 2
  return index
}
