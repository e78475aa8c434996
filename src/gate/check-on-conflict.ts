/**
 * ON CONFLICT [(columns)] { DO NOTHING | DO UPDATE SET … [WHERE …] }, and what stands for them:
 * INSERT OR IGNORE, INSERT OR REPLACE.
 *
 * DO UPDATE needs UPDATE on the table and SELECT on what its expressions read; columns that are named
 * as the target of the conflict need SELECT, as in PostgreSQL: whether there is a conflict tells
 * whether a value is there.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { ColumnEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import type { Requirement } from '../identity/permission.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import type { Token } from '../sql/token.ts'
import type { GateContext } from './gate-context.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { quoteName } from './quote-name.ts'
import {
  assignmentsText,
  inBrackets,
  readAssignments,
  refuseGenerated,
} from './read-assignments.ts'
import { notSupported } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnTable, needToRead } from './requirements.ts'
import { checkClauses } from './write-clauses.ts'
import type { WriteTarget } from './write-clauses.ts'
import type { ColumnReads } from './verify-plan.ts'
import { readClauses, readColumnList } from './write-head.ts'

export interface CheckedConflict {
  /** With a space before it; empty where there is none. */
  readonly text: string
  readonly requires: readonly Requirement[]
  readonly personal: boolean
  readonly reads: ColumnReads
}

export const NO_CONFLICT: CheckedConflict = {
  text: '',
  requires: [],
  personal: false,
  reads: new Map(),
}

/**
 * INSERT OR IGNORE, INSERT OR REPLACE.
 *
 * @param columns that the rows have values for: those take the new values in a row that is there, and
 *        the others stay, as in the engine.
 */
export function checkInsertOr(
  what: 'ignore' | 'replace',
  { table }: WriteTarget,
  columns: readonly ColumnEntry[],
  { authority }: GateContext,
): CheckedConflict {
  if (what === 'ignore') return { ...NO_CONFLICT, text: ' ON CONFLICT DO NOTHING' }
  if (table.primaryKey.length === 0) {
    throw new GatewayError('invalid_column_reference', `table "${table.name}" has no primary key`, {
      hint: 'INSERT OR REPLACE needs one. Name the columns: ON CONFLICT (…) DO UPDATE SET ….',
    })
  }
  const key = new Set(table.primaryKey)
  const others = columns.filter(({ name }) => !key.has(name))
  refuseGenerated(others)
  const list = table.primaryKey.map(quoteName).join(', ')
  const set = others.map(({ name }) => `${quoteName(name)} = excluded.${quoteName(name)}`)
  return {
    ...NO_CONFLICT,
    text:
      set.length === 0
        ? ` ON CONFLICT (${list}) DO NOTHING`
        : ` ON CONFLICT (${list}) DO UPDATE SET ${set.join(', ')}`,
    requires: requireAll([...needOnTable('UPDATE', table), ...needToRead(table, key)], authority),
  }
}

/**
 * @param cursor behind the words ON CONFLICT; read to its end.
 * @param tokens of the same text.
 */
export async function checkOnConflict(
  cursor: TokenCursor,
  tokens: readonly Token[],
  target: WriteTarget,
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedConflict> {
  const { table } = target
  const columns = readConflictColumns(cursor, table)
  const where =
    columns.length === 0 ? '' : ` (${columns.map(({ name }) => quoteName(name)).join(', ')})`
  const needed =
    columns.length === 0 ? [] : needToRead(table, new Set(columns.map(({ name }) => name)))
  if (cursor.sees('where')) throw notSupported('ON CONFLICT … WHERE before DO')
  cursor.expect('do')
  if (cursor.accept('nothing')) {
    cursor.expectEnd()
    const requires = requireAll(needed, context.authority)
    return { ...NO_CONFLICT, text: ` ON CONFLICT${where} DO NOTHING`, requires }
  }
  cursor.expect('update')
  if (columns.length === 0) {
    throw new GatewayError('syntax_error', 'ON CONFLICT DO UPDATE requires the columns of a key', {
      hint: 'For example, ON CONFLICT (id).',
    })
  }
  const pieces = readClauses(cursor, tokens, ['set', 'where'])
  if (!pieces.set) throw cursor.syntaxError()
  const assignments = readAssignments(context.statement.text, tokens, pieces.set, table)
  const values = assignments.flatMap(({ column, value }) =>
    value ? [{ piece: value, typeName: column.typeName }] : [],
  )
  const clauses = await checkClauses(
    context,
    parameterTypes,
    target,
    { values, where: pieces.where, beside: excludedRows(table) },
    [...needOnTable('UPDATE', table), ...needed],
  )
  const condition = clauses.where === '' ? '' : ` WHERE (${clauses.where})`
  return {
    text: ` ON CONFLICT${where} DO UPDATE SET ${assignmentsText(assignments, inBrackets(clauses.values))}${condition}`,
    requires: clauses.requires,
    personal: clauses.personal,
    reads: clauses.reads,
  }
}

/** The rows that were to be inserted: to name one reads nothing of the table. */
function excludedRows(table: TableEntry): string {
  const columns = table.columns.map(
    ({ name, typeName }) => `CAST(NULL AS ${typeName}) AS ${quoteName(name)}`,
  )
  return `(SELECT ${columns.join(', ')}) AS excluded`
}

function readConflictColumns(cursor: TokenCursor, table: TableEntry): ColumnEntry[] {
  if (cursor.sees('on', 'constraint')) {
    throw notSupported(
      'ON CONFLICT ON CONSTRAINT',
      'Name the columns of the key: ON CONFLICT (id).',
    )
  }
  return cursor.seesSymbol('(') ? readColumnList(cursor, table) : []
}
