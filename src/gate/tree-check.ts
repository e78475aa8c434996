/**
 * Checks and rewrites the syntax tree of one query: step 3 and 4 of the security design.
 *
 * Afterwards every table is named in full, calls of functions of users are written out, every declared parameter is cast to its type, session
 * functions are constants, and nothing that is not on an allow-list is left. Which columns are read
 * is not decided here: only the bound plan knows.
 */
import type { FunctionEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import { GatewayError } from '../base/gateway-error.ts'
import { principalName } from '../identity/principal.ts'
import { tableReferencesMax } from '../sql/lexical-limits.ts'
import { wordSet } from '../sql/word-set.ts'
import { checkFunction } from './check-function.ts'
import { checkType } from './check-type.ts'
import { NO_LOCATION } from './engine-json.ts'
import type { JsonObject } from './engine-json.ts'
import type { GateContext } from './gate-context.ts'
import { expandCalls } from './expand-calls.ts'
import { heldColumns } from './held-columns.ts'
import { quoteName } from './quote-name.ts'
import { replaceInexactConstant } from './inexact-constant.ts'
import { makePrintable } from './printable-join.ts'
import { resolveSequenceCalls } from './sequence-calls.ts'
import { noSuchRelation, notSupported, refusalAt } from './refusals.ts'
import { isBareStar } from './same-tree.ts'
import { replaceSessionValue, sessionValueName } from './session-values.ts'
import type { SessionValues } from './session-values.ts'
import {
  byteOffsetOf,
  castNode,
  columnNode,
  nodeOf,
  nodesOf,
  replaceNode,
  textOf,
  textsOf,
} from './tree-node.ts'
import { currentSchema, findTable } from './visible-names.ts'
import { walkStatement } from './walk-tree.ts'
import type { CteScope, TreeVisitor } from './walk-tree.ts'
import { OpenParameters } from './open-parameters.ts'

const FUNCTIONS_AS_RELATIONS = wordSet('pg_options_to_table')

/** Longer than any name of a function. */
const spellingBytesMax = 64

export class TreeCheck implements TreeVisitor {
  readonly statement: JsonObject
  /** Every table that the statement names. */
  readonly tables = new Set<TableEntry>()
  /** The functions of users that it calls: they are written out. */
  readonly functions: ReadonlySet<FunctionEntry>
  /** The nodes that name a view, or a foreign table, which is one to the engine. */
  readonly views = new Map<JsonObject, TableEntry>()
  /** Lower-case column names that the client wrote. */
  readonly written = new Set<string>()
  /** The result holds the principal's name, so it is for nobody else. */
  personal = false
  /** A value of the session stands in it as a constant. */
  usesSession = false
  readonly #context: GateContext
  readonly #types: readonly (JsonObject | undefined)[]
  readonly #bytes: Buffer
  readonly #values: SessionValues
  readonly #selectItems = new Set<JsonObject>()
  readonly #openParameters = new OpenParameters()
  readonly #tableOf = new Map<JsonObject, TableEntry>()
  readonly #draws: ReadonlySet<JsonObject>
  #references = 0

  /** @param types of the parameters, by number from 1, undefined where left open. */
  constructor(
    statement: JsonObject,
    context: GateContext,
    types: readonly (JsonObject | undefined)[],
  ) {
    this.statement = statement
    this.#context = context
    this.#types = types
    this.#bytes = Buffer.from(context.statement.text)
    this.#values = {
      user: principalName(context.principal),
      database: context.database,
      schema: currentSchema(context)?.name,
      version: context.serverVersion,
    }
    this.functions = expandCalls(statement, context.functions, context, this.#text)
    const draws = resolveSequenceCalls(statement, context)
    for (const sequence of draws.values()) context.sequences.add(sequence)
    this.#draws = new Set(draws.keys())
    walkStatement(statement, this)
  }

  get #text(): string {
    return this.#context.statement.text
  }

  enterQuery(node: JsonObject): void {
    for (const item of nodesOf(node, 'select_list')) {
      this.#selectItems.add(item)
      const name = this.#context.system?.columnName(item)
      if (name !== undefined && textOf(item, 'alias') === '') item['alias'] = name
    }
    for (const modifier of nodesOf(node, 'modifiers')) {
      for (const clause of ['limit', 'offset']) {
        const count = nodeOf(modifier, clause)
        if (count) this.#openParameters.counts(count)
      }
    }
  }

  expression(node: JsonObject): void {
    switch (textOf(node, 'class')) {
      case 'COLUMN_REF':
        return this.#column(node)
      case 'FUNCTION':
        if (this.#sessionValue(node) || this.#systemExpression(node)) return
        this.#openParameters.operandsOf(node)
        if (this.#draws.has(node)) return this.#keepName(node, 'nextval')
        return checkFunction(node, 'expression', this.#text)
      case 'WINDOW':
        return checkFunction(node, 'expression', this.#text)
      case 'PARAMETER':
        return this.#parameter(node)
      case 'STAR':
        return this.#star(node)
      case 'CONSTANT':
        if (replaceInexactConstant(node)) this.#keepName(node, '?column?')
        return
      case 'CAST':
        if (this.#systemExpression(node)) return
        return this.#openParameters.operandsOf(node)
      case 'COLLATE':
        return this.#collation(node)
      default:
        return this.#openParameters.operandsOf(node)
    }
  }

  tableFunction(node: JsonObject): void {
    this.#countReference()
    if (this.#systemTable(node)) return // `table` puts that in its place
    checkFunction(node, 'from', this.#text)
  }

  type(type: JsonObject): void {
    if (this.#context.system?.castsTo(type)) return
    checkType(type)
  }

  table(node: JsonObject, ctes: CteScope): void {
    if (node['type'] === 'BASE_TABLE') return this.#baseTable(node, ctes)
    if (node['type'] === 'SHOW_REF') return this.#show(node)
    if (node['type'] === 'TABLE_FUNCTION') {
      const system = this.#systemTable(nodeOf(node, 'function') ?? {})
      if (system) return replaceTable(node, system)
      this.#nameOnlyColumn(node)
    }
    makePrintable(node)
    for (const column of textsOf(node, 'using_columns')) this.written.add(column.toLowerCase())
  }

  /**
   * Gives types to parameters that were left open, when the engine could not infer them all.
   *
   * @param all also those that stand where the engine usually can.
   * @returns false when there was none to type.
   */
  typeOpenParameters(all: boolean): boolean {
    const typed = this.#openParameters.take(all, this.tables)
    for (const { node, type } of typed) this.#typeParameter(node, type)
    return typed.length > 0
  }

  /** Whether a parameter is left whose type is neither declared nor given. */
  get hasOpenParameters(): boolean {
    return this.#openParameters.any
  }

  /** Gives one parameter the type of what it becomes, such as a column of an INSERT. */
  typeParameter(node: JsonObject, type: JsonObject): void {
    if (node['class'] === 'PARAMETER') this.#typeParameter(node, type)
  }

  #column(node: JsonObject): void {
    if (this.#sessionValue(node)) return
    for (const name of textsOf(node, 'column_names')) this.written.add(name.toLowerCase())
  }

  #sessionValue(node: JsonObject): boolean {
    const name = sessionValueName(node)
    const used = replaceSessionValue(node, this.#bytes, this.#values)
    if (used === undefined) return false
    this.usesSession = true
    if (used === 'user') this.personal = true
    this.#keepName(node, name ?? '')
    return true
  }

  #systemExpression(node: JsonObject): boolean {
    const { system } = this.#context
    if (!system) return false
    const start = byteOffsetOf(node) ?? this.#bytes.length
    const spelling = this.#bytes.toString('utf8', start, start + spellingBytesMax)
    const found = system.expression(node, spelling)
    if (!found) return false
    const { alias = '', query_location = NO_LOCATION } = node
    replaceNode(node, { ...found.node, alias, query_location })
    this.#keepName(node, found.name)
    return true
  }

  /** A result column that was rewritten keeps the name that PostgreSQL gives it. */
  #keepName(node: JsonObject, name: string): void {
    if (this.#selectItems.has(node) && node['alias'] === '') node['alias'] = name
  }

  #parameter(node: JsonObject): void {
    const number = textOf(node, 'identifier')
    if (!/^[1-9][0-9]{0,4}$/.test(number)) {
      throw notSupported(`the parameter $${number}`, 'Parameters are numbered: $1, $2, …')
    }
    const type = this.#types[Number(number) - 1]
    if (type) this.#typeParameter(node, type)
    else this.#openParameters.add(node)
  }

  #typeParameter(node: JsonObject, type: JsonObject): void {
    replaceNode(node, castNode({ ...node }, type))
    this.#keepName(node, '?column?')
  }

  /** The engine prints the name in `"a b".*` as it is: given with its quotes, it prints it right. */
  #star(node: JsonObject): void {
    const relation = textOf(node, 'relation_name')
    if (relation !== '') node['relation_name'] = quoteName(relation)
    for (const column of [
      ...textsOf(node, 'exclude_list'),
      ...nodesOf(node, 'replace_list').map((entry) => textOf(entry, 'key')),
      ...nodesOf(node, 'qualified_exclude_list').map((entry) => textOf(entry, 'column')),
    ]) {
      this.written.add(column.toLowerCase())
    }
  }

  #collation(node: JsonObject): void {
    if (/^[A-Za-z_][A-Za-z0-9_.]*$/.test(textOf(node, 'collation'))) return
    const message = `collation "${textOf(node, 'collation')}" does not exist`
    throw refusalAt(node, this.#text, 'undefined_object', message)
  }

  #baseTable(node: JsonObject, ctes: CteScope): void {
    this.#countReference()
    const parts = ['catalog_name', 'schema_name', 'table_name']
      .map((name) => textOf(node, name))
      .filter((part) => part !== '')
    const [only, second] = parts
    if (second === undefined && only !== undefined && ctes.has(only.toLowerCase())) return
    const system = this.#context.system?.relation(parts)
    if (system) return replaceTable(node, system)
    const table = findTable(parts, this.#context)
    if (!table) throw refusalAt(node, this.#text, 'undefined_table', noSuchRelation(parts))
    if (table.kind !== 'table') this.views.set(node, table)
    node['catalog_name'] = table.schema.database.name
    node['schema_name'] = table.schema.name
    node['table_name'] = table.name
    this.tables.add(table)
    this.#tableOf.set(node, table)
  }

  /** What a function of the catalogue gives that is a relation here, whatever it is asked for. */
  #systemTable(call: JsonObject): JsonObject | undefined {
    const name = textOf(call, 'function_name').toLowerCase()
    const schema = textOf(call, 'schema').toLowerCase()
    const known = FUNCTIONS_AS_RELATIONS.has(name) && ['', 'pg_catalog'].includes(schema)
    return known ? this.#context.system?.relation(['pg_catalog', name]) : undefined
  }

  /** In PostgreSQL the `s` of `FROM generate_series(1, 2) s` names the column as well. */
  #nameOnlyColumn(node: JsonObject): void {
    const name = textOf(nodeOf(node, 'function') ?? {}, 'function_name').toLowerCase()
    const named = textOf(node, 'alias') !== '' && textsOf(node, 'column_name_alias').length === 0
    if (!this.#context.system || !named || !['generate_series', 'unnest'].includes(name)) return
    node['column_name_alias'] = [textOf(node, 'alias')]
  }

  #countReference(): void {
    this.#references += 1
    if (this.#references > tableReferencesMax) {
      const message = `statement too complex: more than ${tableReferencesMax} tables`
      throw new GatewayError('statement_too_complex', message)
    }
  }

  /** DESCRIBE and SUMMARIZE of a query; SHOW TABLES and the like would list what is hidden. */
  #show(node: JsonObject): void {
    const query = nodeOf(node, 'query')
    const kind = textOf(node, 'show_type')
    if (!query || !['DESCRIBE', 'SUMMARY'].includes(kind)) throw notSupported('SHOW in a query')
    if (kind === 'SUMMARY') return
    const top = nodeOf(this.statement, 'node') ?? {}
    if (top['from_table'] !== node || !isBareStar(top))
      throw notSupported('DESCRIBE inside a query')
    this.#describeGrantedColumns(query)
  }

  /** DESCRIBE of a table lists the columns that are granted, and no others. */
  #describeGrantedColumns(query: JsonObject): void {
    const from = nodeOf(query, 'from_table')
    const table = from && this.#tableOf.get(from)
    const [star, second] = nodesOf(query, 'select_list')
    if (!table || star?.['class'] !== 'STAR' || second !== undefined) return
    const granted = heldColumns(this.#context.authority, 'SELECT', table)
    if (granted.length === 0 || granted === table.columns || star['columns'] === true) return
    query['select_list'] = granted.map(({ name }) => columnNode([name]))
  }
}

/** Puts the replacement of a system relation in the place of the name, which stays as its alias. */
function replaceTable(node: JsonObject, replacement: JsonObject): void {
  const alias = textOf(node, 'alias') || textOf(node, 'table_name')
  const { sample = null, column_name_alias = [], query_location = NO_LOCATION } = node
  const named = Array.isArray(column_name_alias) && column_name_alias.length > 0
  replaceNode(node, {
    ...replacement,
    alias,
    sample,
    query_location,
    ...(named && { column_name_alias }),
  })
}

/**
 * For a DESCRIBE the query that it describes, to be planned in its place: the plan of a DESCRIBE
 * names no table. Any other statement is itself.
 */
export function plannedStatement(statement: JsonObject): JsonObject {
  const top = nodeOf(statement, 'node')
  const show = top && nodeOf(top, 'from_table')
  const query = show && nodeOf(show, 'query')
  if (!query || show['show_type'] !== 'DESCRIBE') return statement
  const { alias = '', sample = null, query_location = NO_LOCATION } = show
  const described: JsonObject = {
    type: 'SUBQUERY',
    alias,
    sample,
    query_location,
    subquery: { node: query, named_param_map: [] },
    column_name_alias: [],
  }
  return { ...statement, node: { ...top, from_table: described } }
}
