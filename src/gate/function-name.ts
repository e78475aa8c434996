/**
 * Names of functions of users.
 *
 * A function belongs to a database and is in no schema, as in BLUE. PostgreSQL's tools want one, and
 * are shown `public`: so `f`, `public.f`, `master.f` and `master.public.f` are one function.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { CatalogSnapshot, FunctionEntry } from '../catalog/catalog-snapshot.ts'
import type { Authority } from '../identity/authority.ts'
import { wordSet } from '../sql/word-set.ts'
import {
  ALLOWED_FUNCTIONS,
  ALLOWED_TABLE_FUNCTIONS,
  BINDER_FUNCTIONS,
} from './allowed-functions.ts'
import { CATALOGUE_FUNCTIONS } from './postgres-catalogue/catalogue-functions.ts'
import { refusalReason } from './refused-functions.ts'
import { seesFunction } from './visible-names.ts'

/** The schema in which PostgreSQL's tools see functions. */
const SHOWN_SCHEMA = 'public'

export interface FunctionPlace {
  readonly database: string
  readonly name: string
}

/** @returns undefined for a name in any other schema. */
export function functionPlace(
  parts: readonly string[],
  database: string,
): FunctionPlace | undefined {
  const [first = '', second, third] = parts.filter((part) => part !== '')
  if (second === undefined) return { database, name: first }
  const inSchema = (third === undefined ? first : second).toLowerCase() === SHOWN_SCHEMA
  if (third !== undefined) return inSchema ? { database: first, name: third } : undefined
  return { database: inSchema ? database : first, name: second }
}

export interface FunctionNames {
  readonly catalog: CatalogSnapshot
  readonly authority: Authority
  readonly database: string
}

/** As far as the principal may know of it: with any right on it. */
export function findFunction(
  parts: readonly string[],
  { catalog, authority, database }: FunctionNames,
): FunctionEntry | undefined {
  const place = functionPlace(parts, database)
  const found = place && catalog.function(place.database, place.name)
  return found && seesFunction(authority, found) ? found : undefined
}

/** The one text for a function that is missing and for one that must look like it. */
export function noSuchFunction(parts: readonly string[]): GatewayError {
  return new GatewayError('undefined_function', `function ${parts.join('.')} does not exist`)
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** BLUE's functions that the engine has not: their names shall mean BLUE's functions one day. */
const OF_BLUE = wordSet(`
  atn2 abort charindex crc64 curdate dateadd datediff datepart eomonth execute_saved_query explain
  drop_saved_query from_unixts from_unixtsms getdate get_ddl get_function_ddl get_view_ddl
  dump_database_ddl iscastable is_ascii isnull isprefixof len octet_len patindex recompile_saved_query
  recompile_view regexp_count regexp_instr regexp_substr save_query show_version square sysdate
  to_unixts to_unixtsms cleanup_chunks cleanup_extents fetch_column_histogram
  get_statement_permissions get_role_permissions get_role_global_ddl get_all_roles_global_ddl
  get_role_database_ddl get_all_roles_database_ddl currval lastval setval nextval
`)

/** Of PostgreSQL's catalogue, by name alone. */
const OF_CATALOGUE: ReadonlySet<string> = new Set(
  Object.keys(CATALOGUE_FUNCTIONS).map((name) => name.replace(/\/.*/, '')),
)

/**
 * A function of users never stands for one that is there already: whoever reads a statement must be
 * able to trust what `upper` means in it.
 *
 * @throws GatewayError `invalid_parameter_value`.
 */
export function checkFunctionName(name: string): void {
  const lower = name.toLowerCase()
  if (!NAME.test(name)) {
    throw new GatewayError('invalid_parameter_value', `a function cannot be named "${name}"`, {
      hint: 'Its name is made of letters without accents, digits and _.',
    })
  }
  const taken =
    ALLOWED_FUNCTIONS.has(lower) ||
    ALLOWED_TABLE_FUNCTIONS.has(lower) ||
    BINDER_FUNCTIONS.has(lower) ||
    OF_BLUE.has(lower) ||
    OF_CATALOGUE.has(lower) ||
    refusalReason(lower) !== undefined ||
    /^(pg_|_pg_|bluegate|duckdb_|pragma_|has_)/.test(lower)
  if (taken) throw nameIsTaken(name)
}

export function nameIsTaken(name: string): GatewayError {
  return new GatewayError('invalid_parameter_value', `a function cannot be named "${name}"`, {
    hint: 'The name is taken by a function or a word of the system: choose another one.',
  })
}
