/** The types that clients declare for parameters, as nodes of the syntax tree. */
import { GatewayError } from '../base/gateway-error.ts'
import type { Introspection } from '../engine/engine.ts'
import { checkType } from './check-type.ts'
import type { JsonObject } from './engine-json.ts'
import { parseStatements } from './parse-statements.ts'
import { nodeOf, nodesOf, textOf } from './tree-node.ts'

/** Distinct type names remembered; `DECIMAL(p,s)` alone has hundreds. */
const rememberedMax = 1_000

/** Types whose name is all there is to them: no need to ask the engine. */
const PLAIN: ReadonlySet<string> = new Set([
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'FLOAT',
  'DOUBLE',
  'VARCHAR',
  'BLOB',
  'UUID',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP WITH TIME ZONE',
  'INTERVAL',
])

export function isPlainType(name: string): boolean {
  return PLAIN.has(name)
}

export function plainType(id: string): JsonObject {
  return { id, type_info: null }
}

export function listType(id: string): JsonObject {
  const child_type = plainType(id)
  return {
    id: 'LIST',
    type_info: { type: 'LIST_TYPE_INFO', alias: '', extension_info: null, child_type },
  }
}

/** What a type name is made of; anything else cannot be one. */
const TYPE_NAME = /^[A-Za-z][A-Za-z0-9_ ,()[\]"']{0,199}$/

export class ParameterTypes {
  readonly #known = new Map<string, JsonObject>()

  /**
   * The node of each declared type, in order; undefined where none was declared.
   *
   * @throws GatewayError `undefined_object` for a type that the engine does not have.
   */
  async nodes(
    types: readonly (string | undefined)[],
    introspection: Introspection,
  ): Promise<(JsonObject | undefined)[]> {
    const nodes: (JsonObject | undefined)[] = []
    for (const type of types) {
      nodes.push(type === undefined ? undefined : await this.#node(type, introspection))
    }
    return nodes
  }

  async #node(name: string, introspection: Introspection): Promise<JsonObject> {
    if (PLAIN.has(name)) return plainType(name)
    const known = this.#known.get(name)
    if (known) return known
    const node = await readType(name, introspection)
    if (this.#known.size >= rememberedMax) this.#known.clear()
    this.#known.set(name, node)
    return node
  }
}

async function readType(name: string, introspection: Introspection): Promise<JsonObject> {
  const missing = new GatewayError('undefined_object', `type "${name}" does not exist`)
  if (!TYPE_NAME.test(name)) throw missing
  const [statement, second] = await parseStatements(`SELECT CAST(NULL AS ${name})`, introspection)
  const query = statement && nodeOf(statement, 'node')
  const [cast, other] = query ? nodesOf(query, 'select_list') : []
  const type = cast && nodeOf(cast, 'cast_type')
  const exact =
    second === undefined &&
    other === undefined &&
    cast?.['class'] === 'CAST' &&
    nodeOf(cast, 'child')?.['class'] === 'CONSTANT' &&
    textOf(nodeOf(query ?? {}, 'from_table') ?? {}, 'type') === 'EMPTY'
  if (!exact || !type) throw missing
  checkType(type)
  return type
}
