/**
 * Functions that stand written out in something that is kept: a view, or another function.
 *
 * What is kept has the text of the function as it was, and a call of it still needs EXECUTE: that of
 * the role that owns what is kept. It is looked for at each use. A function that something was made
 * of can be neither replaced nor dropped; should it be gone or another one all the same (two sessions
 * at one time), what was made of it cannot be used.
 */
import type { FunctionEntry } from '../catalog/catalog-snapshot.ts'
import { fullName } from '../catalog/catalog-snapshot.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { Requirement } from '../identity/permission.ts'
import type { FunctionUse } from '../identity/permit.ts'
import type { GateContext } from './gate-context.ts'
import { needToExecute } from './requirements.ts'
import { seesFunction, seesTable } from './visible-names.ts'

export function usesOf(functions: Iterable<FunctionEntry>): FunctionUse[] {
  return [...functions].map(({ id, revision }) => ({ id, revision }))
}

type UseContext = Pick<GateContext, 'catalog' | 'roleAuthority'>

/**
 * What the owner must hold, and the owners of functions in those functions.
 *
 * @returns undefined where one of them does not hold it, or a function is another one by now.
 */
export function neededByOwner(
  uses: readonly FunctionUse[],
  ownerRole: string,
  context: UseContext,
): readonly Requirement[] | undefined {
  if (uses.length === 0) return []
  const owner = context.roleAuthority(ownerRole)
  const needs: Requirement[] = []
  for (const { id, revision } of uses) {
    const entry = context.catalog.functions.find((one) => one.id === id)
    if (!owner || entry?.revision !== revision) return undefined
    const own = needToExecute(entry).map((need) => ({ ...need, holder: ownerRole }))
    const deeper = neededByOwner(entry.uses, entry.ownerRole, context)
    if (!deeper || !own.every((need) => owner.covers(need))) return undefined
    needs.push(...own, ...deeper)
  }
  return needs
}

/**
 * All that calling these functions needs.
 *
 * @throws GatewayError `object_not_in_prerequisite_state` for one that calls others without right.
 */
export function needsOfCalls(
  functions: Iterable<FunctionEntry>,
  context: UseContext,
): { readonly own: readonly Requirement[]; readonly owners: readonly Requirement[] } {
  const own: Requirement[] = []
  const owners: Requirement[] = []
  for (const entry of functions) {
    own.push(...needToExecute(entry))
    const deeper = neededByOwner(entry.uses, entry.ownerRole, context)
    if (!deeper) throw unusable(entry)
    owners.push(...deeper)
  }
  return { own, owners }
}

function unusable({ name }: FunctionEntry): GatewayError {
  return new GatewayError(
    'object_not_in_prerequisite_state',
    `function "${name}" cannot be called now`,
    { hint: 'Its owner may not call what it calls any more, or that has changed. Define it anew.' },
  )
}

/**
 * Refuses what would change or break what was made of a function.
 *
 * @throws GatewayError `dependent_objects_still_exist`, which names what the principal may know of.
 */
export function checkUnused(
  { id, name }: FunctionEntry,
  verb: 'drop' | 'replace',
  { catalog, authority }: GateContext,
): void {
  const isUse = (use: FunctionUse) => use.id === id
  const views = catalog.tables.filter(({ view }) => view?.uses?.some(isUse))
  const functions = catalog.functions.filter(({ uses }) => uses.some(isUse))
  const all = views.length + functions.length
  if (all === 0) return
  const seen = [
    ...views.filter((view) => seesTable(authority, view)).map((view) => `view ${fullName(view)}`),
    ...functions.filter((one) => seesFunction(authority, one)).map((one) => `function ${one.name}`),
  ].toSorted()
  const hidden = all - seen.length
  const others = hidden === 0 ? [] : [`${hidden} that you may not know of`]
  throw new GatewayError(
    'dependent_objects_still_exist',
    `cannot ${verb} function ${name} because other objects depend on it`,
    { detail: `Made of it: ${[...seen, ...others].join(', ')}.`, hint: 'Drop them first.' },
  )
}
