/** RETURNING: result columns over the rows that a write has touched. */
import type { Requirement } from '../identity/permission.ts'
import { isSymbol } from '../sql/token.ts'
import type { Token } from '../sql/token.ts'
import type { GateContext } from './gate-context.ts'
import type { ParameterTypes } from './parameter-types.ts'
import type { Piece } from './piece-text.ts'
import { notSupported } from './refusals.ts'
import { checkClauses } from './write-clauses.ts'
import type { WriteTarget } from './write-clauses.ts'

export interface CheckedReturning {
  /** With the word itself and a space before it; empty where there is none. */
  readonly text: string
  readonly requires: readonly Requirement[]
  readonly personal: boolean
}

const NONE: CheckedReturning = { text: '', requires: [], personal: false }

/** @param piece the list; undefined where there is none. */
export async function checkReturning(
  piece: Piece | undefined,
  target: WriteTarget,
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedReturning> {
  if (!piece) return NONE
  const clauses = { values: [], list: piece }
  const { list, requires, personal } = await checkClauses(
    context,
    parameterTypes,
    target,
    clauses,
    [],
  )
  return { text: ` RETURNING ${list}`, requires, personal }
}

/**
 * In PostgreSQL a star in the RETURNING of a statement with several tables has the columns of all of
 * them, in the engine those of the target alone.
 */
export function refuseStarOverSeveral(tokens: readonly Token[], piece: Piece | undefined): void {
  if (!piece) return
  const inside = tokens.filter(({ start, end }) => start >= piece.start && end <= piece.end)
  const bare = inside.some(
    (token, index) =>
      isSymbol(token, '*') &&
      token.depth === 0 &&
      (index === 0 || isSymbol(inside[index - 1], ',')),
  )
  if (bare) {
    throw notSupported('RETURNING * beside FROM or USING', 'Name the columns of the target: t.*.')
  }
}
