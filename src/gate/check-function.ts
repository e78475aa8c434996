/**
 * Decides on every function call in a tree: only reviewed functions, and only the engine's own.
 *
 * The tree knows calls by name alone. That the name also means the engine's function, and not a
 * macro of the same name, is for the plan to prove (`verify-plan.ts`).
 */
import {
  ALLOWED_FUNCTIONS,
  ALLOWED_OPERATORS,
  ALLOWED_TABLE_FUNCTIONS,
} from './allowed-functions.ts'
import type { JsonObject } from './engine-json.ts'
import { refusalAt } from './refusals.ts'
import { refusalReason } from './refused-functions.ts'
import { columnNode, nodesOf, textOf } from './tree-node.ts'

/**
 * @param node FUNCTION or WINDOW. Qualified calls are changed in place: `pg_catalog.f(x)` to
 *        `f(x)`, and `a.f(x)`, which the engine reads as a method of the value `a`, to `f(a, x)`.
 * @throws GatewayError `undefined_function`, `insufficient_privilege`, `feature_not_supported`.
 */
export function checkFunction(node: JsonObject, place: 'expression' | 'from', text: string): void {
  if (node['export_state'] === true) {
    throw refusalAt(node, text, 'feature_not_supported', 'EXPORT_STATE is not supported')
  }
  resolveQualifiers(node, place, text)
  const name = textOf(node, 'function_name').toLowerCase()
  const allowed =
    place === 'from'
      ? ALLOWED_TABLE_FUNCTIONS.has(name)
      : ALLOWED_FUNCTIONS.has(name) || ALLOWED_OPERATORS.has(name)
  if (allowed) return
  const known = refusalReason(name) !== undefined || ALLOWED_TABLE_FUNCTIONS.has(name)
  if (known) {
    throw refusalAt(node, text, 'insufficient_privilege', `permission denied for function ${name}`)
  }
  throw refusalAt(node, text, 'undefined_function', `function ${name} does not exist`)
}

/** Schemas in which the engine keeps its own functions. */
const ENGINE_SCHEMAS: ReadonlySet<string> = new Set(['', 'main', 'pg_catalog'])

function resolveQualifiers(node: JsonObject, place: 'expression' | 'from', text: string): void {
  const catalog = textOf(node, 'catalog')
  const schema = textOf(node, 'schema')
  if (ENGINE_SCHEMAS.has(schema.toLowerCase()) && ['', 'system'].includes(catalog.toLowerCase())) {
    // The tree's own `main.list_value` and its like stay as they are: they name result columns.
    if (schema.toLowerCase() === 'pg_catalog') node['schema'] = ''
    return
  }
  const name = textOf(node, 'function_name')
  if (place === 'from' || node['class'] !== 'FUNCTION') {
    const full = [catalog, schema, name].filter((part) => part !== '').join('.')
    throw refusalAt(node, text, 'undefined_function', `function ${full} does not exist`)
  }
  const owner = columnNode([catalog, schema].filter((part) => part !== ''))
  node['children'] = [owner, ...nodesOf(node, 'children')]
  node['catalog'] = ''
  node['schema'] = ''
}
