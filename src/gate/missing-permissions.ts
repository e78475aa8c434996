/**
 * The refusal for some right but not this one: all that is missing at once, in BLUE's words.
 *
 * Names only columns that the client wrote itself: `SELECT *` must not list what it cannot read.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { TableEntry } from '../catalog/catalog-snapshot.ts'
import { fullName } from '../catalog/catalog-snapshot.ts'
import type { Authority } from '../identity/authority.ts'
import type { Requirement } from '../identity/permission.ts'
import { heldColumns } from './held-columns.ts'

/** Why a statement was refused, whole: the `cause` of the error, for administrators alone. */
export class MissingRequirements {
  readonly requirements: readonly Requirement[]

  constructor(requirements: readonly Requirement[]) {
    this.requirements = requirements
  }
}

/** @param written lower-case column names that occur in the client's text. */
export function missingPermissions(
  missing: readonly Requirement[],
  authority: Authority,
  tables: Iterable<TableEntry>,
  written: ReadonlySet<string>,
): GatewayError {
  const lines = missing.flatMap((requirement) => describe(requirement, authority, written))
  const partly = [...tables].filter((table) =>
    missing.some(
      ({ object, permission }) => permission === 'SELECT' && object.tableId === table.id,
    ),
  )
  const hints = partly.flatMap((table) => grantedColumns(table, authority))
  return new GatewayError(
    'insufficient_privilege',
    `Missing the following permissions: ${[...new Set(lines)].join(', ')}`,
    {
      cause: new MissingRequirements(missing),
      ...(hints.length > 0 && { hint: hints.join(' ') }),
    },
  )
}

function describe(
  { permission, object, name, columns, columnKeys = columns }: Requirement,
  authority: Authority,
  written: ReadonlySet<string>,
): string[] {
  const whole = `${permission} on ${object.kind} '${name}'`
  if (permission !== 'SELECT' || !columns) return [whole]
  const held = authority.columns('SELECT', object)
  const lacking =
    held === 'all' ? [] : columns.filter((_, index) => !held.has(columnKeys?.[index] ?? ''))
  const nameable = held !== 'all' && held.size > 0
  return nameable && lacking.length > 0 && lacking.every((one) => written.has(one.toLowerCase()))
    ? lacking.map((column) => `SELECT on column '${name}.${column}'`)
    : [whole]
}

function grantedColumns(table: TableEntry, authority: Authority): string[] {
  const held = heldColumns(authority, 'SELECT', table)
  if (held.length === 0 || held === table.columns) return []
  const names = held.map(({ name }) => name)
  return [`Granted columns of '${fullName(table)}': ${names.join(', ')}.`]
}
