/**
 * The functions of the catalogue, as expressions of the engine: `$1`, `$2`, … are the arguments.
 *
 * By name and number of arguments; names of operators and of types in casts stand among them.
 * `list('x')` is a list of `catalog-lists.ts`. What is unknown here (sizes, comments, definitions
 * of views) is NULL, as PostgreSQL answers for what is not there.
 */
import { CATALOG_LISTS } from '../../catalog/postgres/catalog-lists.ts'
import type { ListName } from '../../catalog/postgres/catalog-lists.ts'
import { list } from './row-places.ts'

/** The item of `values` beside the one of `keys` that is sought; NULL when none is. */
function beside(keys: ListName, values: ListName, sought = '$1'): string {
  const key = CATALOG_LISTS[keys].type
  return `list_extract(${list(values)}, CAST(list_position(${list(keys)}, CAST(${sought} AS ${key})) AS BIGINT))`
}

function isIn(name: ListName): string {
  return `list_contains(${list(name)}, CAST($1 AS ${CATALOG_LISTS[name].type}))`
}

const NO_TEXT = 'CAST(NULL AS VARCHAR)'
const NO_NUMBER = 'CAST(NULL AS BIGINT)'

const TYPE_NAME = `COALESCE(${beside('typeOids', 'typeNames')}, '???')`

/** Source: PostgreSQL 15, format_type.c and the typmodout functions of numeric and varchar. */
const FORMAT_TYPE = `CASE
  WHEN $1 IS NULL THEN NULL
  WHEN CAST($1 AS BIGINT) IN (1700, 1231) AND CAST($2 AS BIGINT) >= 4
  THEN replace(${TYPE_NAME}, 'numeric', printf('numeric(%d,%d)',
    (CAST($2 AS BIGINT) - 4) >> 16, (CAST($2 AS BIGINT) - 4) & 65535))
  WHEN CAST($1 AS BIGINT) IN (1042, 1043) AND CAST($2 AS BIGINT) >= 4
  THEN printf('%s(%d)', ${TYPE_NAME}, CAST($2 AS BIGINT) - 4)
  ELSE ${TYPE_NAME} END`

/** What is not there has no text. */
function textless(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, NO_TEXT]))
}

/** Sizes are not known per object. */
function sizeless(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, NO_NUMBER]))
}

/** A number as it is; a text by its name, with or without the schema where the path finds it. */
const REGCLASS_OF_TEXT = `CASE
  WHEN regexp_full_match(CAST($1 AS VARCHAR), '[0-9]+') THEN CAST($1 AS BIGINT)
  ELSE ${beside('classNames', 'classOids')} END`

