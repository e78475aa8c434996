/**
 * Reads the engine's bound plan: which columns of which tables a statement truly reads, whatever
 * its text looked like (`*`, COLUMNS, NATURAL, a row as a struct, …). Step 6 of the security design.
 *
 * The plan is the second judge: an operator, a function or a table that it shows and that the walk
 * of the tree would have refused means that one of the two is wrong, and the statement is refused.
 */
import type { CatalogSnapshot, TableEntry } from '../catalog/catalog-snapshot.ts'
import { TEMPORARY_SCHEMA } from '../catalog/temporary.ts'
import { wordSet } from '../sql/word-set.ts'
import {
  ALLOWED_FUNCTIONS,
  ALLOWED_OPERATORS,
  ALLOWED_TABLE_FUNCTIONS,
  BINDER_FUNCTIONS,
} from './allowed-functions.ts'
import type { DrawnSequences } from './drawn-sequences.ts'
import { isObject } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'
import { nodeOf, nodesOf, textOf, textsOf } from './tree-node.ts'
import { isStubName, stubName } from './view-stubs.ts'

const OPERATORS = wordSet(`
  AGGREGATE_AND_GROUP_BY ANY_JOIN ASOF_JOIN COMPARISON_JOIN CROSS_PRODUCT CTE_REF CHUNK_GET
  DELIM_GET DELIM_JOIN DEPENDENT_JOIN DISTINCT DUMMY_SCAN EMPTY_RESULT EXCEPT EXPRESSION_GET FILTER
  GET INTERSECT JOIN LIMIT MATERIALIZED_CTE ORDER_BY PIVOT POSITIONAL_JOIN PROJECTION RECURSIVE_CTE
  SAMPLE TOP_N UNION UNNEST WINDOW
`)

const WRITES = wordSet('LOGICAL_INSERT LOGICAL_UPDATE LOGICAL_DELETE LOGICAL_MERGE_INTO')

const EXPRESSIONS = wordSet(`
  BOUND_AGGREGATE BOUND_BETWEEN BOUND_CASE BOUND_CAST BOUND_COLUMN_REF BOUND_COMPARISON
  BOUND_CONJUNCTION BOUND_CONSTANT BOUND_DEFAULT BOUND_FUNCTION BOUND_LAMBDA BOUND_LAMBDA_REF
  BOUND_OPERATOR BOUND_PARAMETER BOUND_REF BOUND_UNNEST BOUND_WINDOW BOUND_EXPANDED
`)

/** Columns read, by table. A table that is scanned without reading a column is there too. */
export type ColumnReads = Map<TableEntry, Set<string>>

/** What the plan shows and must not show. */
export class PlanMismatch extends Error {
  override readonly name = 'PlanMismatch'
}

export interface PlanScope {
  readonly catalog: CatalogSnapshot
  /** The tables that the walk of the tree found, and the views, by their stubs; no others may be scanned. */
  readonly tables: ReadonlySet<TableEntry>
  /** That values may be drawn from. */
  readonly sequences: DrawnSequences
}

/** @throws PlanMismatch */
export function columnReads(plan: JsonObject, scope: PlanScope): ColumnReads {
  const reader = new PlanReader(scope)
  reader.read(plan)
  return reader.reads
}

/**
 * As `columnReads`, for the plan of a write.
 *
 * @throws PlanMismatch also when it does not write to `target`, or to anything else.
 */
export function writeReads(plan: JsonObject, scope: PlanScope, target: TableEntry): ColumnReads {
  const reader = new PlanReader(scope, target)
  reader.read(plan)
  if (reader.writes !== 1) throw new PlanMismatch(`${reader.writes} writes`)
  return reader.reads
}

class PlanReader {
  readonly reads: ColumnReads = new Map()
  writes = 0
  readonly #scope: PlanScope
  readonly #target: TableEntry | undefined

  constructor(scope: PlanScope, target?: TableEntry) {
    this.#scope = scope
    this.#target = target
  }

  read(value: Json | undefined): void {
    if (Array.isArray(value)) {
      for (const item of value) this.read(item)
    } else if (isObject(value)) {
      this.#node(value)
      for (const part of Object.values(value)) this.read(part)
    }
  }

