/**
 * The allow-list of the engine's syntax tree: every kind of node, with every property it may have.
 *
 * A kind or a property that is not here is refused, so a new version of the engine cannot bring a
 * construct past the gate unseen: `npm test` fails until someone has read what it means. Sources:
 * the tree of DuckDB 1.5 as `json_serialize_sql` writes it.
 */

/**
 * What a property holds. `leaf`: plain values, or lists of them. `absent`: known, and refused when
 * there is anything in it. `type` and `value`: a type and a constant of the engine. Everything else
 * names shapes: one node, none, or (nested) lists of them.
 */
export type Role =
  | 'leaf'
  | 'absent'
  | 'type'
  | 'value'
  | 'expression'
  | 'tableFunction'
  | 'table'
  | 'query'
  | 'modifier'
  | Part

/** Nodes without a tag of their own: where they stand says what they are. */
export type Part =
  | 'statement'
  | 'order'
  | 'case'
  | 'sample'
  | 'ctes'
  | 'cteEntry'
  | 'cte'
  | 'replacement'
  | 'renaming'
  | 'qualifiedColumn'
  | 'parameter'
  | 'pivot'
  | 'pivotEntry'

export type Shape = Readonly<Record<string, Role>>

const expression: Shape = { class: 'leaf', type: 'leaf', alias: 'leaf', query_location: 'leaf' }

/** By `class`. */
export const EXPRESSIONS: Readonly<Record<string, Shape>> = {
  BETWEEN: { ...expression, input: 'expression', lower: 'expression', upper: 'expression' },
  CASE: { ...expression, case_checks: 'case', else_expr: 'expression' },
  CAST: { ...expression, child: 'expression', cast_type: 'type', try_cast: 'leaf' },
  COLLATE: { ...expression, child: 'expression', collation: 'leaf' },
  COLUMN_REF: { ...expression, column_names: 'leaf' },
  COMPARISON: { ...expression, left: 'expression', right: 'expression' },
  CONJUNCTION: { ...expression, children: 'expression' },
  CONSTANT: { ...expression, value: 'value' },
  DEFAULT: expression,
  FUNCTION: {
    ...expression,
    function_name: 'leaf',
    schema: 'leaf',
    catalog: 'leaf',
    children: 'expression',
    filter: 'expression',
    order_bys: 'modifier',
    distinct: 'leaf',
    is_operator: 'leaf',
    export_state: 'leaf',
  },
  LAMBDA: { ...expression, lhs: 'expression', expr: 'expression' },
  OPERATOR: { ...expression, children: 'expression' },
  PARAMETER: { ...expression, identifier: 'leaf' },
  POSITIONAL_REFERENCE: { ...expression, index: 'leaf' },
  STAR: {
    ...expression,
    relation_name: 'leaf',
    exclude_list: 'leaf',
    replace_list: 'replacement',
    columns: 'leaf',
    expr: 'expression',
    qualified_exclude_list: 'qualifiedColumn',
    rename_list: 'renaming',
  },
  SUBQUERY: {
    ...expression,
    subquery_type: 'leaf',
    subquery: 'statement',
    child: 'expression',
    comparison_type: 'leaf',
  },
  WINDOW: {
    ...expression,
    function_name: 'leaf',
    schema: 'leaf',
    catalog: 'leaf',
    children: 'expression',
    partitions: 'expression',
    orders: 'order',
    start: 'leaf',
    end: 'leaf',
    start_expr: 'expression',
    end_expr: 'expression',
    offset_expr: 'expression',
    default_expr: 'expression',
    ignore_nulls: 'leaf',
    filter_expr: 'expression',
    exclude_clause: 'leaf',
    distinct: 'leaf',
    arg_orders: 'order',
  },
}

/** The class OPERATOR stands for all of these, by `type`. */
export const OPERATORS: ReadonlySet<string> = new Set([
  'OPERATOR_NOT',
  'OPERATOR_IS_NULL',
  'OPERATOR_IS_NOT_NULL',
  'OPERATOR_COALESCE',
  'OPERATOR_NULLIF',
  'OPERATOR_UNPACK',
  'OPERATOR_TRY',
  'COMPARE_IN',
  'COMPARE_NOT_IN',
  'ARRAY_CONSTRUCTOR',
  'ARRAY_EXTRACT',
  'ARRAY_SLICE',
  'STRUCT_EXTRACT',
  'ARROW',
  'GROUPING_FUNCTION',
])

