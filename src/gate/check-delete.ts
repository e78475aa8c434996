/**
 * [WITH …] DELETE FROM name [AS alias] [USING …] [WHERE …] [RETURNING …], and TRUNCATE [TABLE]
 * name [, …].
 *
 * Both need DELETE on the table, the first also SELECT on every column that it reads.
 */
import type { TableEntry } from '../catalog/catalog-snapshot.ts'
import type { Requirement } from '../identity/permission.ts'
import { checkReturning, refuseStarOverSeveral } from './check-returning.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { readHead } from './head-cursor.ts'
import { restartIdentities } from './identity-text.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { notSupported } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnTable } from './requirements.ts'
import { verifyWrite } from './verify-write.ts'
import { checkClauses, targetText } from './write-clauses.ts'
import { readAliasedTarget, readClauses, readTarget, readWith } from './write-head.ts'

export async function checkDelete(
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedStatement> {
  const { cursor, tokens } = readHead(context)
  const ctes = readWith(cursor, 'delete')
  cursor.expect('delete', 'from')
  const target = readAliasedTarget(cursor, context, ['using', 'where', 'returning'])
  const { using, where, returning } = readClauses(cursor, tokens, ['using', 'where', 'returning'])
  if (using) refuseStarOverSeveral(tokens, returning)
  const clauses = await checkClauses(
    context,
    parameterTypes,
    target,
    { values: [], from: using, where, with: ctes },
    needOnTable('DELETE', target.table),
  )
  const returned = await checkReturning(returning, target, context, parameterTypes)
  const text = [
    `${clauses.with}DELETE FROM ${targetText(target)}`,
    clauses.from === '' ? '' : ` USING ${clauses.from}`,
    clauses.where === '' ? '' : ` WHERE (${clauses.where})`,
    returned.text,
  ].join('')
  await verifyWrite(text, target.table, [clauses.reads], context)
  return {
    text,
    action: { kind: 'write', tag: 'DELETE', returning: returning !== undefined },
    requires: [...clauses.requires, ...returned.requires],
    personal: clauses.personal || returned.personal,
    reusable: true,
  }
}

/**
 * RESTART IDENTITY is a change of the tables' definitions, and needs DDL on those with identity
 * columns, as PostgreSQL wants their owner.
 */
function restarted(
  tables: readonly TableEntry[],
  emptying: readonly string[],
  requires: readonly Requirement[],
  { authority }: GateContext,
): CheckedStatement {
  const counting = tables.filter(hasIdentity)
  const ddl = requireAll(
    counting.flatMap((table) => needOnTable('DDL', table)),
    authority,
  )
  const [database, second] = new Set(tables.map(({ schema }) => schema.database.name))
  if (database === undefined || second !== undefined) {
    throw notSupported('TRUNCATE … RESTART IDENTITY in several databases')
  }
  const [text = '', ...further] = [...emptying, ...counting.flatMap(restartIdentities)]
  return {
    text,
    further,
    action: {
      kind: 'define',
      tag: 'TRUNCATE TABLE',
      database,
      registers: [],
      unregisters: [],
      countsRows: false,
    },
    requires: [...requires, ...ddl],
    personal: false,
    reusable: false,
  }
}

function hasIdentity({ columns }: TableEntry): boolean {
  return columns.some(({ identity }) => identity !== undefined)
}

export function checkTruncate(context: GateContext): CheckedStatement {
  const { cursor } = readHead(context)
  cursor.expect('truncate')
  cursor.accept('table')
  if (cursor.sees('only')) throw notSupported('ONLY')
  const tables = [...new Set(cursor.list(() => readTarget(cursor, context)))]
  const other = tables.find(({ kind }) => kind !== 'table')
  if (other) throw notSupported(`truncating a ${other.kind}`)
  const requires = requireAll(
    tables.flatMap((table) => needOnTable('DELETE', table)),
    context.authority,
  )
  if (cursor.sees('cascade')) throw notSupported('TRUNCATE … CASCADE')
  const restarts = cursor.accept('restart', 'identity')
  if (!restarts) cursor.accept('continue', 'identity')
  cursor.accept('restrict')
  cursor.expectEnd()
  const [text = '', ...further] = tables.map(
    (table) => `DELETE FROM ${targetText({ table, alias: undefined })}`,
  )
  if (restarts && tables.some(hasIdentity)) {
    return restarted(tables, [text, ...further], requires, context)
  }
  return {
    text,
    further,
    action: { kind: 'write', tag: 'TRUNCATE TABLE', returning: false },
    requires,
    personal: false,
    reusable: true,
  }
}