  #node(node: JsonObject): void {
    const type = textOf(node, 'type')
    if (this.#target && WRITES.has(type)) {
      this.#writesTo(node, this.#target)
    } else if (type.startsWith('LOGICAL_')) {
      if (!OPERATORS.has(type.slice('LOGICAL_'.length))) throw new PlanMismatch(`operator ${type}`)
      if (type === 'LOGICAL_GET') this.#scan(node)
    }
    const expression = node['expression_class']
    if (expression === undefined) return
    if (typeof expression !== 'string' || !EXPRESSIONS.has(expression)) {
      throw new PlanMismatch(`expression ${JSON.stringify(expression)}`)
    }
    const name = node['name']
    if (typeof name !== 'string' || name === '') return
    if (name.toLowerCase() === 'nextval') this.#draws(node)
    else functionIsTheEngines(node, name.toLowerCase())
  }

  #draws(node: JsonObject): void {
    const data = nodeOf(node, 'function_data') ?? {}
    const of = nodeOf(data, 'sequence_create_info') ?? {}
    const [database, schema, name] = [of['catalog'], of['schema'], of['name']].map(String)
    const known = this.#scope.sequences.has(database ?? '', schema ?? '', name ?? '')
    if (!known || !isSystem(node)) throw new PlanMismatch(`sequence ${name}`)
  }

  #writesTo(node: JsonObject, { schema, name }: TableEntry): void {
    this.writes += 1
    const info = nodeOf(node, 'table_info') ?? {}
    const same =
      textOf(info, 'catalog') === schema.database.name &&
      textOf(info, 'schema') === schema.name &&
      textOf(info, 'table') === name
    if (!same) throw new PlanMismatch(`a write to ${textOf(info, 'table')}`)
  }

  #scan(node: JsonObject): void {
    const name = textOf(node, 'name')
    if (name !== 'seq_scan') {
      if (!ALLOWED_TABLE_FUNCTIONS.has(name) || !isSystem(node)) {
        throw new PlanMismatch(`table function ${name}`)
      }
      return
    }
    const data = nodeOf(node, 'function_data') ?? {}
    const [database, schema, table] = ['catalog', 'schema', 'table'].map((part) =>
      textOf(data, part),
    )
    if (database === undefined || schema === undefined || table === undefined) {
      throw new PlanMismatch('a scan without a table')
    }
    const isStub = database === TEMPORARY_SCHEMA.database.name && isStubName(table)
    const known = isStub
      ? [...this.#scope.tables].find((one) => one.kind !== 'table' && stubName(one) === table)
      : this.#tableAt(database, schema, table)
    if (!known) {
      throw new PlanMismatch(`table ${database}.${schema}.${table}`)
    }
    const columns = this.reads.get(known) ?? new Set<string>()
    for (const column of columnsOf(node, known)) columns.add(column)
    this.reads.set(known, columns)
  }

  #tableAt(database: string, schema: string, name: string): TableEntry | undefined {
    const table = this.#scope.catalog.table(database, schema, name)
    return table?.kind === 'table' && this.#scope.tables.has(table) ? table : undefined
  }
}

/** The columns that a scan reads; the row's own number counts as none. */
function columnsOf(scan: JsonObject, table: TableEntry): string[] {
  const names = textsOf(scan, 'names')
  return nodesOf(scan, 'column_indexes').flatMap((column) => {
    const index = column['index']
    if (typeof index !== 'number') throw new PlanMismatch('a column without an index')
    if (index > Number.MAX_SAFE_INTEGER) return [] // 2^64 - 1 and below: the row's number
    const name = names[index]
    if (name === undefined || !table.columns.some((known) => known.name === name)) {
      throw new PlanMismatch(`column ${index} of ${table.name}`)
    }
    return [name]
  })
}

function functionIsTheEngines(node: JsonObject, name: string): void {
  const known =
    ALLOWED_FUNCTIONS.has(name) || ALLOWED_OPERATORS.has(name) || BINDER_FUNCTIONS.has(name)
  if (!known || !isSystem(node)) throw new PlanMismatch(`function ${name}`)
}

/** The binder leaves the catalogue of functions that it adds itself empty. */
function isSystem(node: JsonObject): boolean {
  return ['', 'system'].includes(textOf(node, 'catalog_name'))
}
