/**
 * The catalogues of PostgreSQL and BLUE for one reader: relations and functions of `pg_catalog`,
 * `information_schema` and `sqream_catalog` become queries and expressions over rows that hold what the reader may see,
 * and nothing else (spec/pgwire-compat.md, section 6).
 *
 * Nothing is kept in the engine: the rows travel in the statement's text, made from the same
 * snapshot of definitions and grants that it was checked against, a transaction's own included.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import { CATALOG_RELATIONS } from '../../catalog/postgres/catalog-relations.ts'
import type { PostgresWorld } from '../../catalog/postgres/postgres-world.ts'
import type { Introspection } from '../../engine/engine.ts'
import type { JsonObject } from '../engine-json.ts'
import { plainType } from '../parameter-types.ts'
import { castNode, nodeOf, nodesOf, textConstant, textOf, textsOf } from '../tree-node.ts'
import type {
  SystemExpression,
  SystemNames,
  SystemReader,
  SystemRelations,
} from '../system-relations.ts'
import { findTable } from '../visible-names.ts'
import { CATALOGUE_FUNCTIONS } from './catalogue-functions.ts'
import { classNumber } from './class-number.ts'
import { columnName } from './column-name.ts'
import { readableText } from './catalogue-text.ts'
import type { ReadableText } from './catalogue-text.ts'
import { fillPlaces, relationQuery } from './row-places.ts'
import { instantiate, TreeTemplates } from './tree-templates.ts'
import { NO_CLUSTER } from './visible-roles.ts'
import type { ClusterWorld } from './visible-roles.ts'
import { visibleWorld } from './visible-world.ts'

/** These names are the engine's, or answered elsewhere. */
const OTHERS = new Set(['pg_typeof', 'pg_size_pretty', 'regexp_full_match', 'pg_temp'])

const SCHEMAS = new Set(['', 'pg_catalog', 'information_schema'])

const CASTS = /^(?:text|number)::(.*)$/

const FUNCTION_NAMES = new Set(
  Object.keys(CATALOGUE_FUNCTIONS)
    .filter((key) => key.includes('/'))
    .map((key) => key.slice(0, key.lastIndexOf('/')))
    .filter((name) => /^[a-z_]/.test(name) && !OTHERS.has(name)),
)
const CAST_TYPES = new Set(
  Object.keys(CATALOGUE_FUNCTIONS).flatMap((key) => CASTS.exec(key)?.[1] ?? []),
)

/** Quick: most statements name nothing of the catalogue and are let go here, unread. */
const HINT = new RegExp(
  `pg_|information_schema|sqream_catalog|${[...FUNCTION_NAMES, ...CAST_TYPES].join('|')}`,
  'i',
)

/** `cluster`: what there is beside definitions; without it nothing of that is shown. */
export function postgresCatalogue(cluster: ClusterWorld = NO_CLUSTER): SystemRelations {
  const templates = new TreeTemplates()
  return {
    async open(text, reader, introspection) {
      if (!HINT.test(text)) return undefined
      const readable = readableText(text)
      if (![...readable.names].some(isCatalogueName)) return undefined
      const its = await read(readable, templates, introspection)
      return new OpenCatalogue(readable, reader, its, cluster)
    },
  }
}

function isCatalogueName(name: string): boolean {
  return (
    (name.startsWith('pg_') ||
      name === 'information_schema' ||
      name === 'sqream_catalog' ||
      FUNCTION_NAMES.has(name) ||
      CAST_TYPES.has(name)) &&
    !OTHERS.has(name)
  )
}

type Templates = ReadonlyMap<string, JsonObject>

/** Those that the statement may need, by the names in it. */
async function read(
  { names }: ReadableText,
  templates: TreeTemplates,
  introspection: Introspection,
): Promise<Templates> {
  const found = new Map<string, JsonObject>()
  for (const [key, relation] of CATALOG_RELATIONS) {
    if (!names.has(relation.name)) continue
    found.set(key, await templates.query(relationQuery(relation), introspection))
  }
  for (const [key, expression] of Object.entries(CATALOGUE_FUNCTIONS)) {
    const name = CASTS.exec(key)?.[1] ?? key.slice(0, key.lastIndexOf('/'))
    if (/^[a-z_]/.test(name) && !OTHERS.has(name) && !names.has(name)) continue
    found.set(key, await templates.expression(expression, introspection))
  }
  return found
}

