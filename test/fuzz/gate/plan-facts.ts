/**
 * Reads a bound plan by itself, to judge the gate: shares nothing with `src/gate/verify-plan.ts` but the
 * engine's JSON. What it does not know of it tells, and does not guess.
 */

export interface PlanFacts {
  /** Columns that scans read, by `schema.table`. */
  readonly reads: ReadonlyMap<string, ReadonlySet<string>>
  /** `INSERT public.amber` and its like. */
  readonly writes: readonly { readonly kind: string; readonly table: string }[]
  /** Everything that is in it, constants among them. */
  readonly json: string
  /** Operators, table functions and catalogues that no statement of the fuzzer should come to. */
  readonly strange: readonly string[]
}

type Node = Readonly<Record<string, unknown>>

const PLAIN = new Set(
  `PROJECTION FILTER AGGREGATE_AND_GROUP_BY WINDOW UNNEST LIMIT ORDER_BY TOP_N DISTINCT SAMPLE
   PIVOT DUMMY_SCAN EXPRESSION_GET CHUNK_GET DELIM_GET CTE_REF EMPTY_RESULT COMPARISON_JOIN ANY_JOIN
   CROSS_PRODUCT POSITIONAL_JOIN ASOF_JOIN DELIM_JOIN DEPENDENT_JOIN UNION EXCEPT INTERSECT
   RECURSIVE_CTE MATERIALIZED_CTE`.split(/\s+/),
)
const WRITES: Readonly<Record<string, string>> = {
  INSERT: 'INSERT',
  UPDATE: 'UPDATE',
  DELETE: 'DELETE',
  MERGE_INTO: 'MERGE',
}
const IN_FROM = new Set(['range', 'generate_series', 'unnest', 'json_each', 'json_tree', 'repeat'])

/** Constants of the statement may be numbers that JSON does not have. */
function parsed(json: string): Node {
  try {
    return JSON.parse(json) as Node
  } catch {
    return JSON.parse(json.replace(/:(-?)(?:inf(?:inity)?|nan)(?=[,}\]])/gi, ':null')) as Node
  }
}

/** @param json of `json_serialize_plan`. @returns undefined when the engine did not bind the text. */
export function planFacts(json: string): PlanFacts | undefined {
  const plan = parsed(json)
  if (plan['error'] !== false) return undefined
  const reads = new Map<string, Set<string>>()
  const writes: { kind: string; table: string }[] = []
  const strange: string[] = []

  function visit(value: unknown): void {
    if (Array.isArray(value)) return value.forEach(visit)
    if (typeof value !== 'object' || value === null) return
    const node = value as Node
    const type = String(node['type'])
    if (type.startsWith('LOGICAL_')) operator(type.slice('LOGICAL_'.length), node)
    Object.values(node).forEach(visit)
  }

  function operator(type: string, node: Node): void {
    const write = WRITES[type]
    if (type === 'GET') return scan(node)
    if (write === undefined) {
      if (!PLAIN.has(type)) strange.push(type)
      return
    }
    const { catalog, schema, table } = node['table_info'] as Node
    writes.push({ kind: write, table: placeOf(catalog, schema, table) })
  }

  /** Temporary tables are in a database of their own. */
  function placeOf(catalog: unknown, schema: unknown, table: unknown): string {
    if (catalog === 'temp' && schema === 'main') return `temp.${String(table)}`
    if (catalog !== 'master') strange.push(`a table of ${String(catalog)}`)
    return `${String(schema)}.${String(table)}`
  }

  function scan(node: Node): void {
    const data = (node['function_data'] ?? {}) as Node
    if (data['table'] === undefined) {
      if (!IN_FROM.has(String(node['name']))) strange.push(`scan of ${String(node['name'])}`)
      return
    }
    const table = placeOf(data['catalog'], data['schema'], data['table'])
    const columns = reads.get(table) ?? new Set()
    reads.set(table, columns)
    const names = node['names'] as string[]
    for (const { index } of node['column_indexes'] as { index: number }[]) {
      const name = names[index]
      if (name !== undefined) columns.add(name)
      else if (index < 2 ** 53) strange.push(`column ${index} of ${table}`)
    }
  }

  visit(plan)
  return { reads, writes, json, strange }
}
