/** A part of a statement, checked as a text of its own. */
import { repositioned } from '../base/gateway-error.ts'
import { characterPosition } from '../sql/text-position.ts'
import type { GateContext } from './gate-context.ts'

/**
 * Runs `check` on the text from `start` (UTF-16 units) to `end`; positions in its errors are moved
 * into the whole statement.
 */
export async function atOffset<Result>(
  context: GateContext,
  start: number,
  check: (fragment: GateContext) => Promise<Result>,
  end?: number,
): Promise<Result> {
  const { statement } = context
  const text = statement.text.slice(start, end)
  try {
    return await check({ ...context, statement: { ...statement, text } })
  } catch (thrown) {
    const by = characterPosition(statement.text, start) - 1
    throw repositioned(thrown, (position) => position + by)
  }
}