class OpenCatalogue implements SystemNames {
  readonly text: string
  readonly #reader: SystemReader
  readonly #templates: Templates
  readonly #cluster: ClusterWorld
  #world: PostgresWorld | undefined

  constructor(
    { text }: ReadableText,
    reader: SystemReader,
    templates: Templates,
    cluster: ClusterWorld,
  ) {
    this.text = text
    this.#cluster = cluster
    this.#reader = reader
    this.#templates = templates
  }

  relation(parts: readonly string[]): JsonObject | undefined {
    const template = this.#templates.get(this.#keyOf(parts.map((part) => part.toLowerCase())))
    if (!template || (parts.length === 1 && findTable(parts, this.#reader))) return undefined
    return instantiate(template, [])
  }

  #keyOf([first = '', second, third]: readonly string[]): string {
    if (second === undefined) return `pg_catalog.${first}`
    if (third === undefined) return `${first}.${second}`
    return first === this.#reader.database.toLowerCase() ? `${second}.${third}` : ''
  }

  expression(node: JsonObject, spelling: string): SystemExpression | undefined {
    if (node['class'] === 'CAST') return this.#cast(node)
    if (node['class'] !== 'FUNCTION') return undefined
    return this.#call(node, spelling)
  }

  columnName(item: JsonObject): string | undefined {
    return columnName(item)
  }

  castsTo(type: JsonObject): boolean {
    return castType(type) !== undefined
  }

  fill(text: string): { readonly text: string; readonly personal: boolean } {
    return fillPlaces(text, () => this.#seen())
  }

  #seen(): PostgresWorld {
    this.#world ??= visibleWorld(this.#reader, this.#cluster)
    if (this.#world) return this.#world
    const message = `database "${this.#reader.database}" does not exist`
    throw new GatewayError('invalid_catalog_name', message)
  }

  #call(node: JsonObject, spelling: string): SystemExpression | undefined {
    const name = textOf(node, 'function_name').toLowerCase()
    const ours =
      SCHEMAS.has(textOf(node, 'schema').toLowerCase()) &&
      textOf(node, 'catalog') === '' &&
      node['filter'] === null &&
      node['distinct'] === false
    // The engine reads `a ~ b` as a call of this function, which matches the whole text.
    if (!ours || (name === 'regexp_full_match' && /^regexp_full_match/i.test(spelling))) {
      return undefined
    }
    const args = nodesOf(node, 'children')
    const template = this.#templates.get(`${name}/${args.length}`)
    return template && { node: instantiate(template, args), name }
  }

  /** Texts become numbers, numbers texts: what a comparison with the other side needs. */
  #cast(node: JsonObject): SystemExpression | undefined {
    const type = castType(nodeOf(node, 'cast_type') ?? {})
    const child = nodeOf(node, 'child')
    if (type === undefined || !child) return undefined
    const constant = textConstantIn(child)
    if (type === 'regclass' && constant !== undefined) {
      const number = textConstant(String(classNumber(constant, this.#reader)), node)
      return { node: castNode(number, plainType('BIGINT')), name: type }
    }
    const template = this.#templates.get(`${isText(child) ? 'text' : 'number'}::${type}`)
    if (!template) return undefined
    const name = textsOf(child, 'column_names').at(-1) ?? type
    return { node: instantiate(template, [child]), name }
  }
}

/** The name of a type that names objects, such as `regclass`. */
function castType(type: JsonObject): string | undefined {
  const info = nodeOf(type, 'type_info')
  if (textOf(type, 'id') !== 'UNBOUND' || !info || textOf(info, 'catalog') !== '') return undefined
  const name = textOf(info, 'name').toLowerCase()
  const schema = textOf(info, 'schema').toLowerCase()
  return ['', 'pg_catalog'].includes(schema) && CAST_TYPES.has(name) ? name : undefined
}

function textConstantIn(node: JsonObject): string | undefined {
  const value = nodeOf(node, 'value')
  const text = node['class'] === 'CONSTANT' && value ? value['value'] : undefined
  return typeof text === 'string' ? text : undefined
}

function isText(node: JsonObject): boolean {
  if (node['class'] === 'PARAMETER') return true
  if (node['class'] === 'CAST') return textOf(nodeOf(node, 'cast_type') ?? {}, 'id') === 'VARCHAR'
  const type = nodeOf(nodeOf(node, 'value') ?? {}, 'type')
  return node['class'] === 'CONSTANT' && type?.['id'] === 'VARCHAR'
}
