/**
 * Where an error of the binder stands in the client's own text.
 *
 * The binder saw the regenerated text. Its tree has the same shape as the checked one, which still
 * knows the client's places: the way to the node in one is the way in the other.
 */
import { characterPosition, indexOfByte } from '../sql/text-position.ts'
import { isObject } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'
import type { GateContext } from './gate-context.ts'
import { parseStatements } from './parse-statements.ts'
import { byteOffsetOf } from './tree-node.ts'

/** 1-based position in characters of the client's text; undefined when it cannot be told. */
export async function locateInText(
  regenerated: string,
  offset: number,
  checked: JsonObject,
  { introspection, statement }: GateContext,
): Promise<number | undefined> {
  const [again] = await parseStatements(regenerated, introspection)
  const way = again && wayTo(again, offset)
  const node = way?.reduce<Json | undefined>(step, checked)
  const place = isObject(node) ? byteOffsetOf(node) : undefined
  return place === undefined
    ? undefined
    : characterPosition(statement.text, indexOfByte(statement.text, place))
}

function step(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(key)]
  return isObject(value) ? value[key] : undefined
}

/** Keys on the way to the first node at that place. */
function wayTo(value: Json, offset: number): string[] | undefined {
  if (isObject(value) && byteOffsetOf(value) === offset) return []
  const parts = Array.isArray(value) || isObject(value) ? Object.entries(value) : []
  for (const [key, part] of parts) {
    const rest = wayTo(part, offset)
    if (rest) return [key, ...rest]
  }
  return undefined
}
