/**
 * [WITH …] UPDATE name [AS alias] SET … [FROM …] [WHERE …] [RETURNING …].
 *
 * Needs UPDATE on the table, and SELECT on every column that SET, FROM, WHERE and RETURNING read.
 */
import type { CheckedStatement } from './checked-statement.ts'
import { checkReturning, refuseStarOverSeveral } from './check-returning.ts'
import type { GateContext } from './gate-context.ts'
import { readHead } from './head-cursor.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { assignmentsText, inBrackets, readAssignments } from './read-assignments.ts'
import { needOnTable } from './requirements.ts'
import { verifyWrite } from './verify-write.ts'
import { checkClauses, targetText } from './write-clauses.ts'
import { defaultedBy, readAliasedTarget, readClauses, readWith } from './write-head.ts'

export async function checkUpdate(
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedStatement> {
  const { cursor, tokens, text } = readHead(context)
  const ctes = readWith(cursor, 'update')
  cursor.expect('update')
  const target = readAliasedTarget(cursor, context, ['set'])
  const { set, from, where, returning } = readClauses(cursor, tokens, [
    'set',
    'from',
    'where',
    'returning',
  ])
  if (!set) throw cursor.syntaxError()
  if (from) refuseStarOverSeveral(tokens, returning)
  const { columns } = target.table
  context.sequences.addDefaultsOf(defaultedBy(tokens, columns, target.table), context.catalog)
  const assignments = readAssignments(text, tokens, set, target.table)
  const values = assignments.flatMap(({ column, value }) =>
    value ? [{ piece: value, typeName: column.typeName }] : [],
  )
  const clauses = await checkClauses(
    context,
    parameterTypes,
    target,
    { values, from, where, with: ctes },
    needOnTable('UPDATE', target.table),
  )
  const returned = await checkReturning(returning, target, context, parameterTypes)
  const written = [
    `${clauses.with}UPDATE ${targetText(target)} SET ${assignmentsText(assignments, inBrackets(clauses.values))}`,
    clauses.from === '' ? '' : ` FROM ${clauses.from}`,
    clauses.where === '' ? '' : ` WHERE (${clauses.where})`,
    returned.text,
  ].join('')
  await verifyWrite(written, target.table, [clauses.reads], context)
  return {
    text: written,
    action: { kind: 'write', tag: 'UPDATE', returning: returning !== undefined },
    requires: [...clauses.requires, ...returned.requires],
    personal: clauses.personal || returned.personal,
    reusable: true,
  }
}
