/**
 * The last look at a write: its own plan, as the engine binds the text that will run.
 *
 * Its clauses were checked in a query (`write-clauses.ts`); here the plan must write to the target
 * and nothing else, and must read from the other tables no column that the query did not read. Of
 * the target the engine reads columns for itself, for its indexes, so those prove nothing.
 */
import { tableRef } from '../catalog/catalog-snapshot.ts'
import type { TableEntry } from '../catalog/catalog-snapshot.ts'
import type { StubTable } from '../engine/engine.ts'
import { bindError, complaintIn } from './engine-complaint.ts'
import { isObject, parsePlanJson } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'
import type { GateContext } from './gate-context.ts'
import { securityAlarm } from './check-query.ts'
import { notSupported } from './refusals.ts'
import { nodesOf } from './tree-node.ts'
import { PlanMismatch, writeReads } from './verify-plan.ts'
import type { ColumnReads } from './verify-plan.ts'

/**
 * @param allReads of the queries that its clauses were checked in.
 * @param planned the same statement over stubs, where it reads foreign tables: the engine would open
 *        their files to bind them.
 * @throws GatewayError what the engine says against the statement, in words fit for the client.
 */
export async function verifyWrite(
  text: string,
  target: TableEntry,
  allReads: readonly ColumnReads[],
  context: GateContext,
  planned?: PlannedText,
): Promise<void> {
  if (!planned && context.files.all.length > 0) {
    throw notSupported(
      'a foreign table in this place of a write',
      'It can be the source of an INSERT: copy its rows into a table first.',
    )
  }
  context.sequences.bindsDefaultsOf(target, context.catalog)
  const plan = await planOf(planned ?? { text, stubs: [] }, target, context)
  try {
    const { catalog, sequences } = context
    const tables = new Set([target, ...allReads.flatMap((reads) => [...reads.keys()])])
    for (const [table, columns] of writeReads(plan, { catalog, tables, sequences }, target)) {
      if (table === target) continue
      for (const column of columns) {
        const known = allReads.some((reads) => reads.get(table)?.has(column))
        if (!known) throw new PlanMismatch(`column of ${table.name}`)
      }
    }
  } catch (thrown) {
    if (thrown instanceof PlanMismatch) throw securityAlarm(thrown.message, context)
    throw thrown
  }
}

export interface PlannedText {
  readonly text: string
  readonly stubs: readonly StubTable[]
}

async function planOf(
  { text, stubs }: PlannedText,
  target: TableEntry,
  { introspection, authority }: GateContext,
): Promise<JsonObject> {
  const held = authority.columns('SELECT', tableRef(target))
  const open = held === 'all'
  let plan: Json
  try {
    plan = parsePlanJson(await introspection.plan(text, stubs))
  } catch (thrown) {
    throw bindError(complaintIn(thrown), { open })
  }
  const [only, second] = isObject(plan) && plan['error'] === false ? nodesOf(plan, 'plans') : []
  if (!only || second) throw bindError(complaintIn(plan), { open })
  return only
}
