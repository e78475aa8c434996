/** Asks the engine's parser for the syntax tree of a text. */
import { GatewayError } from '../base/gateway-error.ts'
import type { Introspection } from '../engine/engine.ts'
import { complaintIn, parseError } from './engine-complaint.ts'
import { isObject, parseEngineJson } from './engine-json.ts'
import type { JsonObject } from './engine-json.ts'
import { nodesOf } from './tree-node.ts'

/** Characters of JSON: the gateway's event loop must not be busy for long with one statement. */
const treeCharactersMax = 16_000_000

/**
 * @throws GatewayError `syntax_error` with its position in `text`, `feature_not_supported` for what
 *         is no query, or a limit.
 */
export async function parseStatements(
  text: string,
  introspection: Introspection,
): Promise<JsonObject[]> {
  let json: string
  try {
    json = await introspection.parse(text)
  } catch (thrown) {
    throw parseError(complaintIn(thrown))
  }
  return statementsIn(json)
}

/** The statements in what `Introspection.parse` answered. */
export function statementsIn(json: string): JsonObject[] {
  if (json.length > treeCharactersMax) {
    throw new GatewayError('statement_too_complex', 'statement too complex: its tree is too large')
  }
  const parsed = parseEngineJson(json)
  if (!isObject(parsed) || parsed['error'] !== false) {
    throw parseError(complaintIn(parsed))
  }
  return nodesOf(parsed, 'statements')
}
