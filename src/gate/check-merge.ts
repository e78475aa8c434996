/**
 * [WITH …] MERGE INTO name [AS alias] USING source ON condition WHEN … THEN ….
 *
 * Needs the rights of the actions that it names, whichever of them come to run, and SELECT on every
 * column that source, conditions and values read.
 */
import type { Requirement } from '../identity/permission.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { readHead } from './head-cursor.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { quoteName } from './quote-name.ts'
import { assignmentsText, inBrackets } from './read-assignments.ts'
import { notDefault } from './check-values.ts'
import { readMerge } from './read-merge.ts'
import type { MergeAction, MergeBranch } from './read-merge.ts'
import { needOnTable } from './requirements.ts'
import { verifyWrite } from './verify-write.ts'
import { checkClauses, targetText } from './write-clauses.ts'
import type { WriteTarget, WriteValue } from './write-clauses.ts'
import { readAliasedTarget, readWith } from './write-head.ts'

export async function checkMerge(
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedStatement> {
  const { cursor, tokens } = readHead(context)
  const ctes = readWith(cursor, 'merge')
  cursor.expect('merge', 'into')
  const target = readAliasedTarget(cursor, context, ['using'])
  context.sequences.addDefaultsOf(target.table.columns, context.catalog)
  const { using, on, branches } = readMerge(cursor, tokens, target.table)
  const clauses = await checkClauses(
    context,
    parameterTypes,
    target,
    {
      values: branches.flatMap((branch) => valuesOf(branch, target)),
      from: using,
      where: on,
      with: ctes,
    },
    branches.flatMap(({ action }) => needsOf(action, target)),
  )
  const next = inBrackets(clauses.values)
  const text = [
    `${clauses.with}MERGE INTO ${targetText(target)}`,
    `USING ${clauses.from} ON (${clauses.where})`,
    ...branches.map((branch) => branchText(branch, next)),
  ].join(' ')
  await verifyWrite(text, target.table, [clauses.reads], context)
  return {
    text,
    action: { kind: 'write', tag: 'MERGE' },
    requires: clauses.requires,
    personal: clauses.personal,
    reusable: true,
  }
}

function needsOf({ kind }: MergeAction, { table }: WriteTarget): Requirement[] {
  switch (kind) {
    case 'nothing':
      return []
    case 'delete':
      return needOnTable('DELETE', table)
    case 'update':
      return needOnTable('UPDATE', table)
    case 'insert':
      return needOnTable('INSERT', table)
  }
}

/** In the order in which `branchText` asks for them. */
function valuesOf({ condition, action }: MergeBranch, { table }: WriteTarget): WriteValue[] {
  const values: WriteValue[] = condition ? [{ piece: condition, typeName: 'BOOLEAN' }] : []
  if (action.kind === 'update') {
    for (const { column, value } of action.assignments) {
      if (value) values.push({ piece: value, typeName: column.typeName })
    }
  }
  if (action.kind === 'insert') {
    const columns = action.columns.length > 0 ? action.columns : table.columns
    for (const [index, value] of (action.values ?? []).entries()) {
      const column = columns[index]
      const typeName = column?.typeName ?? 'VARCHAR'
      if (value && column?.identity?.generation === 'always') throw notDefault(column.name)
      if (value) values.push({ piece: value, typeName })
    }
  }
  return values
}

function branchText({ when, condition, action }: MergeBranch, next: () => string): string {
  const head = `WHEN ${when}${condition ? ` AND ${next()}` : ''} THEN`
  switch (action.kind) {
    case 'nothing':
      return `${head} DO NOTHING`
    case 'delete':
      return `${head} DELETE`
    case 'update':
      return `${head} UPDATE SET ${assignmentsText(action.assignments, next)}`
    case 'insert': {
      const { columns, values } = action
      const names = columns.map(({ name }) => quoteName(name)).join(', ')
      const into = names === '' ? `${head} INSERT` : `${head} INSERT (${names})`
      if (!values) return `${into} DEFAULT VALUES`
      return `${into} VALUES (${values.map((value) => (value ? next() : 'DEFAULT')).join(', ')})`
    }
  }
}
