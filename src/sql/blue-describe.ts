/**
 * Tells BLUE's DESCRIBE family from the engine's `DESCRIBE table`.
 *
 * Source: BLUE SQL, DESCRIBE. The engine would read `DESCRIBE ROLES` as a table named `roles`.
 */
import { isWord } from './token.ts'
import type { Token } from './token.ts'
import { wordSet } from './word-set.ts'

/** Words that make a family member alone. */
const ALONE = wordSet('roles databases schemas tables views pools configuration sessions locks')

/** Pairs of words that make a family member only together. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['role', 'permissions'],
  ['connect', 'permissions'],
  ['user', 'functions'],
  ['resource', 'pools'],
  ['session', 'queries'],
  ['saved', 'queries'],
  ['saved', 'query'],
  ['query', 'session'],
  ['query', 'query'],
]

/** COLUMNS needs one of these after it, or it is a table of that name. */
const AFTER_COLUMNS = ['database', 'schema', 'table', 'view']

export function isBlueDescribe(tokens: readonly Token[]): boolean {
  const [, second, third] = tokens
  if (second?.kind !== 'word') return false
  if (ALONE.has(second.value)) return third?.kind !== 'symbol'
  if (second.value === 'columns') return AFTER_COLUMNS.some((word) => isWord(third, word))
  return PAIRS.some(([first, next]) => second.value === first && isWord(third, next))
}
