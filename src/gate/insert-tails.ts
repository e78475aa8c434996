/** Where the clauses behind the rows of an INSERT begin: outside of brackets, at its end. */
import { isWord } from '../sql/token.ts'
import type { Token } from '../sql/token.ts'
import type { Piece } from './piece-text.ts'

/** Indexes of tokens; undefined where there is no such clause. */
export interface InsertTails {
  readonly conflict: number | undefined
  readonly returning: number | undefined
}

export function insertTails(tokens: readonly Token[]): InsertTails {
  const conflict = tokens.findIndex(
    (token, index) =>
      token.depth === 0 && isWord(token, 'on') && isWord(tokens[index + 1], 'conflict'),
  )
  const returning = tokens.findLastIndex((token) => token.depth === 0 && isWord(token, 'returning'))
  return {
    conflict: conflict < 0 ? undefined : conflict,
    returning: returning < 0 ? undefined : returning,
  }
}

/** What follows RETURNING; empty where it is the last word. */
export function returningPiece(
  tokens: readonly Token[],
  { returning }: InsertTails,
): Piece | undefined {
  if (returning === undefined) return undefined
  const word = tokens[returning]
  const last = tokens.at(-1)
  return { start: tokens[returning + 1]?.start ?? word?.end ?? 0, end: last?.end ?? 0 }
}