const table: Shape = { type: 'leaf', alias: 'leaf', sample: 'sample', query_location: 'leaf' }

/** By `type`. */
export const TABLES: Readonly<Record<string, Shape>> = {
  BASE_TABLE: {
    ...table,
    catalog_name: 'leaf',
    schema_name: 'leaf',
    table_name: 'leaf',
    column_name_alias: 'leaf',
    at_clause: 'absent', // time travel
  },
  EMPTY: table,
  EXPRESSION_LIST: {
    ...table,
    expected_names: 'leaf',
    expected_types: 'type',
    values: 'expression',
  },
  JOIN: {
    ...table,
    left: 'table',
    right: 'table',
    condition: 'expression',
    join_type: 'leaf',
    ref_type: 'leaf',
    using_columns: 'leaf',
    delim_flipped: 'leaf',
    duplicate_eliminated_columns: 'absent',
  },
  PIVOT: {
    ...table,
    source: 'table',
    aggregates: 'expression',
    unpivot_names: 'leaf',
    pivots: 'pivot',
    groups: 'leaf',
    column_name_alias: 'leaf',
    include_nulls: 'leaf',
  },
  SHOW_REF: {
    ...table,
    table_name: 'leaf',
    schema_name: 'leaf',
    catalog_name: 'leaf',
    query: 'query',
    show_type: 'leaf',
  },
  SUBQUERY: { ...table, subquery: 'statement', column_name_alias: 'leaf' },
  TABLE_FUNCTION: {
    ...table,
    function: 'tableFunction',
    column_name_alias: 'leaf',
    with_ordinality: 'leaf',
  },
}

const query: Shape = { type: 'leaf', modifiers: 'modifier', cte_map: 'ctes' }

/** By `type`. */
export const QUERIES: Readonly<Record<string, Shape>> = {
  SELECT_NODE: {
    ...query,
    select_list: 'expression',
    from_table: 'table',
    where_clause: 'expression',
    group_expressions: 'expression',
    group_sets: 'leaf',
    aggregate_handling: 'leaf',
    having: 'expression',
    sample: 'sample',
    qualify: 'expression',
  },
  SET_OPERATION_NODE: {
    ...query,
    setop_type: 'leaf',
    left: 'query',
    right: 'query',
    setop_all: 'leaf',
  },
  RECURSIVE_CTE_NODE: {
    ...query,
    cte_name: 'leaf',
    union_all: 'leaf',
    left: 'query',
    right: 'query',
    aliases: 'leaf',
    key_targets: 'expression',
  },
}

/** By `type`. */
export const MODIFIERS: Readonly<Record<string, Shape>> = {
  ORDER_MODIFIER: { type: 'leaf', orders: 'order' },
  LIMIT_MODIFIER: { type: 'leaf', limit: 'expression', offset: 'expression' },
  LIMIT_PERCENT_MODIFIER: { type: 'leaf', limit: 'expression', offset: 'expression' },
  DISTINCT_MODIFIER: { type: 'leaf', distinct_on_targets: 'expression' },
}

export const PARTS: Readonly<Record<Part, Shape>> = {
  statement: { node: 'query', named_param_map: 'parameter' },
  parameter: { key: 'leaf', value: 'leaf' },
  order: { type: 'leaf', null_order: 'leaf', expression: 'expression' },
  case: { when_expr: 'expression', then_expr: 'expression' },
  sample: { sample_size: 'value', is_percentage: 'leaf', method: 'leaf', seed: 'leaf' },
  ctes: { map: 'cteEntry' },
  cteEntry: { key: 'leaf', value: 'cte' },
  cte: { aliases: 'leaf', query: 'statement', materialized: 'leaf', key_targets: 'expression' },
  replacement: { key: 'leaf', value: 'expression' },
  renaming: { key: 'qualifiedColumn', value: 'leaf' },
  qualifiedColumn: { catalog: 'leaf', schema: 'leaf', table: 'leaf', column: 'leaf' },
  pivot: {
    pivot_expressions: 'expression',
    unpivot_names: 'leaf',
    entries: 'pivotEntry',
    pivot_enum: 'absent', // names a type of the catalogue
  },
  pivotEntry: { values: 'value', star_expr: 'expression', alias: 'leaf' },
}