export const CATALOGUE_FUNCTIONS: Readonly<Record<string, string>> = {
  'regexp_full_match/2': 'regexp_matches($1, $2)', // ~
  '~*/2': "regexp_matches($1, $2, 'i')",
  '!~*/2': "NOT regexp_matches($1, $2, 'i')",

  'pg_get_userbyid/1': `COALESCE(${beside('roleOids', 'roleNames')}, printf('unknown (OID=%d)', CAST($1 AS BIGINT)))`,
  'pg_table_is_visible/1': isIn('visibleTables'),
  'pg_type_is_visible/1': isIn('typeOids'),
  'pg_collation_is_visible/1': 'CAST($1 AS BIGINT) = 100',
  'pg_function_is_visible/1': isIn('functionOids'),
  'pg_operator_is_visible/1': 'CAST($1 AS BIGINT) < 0',
  'current_schemas/1': `CASE WHEN $1 THEN list_concat(['pg_catalog'], ${list('path')}) ELSE ${list('path')} END`,

  'format_type/2': FORMAT_TYPE,
  'pg_get_expr/2': 'CAST($1 AS VARCHAR)',
  'pg_get_expr/3': 'CAST($1 AS VARCHAR)',
  'pg_get_indexdef/1': beside('indexOids', 'indexDefinitions'),
  'pg_get_indexdef/3': `CASE WHEN $2 = 0 THEN ${beside('indexOids', 'indexDefinitions')}
    ELSE ${beside('indexColumns', 'indexColumnNames', "printf('%d %d', CAST($1 AS BIGINT), CAST($2 AS BIGINT))")} END`,
  'pg_get_constraintdef/1': beside('constraintOids', 'constraintDefinitions'),
  'pg_get_constraintdef/2': beside('constraintOids', 'constraintDefinitions'),
  ...textless('pg_get_viewdef/1', 'pg_get_viewdef/2', 'pg_get_triggerdef/1', 'pg_get_triggerdef/2'),
  ...textless('pg_get_ruledef/1', 'pg_get_ruledef/2', 'pg_get_partkeydef/1'),
  'pg_get_function_result/1': beside('functionOids', 'functionResults'),
  'pg_get_function_arguments/1': beside('functionOids', 'functionArguments'),
  'pg_get_function_identity_arguments/1': beside('functionOids', 'functionArguments'),
  'pg_get_functiondef/1': beside('functionOids', 'functionDefinitions'),
  ...textless('pg_get_function_sqlbody/1', 'pg_get_statisticsobjdef_columns/1'),
  ...textless('pg_get_serial_sequence/2', 'pg_tablespace_location/1'),
  ...textless('obj_description/1', 'obj_description/2', 'col_description/2', 'shobj_description/2'),

  ...sizeless('pg_table_size/1', 'pg_relation_size/1', 'pg_relation_size/2', 'pg_indexes_size/1'),
  ...sizeless('pg_total_relation_size/1', 'pg_database_size/1', 'pg_tablespace_size/1'),

  'pg_encoding_to_char/1': "CASE WHEN $1 = 6 THEN 'UTF8' ELSE '' END",
  'pg_char_to_encoding/1': "CASE WHEN upper($1) = 'UTF8' THEN 6 ELSE -1 END",
  'quote_ident/1': `CASE WHEN regexp_full_match($1, '[a-z_][a-z0-9_]*') THEN $1
    ELSE concat('"', replace($1, '"', '""'), '"') END`,
  'quote_literal/1': `CASE WHEN contains($1, '\\')
    THEN concat('E''', replace(replace($1, '\\', '\\\\'), '''', ''''''), '''')
    ELSE concat('''', replace($1, '''', ''''''), '''') END`,
  'array_remove/2': 'list_filter($1, lambda item: item IS DISTINCT FROM $2)',
  'getdatabaseencoding/0': "'UTF8'",
  'pg_is_in_recovery/0': 'false',
  'pg_relation_is_publishable/1': 'CAST($1 AS BIGINT) < 0',
  'pg_partition_ancestors/1': 'unnest([CAST($1 AS BIGINT)])',
  '_pg_expandarray/1': "unnest(list_transform($1, lambda item, place: {'x': item, 'n': place}))",
  'array_upper/2': 'CASE WHEN $2 = 1 THEN len($1) END',
  'array_lower/2': 'CASE WHEN $2 = 1 AND len($1) > 0 THEN 1 END',
  'has_database_privilege/2': `${isIn('databaseNames')} AND upper($2) = 'CONNECT'`,
  'pg_has_role/2': `${isIn('roleNames')} AND CAST($1 AS VARCHAR) <> 'bluegate'`,

  'text::regclass': REGCLASS_OF_TEXT,
  'number::regclass': `COALESCE(${beside('classOids', 'classNames')}, CAST($1 AS VARCHAR))`,
  'text::regtype': beside('typeNames', 'typeOids'),
  'number::regtype': TYPE_NAME,
  'text::regnamespace': beside('schemaNames', 'schemaOids'),
  'number::regnamespace': `COALESCE(${beside('schemaOids', 'schemaNames')}, CAST($1 AS VARCHAR))`,
  'number::regrole': `COALESCE(${beside('roleOids', 'roleNames')}, CAST($1 AS VARCHAR))`,
  'text::regproc': "regexp_replace($1, '^pg_catalog[.]', '')",
  'number::regproc': `CASE WHEN CAST($1 AS VARCHAR) = '0' THEN '-'
    ELSE COALESCE(${beside('functionOids', 'functionNames')}, CAST($1 AS VARCHAR)) END`,
}
