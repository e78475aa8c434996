/**
 * PostgreSQL's spellings that the engine's parser cannot read, left out of the text.
 *
 * Works on tokens, so nothing inside strings, quoted names or comments is touched; every character
 * that is left out becomes a blank, so every other one stays where it was.
 */
import { tokenize } from '../../sql/lexer.ts'
import { isSymbol, isWord } from '../../sql/token.ts'
import type { Token } from '../../sql/token.ts'
import { wordSet } from '../../sql/word-set.ts'

/** Types that are words of the grammar: the parser takes no schema before them. */
const TYPE_WORDS = wordSet(`
  text bit boolean bigint char character dec decimal double float int integer interval national
  nchar numeric real smallint time timestamp varchar
`)

/** Collations by bytes, which is how the engine compares. */
const BINARY_COLLATIONS = wordSet('default c posix ucs_basic')

export interface ReadableText {
  readonly text: string
  /** Every name in it, folded to lower case. */
  readonly names: ReadonlySet<string>
}

export function readableText(text: string): ReadableText {
  const tokens = tokenize(text)
  const left = tokens.flatMap((_, index) => leftOut(tokens, index))
  const names = tokens.filter(({ kind }) => kind === 'word' || kind === 'quoted')
  return {
    text: blanked(text, left),
    names: new Set(names.map(({ value }) => value.toLowerCase())),
  }
}

type Range = readonly [start: number, end: number]

function leftOut(tokens: readonly Token[], at: number): Range[] {
  const token = tokens[at]
  if (token?.kind !== 'word') return []
  if (token.value === 'pg_catalog') return schemaOfTypeWord(tokens, at)
  if (token.value === 'collate') return binaryCollation(tokens, at)
  if (token.value === 'operator') return qualifiedOperator(tokens, at)
  return []
}

/** `pg_catalog.text` → `text` */
function schemaOfTypeWord(tokens: readonly Token[], at: number): Range[] {
  const [schema, dot, type] = tokens.slice(at, at + 3)
  const fits = isSymbol(dot, '.') && type?.kind === 'word' && TYPE_WORDS.has(type.value)
  return schema && fits ? [[schema.start, type.start]] : []
}

/** `COLLATE pg_catalog.default` → nothing */
function binaryCollation(tokens: readonly Token[], at: number): Range[] {
  const qualified = isWord(tokens[at + 1], 'pg_catalog') && isSymbol(tokens[at + 2], '.')
  const [collate, collation] = [tokens[at], tokens[at + (qualified ? 3 : 1)]]
  if (!collate || !collation || !['word', 'quoted'].includes(collation.kind)) return []
  const binary = BINARY_COLLATIONS.has(collation.value.toLowerCase())
  return binary ? [[collate.start, collation.end]] : []
}

/** `OPERATOR(pg_catalog.~)` → `~` */
function qualifiedOperator(tokens: readonly Token[], at: number): Range[] {
  const operator = tokens[at]
  const isQualified =
    isSymbol(tokens[at + 1], '(') &&
    isWord(tokens[at + 2], 'pg_catalog') &&
    isSymbol(tokens[at + 3], '.')
  const first = tokens[at + 4]
  const close = tokens.slice(at + 4).find((token) => isSymbol(token, ')'))
  if (!operator || !isQualified || !first || !close || first === close) return []
  return [
    [operator.start, first.start],
    [close.start, close.end],
  ]
}

function blanked(text: string, ranges: readonly Range[]): string {
  let result = ''
  let at = 0
  for (const [start, end] of ranges) {
    if (start < at) continue
    // as many bytes as before: the engine counts in those
    result += text.slice(at, start) + ' '.repeat(Buffer.byteLength(text.slice(start, end)))
    at = end
  }
  return result + text.slice(at)
}
