/**
 * Pieces of the engine's syntax tree, read once from our own SQL and then copied into the trees of
 * clients' statements.
 */
import { present } from '../../base/assert.ts'
import type { Introspection } from '../../engine/engine.ts'
import { isObject, NO_LOCATION } from '../engine-json.ts'
import type { Json, JsonObject } from '../engine-json.ts'
import { parseStatements } from '../parse-statements.ts'
import { nodeOf, nodesOf, textOf } from '../tree-node.ts'

export class TreeTemplates {
  readonly #known = new Map<string, Promise<JsonObject>>()

  /** The SUBQUERY that `query` makes in FROM. */
  async query(query: string, introspection: Introspection): Promise<JsonObject> {
    return await this.#read(`SELECT * FROM (${query}) AS x`, introspection, (node) =>
      nodeOf(node, 'from_table'),
    )
  }

  async expression(text: string, introspection: Introspection): Promise<JsonObject> {
    return await this.#read(`SELECT ${text}`, introspection, (node) => {
      const [only] = nodesOf(node, 'select_list')
      return only
    })
  }

  async #read(
    text: string,
    introspection: Introspection,
    part: (query: JsonObject) => JsonObject | undefined,
  ): Promise<JsonObject> {
    const known = this.#known.get(text)
    if (known) return await known
    const reading = parseStatements(text, introspection).then(([statement]) => {
      const query = statement && nodeOf(statement, 'node')
      return present(query && part(query), 'our own SQL is read')
    })
    this.#known.set(text, reading)
    // An engine that was away when it was asked is asked again.
    reading.catch(() => this.#known.delete(text))
    return await reading
  }
}

/** A copy in which `$1`, `$2`, … are the arguments. They are nodes of the client's statement. */
export function instantiate(template: JsonObject, args: readonly JsonObject[]): JsonObject {
  const used = new Set<JsonObject>()
  const place = (node: JsonObject): JsonObject => {
    const number = Number(textOf(node, 'identifier'))
    const argument = present(args[number - 1], `argument ${number}`)
    if (used.has(argument)) return copy(argument) as JsonObject
    used.add(argument) // whoever noted the client's node finds it in the tree
    return argument
  }
  const build = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(build)
    if (!isObject(value)) return value
    if (value['class'] === 'PARAMETER') return place(value)
    const built: JsonObject = {}
    for (const [name, part] of Object.entries(value)) {
      built[name] = name === 'query_location' ? NO_LOCATION : build(part)
    }
    return built
  }
  return build(template) as JsonObject
}

/** Numbers that keep their spelling are shared: they never change. */
function copy(value: Json): Json {
  if (Array.isArray(value)) return value.map(copy)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copy(part)]))
}
