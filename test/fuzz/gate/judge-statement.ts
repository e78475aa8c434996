/**
 * Judges what the gate made of a statement, by the rights as they were drawn up, by the engine's plan of
 * the text that was permitted, and by the rows: with no code of the gate.
 */
import { GatewayError } from '../../../src/base/gateway-error.ts'
import type { Permit } from '../../../src/identity/permit.ts'
import { FUNCTIONS, WORLD } from './fuzz-world.ts'
import type { Rights, WritePermission } from './fuzz-rights.ts'
import type { WorldTable } from './fuzz-world.ts'
import type { GateUnderTest, Result } from './gate-under-test.ts'
import type { PlanFacts } from './plan-facts.ts'
import type { MadeStatement } from './statement-maker.ts'

/** What must not be; `what` is the same for findings of one sort. */
export class Finding extends Error {
  override readonly name = 'Finding'
  readonly what: string

  constructor(what: string, detail = '') {
    super(detail === '' ? what : `${what}: ${detail}`)
    this.what = what
  }
}

export interface Judgement {
  readonly permitted: boolean
  /** The engine itself binds the text. */
  readonly binds: boolean
  /** It binds, and all that it reads and writes is granted: it had to be answered. */
  readonly owed: boolean
  /** Its rows were compared with an administrator's. */
  readonly compared: boolean
  /** Of a refusal. */
  readonly kind: string | undefined
}

/** Refusals of what is granted that are meant: forms that the gate does not take from anybody. */
const NOT_TAKEN = new Set(['feature_not_supported', 'statement_too_complex'])

/**
 * May have other rows than an administrator's, and should: a sample is chance, DESCRIBE lists what the
 * role may read. INSERT OR REPLACE of keys alone changes nothing, and returns what it inserted.
 */
const OTHER_ROWS = /SAMPLE|DESCRIBE|OR REPLACE INTO [^(]*\(id\)/

/**
 * Of several rows the engine takes one here, or puts them in some order, as its plan of the joins happens
 * to be: over a view another one than over a table of the same rows.
 */
const ANY_ORDER =
  /LIMIT|OVER|SAMPLE|UPDATE|MERGE|POSITIONAL|DISTINCT ON|string_agg|list\(|ARRAY\(|first|any_value|arg_m/

/** @param again whether what is permitted is authorized once more. @throws Finding */
export async function judge(
  gate: GateUnderTest,
  made: MadeStatement,
  rights: Rights,
  again = true,
): Promise<Judgement> {
  const asked = await ask(gate, made)
  const facts = await gate.facts(made.sql)
  const owed = facts !== undefined && (await isGranted(gate, made, facts, rights))
  const binds = facts !== undefined
  if (asked instanceof GatewayError) {
    judgeRefusal(asked, made, rights, binds)
    if (owed && !NOT_TAKEN.has(asked.kind)) {
      throw new Finding('refused, and all of it is granted', told(asked))
    }
    return { permitted: false, binds, owed, compared: false, kind: asked.kind }
  }
  const target = await judgePermit(gate, made, asked, rights)
  const parameters = made.parameterTypes.length
  const result = gate.run(asked, parameters, target)
  judgeResult(result, made, rights, target)
  const compared = owed && parameters === 0 && !OTHER_ROWS.test(made.sql)
  if (compared) judgeTwin(gate, result, made.sql, asked, target)
  if (compared && again) await judgeAgain(gate, asked)
  return { permitted: true, binds, owed, compared, kind: undefined }
}

async function ask(gate: GateUnderTest, made: MadeStatement): Promise<Permit | GatewayError> {
  gate.alarms.length = 0
  try {
    return await gate.authorize(made.sql, made.parameterTypes)
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw new Finding('not an error of ours', String(thrown))
    const [alarm] = gate.alarms
    if (alarm !== undefined) throw new Finding('two checks disagree', alarm)
    return thrown
  }
}

function told({ kind, message, detail, hint, position }: GatewayError): string {
  return JSON.stringify({ kind, message, detail, hint, position })
}

function judgeRefusal(
  refusal: GatewayError,
  { sql }: MadeStatement,
  rights: Rights,
  binds: boolean,
): void {
  const text = told(refusal)
  // the engine's own failures it tells of an administrator's statement as well
  if (refusal.kind === 'internal' && binds) throw new Finding('an internal error', text)
  hidesAll(text, 'a refusal tells', sql, rights)
}

/** No value and no name of what may not be read, but names that the statement itself holds. */
function hidesAll(text: string, what: string, sql: string, rights: Rights): void {
  const mark = rights.hiddenMarks.find((pattern) => pattern.test(text))
  if (mark) throw new Finding(`${what} a hidden value`, `${String(mark)} in ${text}`)
  const lower = sql.toLowerCase()
  for (const table of WORLD) {
    const known = rights.knows(table)
    const names = table.columns.map(({ name }) => name).filter((name) => !rights.reads(table, name))
    for (const name of known ? names : [table.name, ...names]) {
      if (!/[_ ]|^\w{5,}$/.test(name) || lower.includes(name.toLowerCase())) continue
      if (text.toLowerCase().includes(name.toLowerCase())) {
        throw new Finding(`${what} a hidden name`, `${name} in ${text}`)
      }
    }
  }
}

/** @returns the table that is written to. */
async function judgePermit(
  gate: GateUnderTest,
  { write }: MadeStatement,
  { text }: Permit,
  rights: Rights,
): Promise<WorldTable | undefined> {
  const facts = await gate.facts(text)
  // what is described is planned as a subquery: there the engine leaves NULL without a type
  if (!facts && text.startsWith('DESCRIBE ')) return undefined
  if (!facts) throw new Finding('a permit that the engine does not bind', text)
  const [strange] = facts.strange
  if (strange !== undefined)
    throw new Finding('a plan with what was not asked for', `${strange}: ${text}`)
  const called = FUNCTIONS.find(
    ({ mark }) => rights.hiddenMarks.includes(mark) && mark.test(facts.json),
  )
  if (called) throw new Finding('a function is called without EXECUTE', `${called.name}: ${text}`)
  const target = facts.writes[0] && tableOf(facts.writes[0].table)
  if (write && write.target !== target) throw new Finding('a write to another table', text)
  for (const { kind, table } of facts.writes) {
    const needs = write?.needs ?? (kind === 'MERGE' ? [] : [kind as WritePermission])
    const lacking = needs.find((need) => !rights.writes(tableOf(table), need))
    if (lacking) throw new Finding(`a write without ${lacking}`, text)
  }
  const reads = readsOf(facts, target)
  const unusable = reads.find(({ table }) => !rights.isUsable(table))
  if (unusable)
    throw new Finding('read without the rights of an owner', `${unusable.table.name}: ${text}`)
  const unread = reads.find((one) => !isReadable(one, rights))
  if (unread)
    throw new Finding(
      'a hidden column is read',
      `${unread.column} of ${unread.table.name}: ${text}`,
    )
  for (const sql of write?.reads ?? []) {
    const clause = await gate.facts(sql)
    const hidden =
      clause && readsOf(clause, undefined, target).find((one) => !isReadable(one, rights))
    if (hidden) throw new Finding('a hidden column is read in a clause', `${hidden.column}: ${sql}`)
  }
  return target
}

interface Read {
  readonly table: WorldTable
  /** Undefined: rows are counted. */
  readonly column: string | undefined
}

/**
 * @param besides whose scans prove nothing: the engine reads of it for itself.
 * @param uncounted a table of which rows alone may be counted: the target of a write.
 */
function readsOf(facts: PlanFacts, besides?: WorldTable, uncounted?: WorldTable): Read[] {
  return [...facts.reads].flatMap(([name, columns]): Read[] => {
    const table = tableOf(name)
    if (table === besides) return []
    if (columns.size > 0) return [...columns].map((column) => ({ table, column }))
    return table === uncounted ? [] : [{ table, column: undefined }]
  })
}

function isReadable({ table, column }: Read, rights: Rights): boolean {
  return column === undefined ? rights.readable(table).length > 0 : rights.reads(table, column)
}

function tableOf(full: string): WorldTable {
  const table = WORLD.find(({ schema, name }) => `${schema}.${name}` === full)
  if (!table) throw new Finding('a table of which nobody knows', full)
  return table
}

/** Whether the role has all that the text needs, as an administrator's plans of it show. */
async function isGranted(
  gate: GateUnderTest,
  { sql, write, spliced }: MadeStatement,
  facts: PlanFacts,
  rights: Rights,
): Promise<boolean> {
  // the engine takes a place in ORDER BY that is no place where it does not look
  if (spliced || /ORDER BY (\(-|NULL|\d*\.)/.test(sql)) return false
  const lower = sql.toLowerCase()
  const named = WORLD.filter(({ name }) => lower.includes(name.toLowerCase()))
  if (facts.strange.length > 0 || (facts.writes.length > 0 && !write)) return false
  const target = write?.target
  if (target && !rights.knows(target)) return false
  // where no plan shows it as well: in a WITH that nothing uses
  if (target && rights.readable(target).length === 0 && isReadBesides(target, sql)) return false
  const unknown = named.some(
    (table) => (table !== target && rights.readable(table).length === 0) || !rights.isUsable(table),
  )
  const called = FUNCTIONS.filter(({ name }) => lower.includes(name))
  if (called.some((one) => !rights.executes(one) || !rights.isCallable(one))) return false
  if (unknown || lower.includes('window_on') || lower.includes('leak')) return false
  if (write && !write.needs.every((need) => rights.writes(write.target, need))) return false
  // its plan does not show what it describes, nor an argument of a macro that another NULL folds away
  const shown = lower.includes('describe') || called.length > 0 ? named : []
  if (shown.some((table) => rights.readable(table).length < table.columns.length)) return false
  const reads = readsOf(facts, target)
  for (const query of write?.reads ?? []) {
    const clause = await gate.facts(query)
    if (!clause) return false
    reads.push(...readsOf(clause, undefined, target))
  }
  return reads.every((one) => isReadable(one, rights))
}

/** A write names its target once, and once more where it reads it: before a dot it is a column's. */
function isReadBesides({ name }: WorldTable, sql: string): boolean {
  return [...sql.matchAll(new RegExp(`\\b${name}\\b(?!"?\\.)`, 'gi'))].length > 1
}

function judgeResult(
  result: Result,
  { sql }: MadeStatement,
  rights: Rights,
  target: WorldTable | undefined,
): void {
  if ('error' in result) {
    const mark = rights.hiddenMarks.find((pattern) => pattern.test(result.error))
    if (mark) throw new Finding('an error while running tells a hidden value', result.error)
    return
  }
  // the rows of the target are there as well: hidden values may be where they were before
  if (!target) hidesAll(result.rows.join('\n'), 'rows hold', sql, rights)
}

function judgeTwin(
  gate: GateUnderTest,
  permitted: Result,
  sql: string,
  permit: Permit,
  target: WorldTable | undefined,
): void {
  const original = gate.runTwin(sql, permit, target)
  const { text } = permit
  if (isSame(permitted, original) || failsInAnArgument(permitted, text)) return
  if (ANY_ORDER.test(sql) && isSame(gate.runTwin(text, permit, target), original)) return
  const detail = [permitted, original].map((result) => JSON.stringify(result)).join('\n  ')
  throw new Finding('other rows than an administrator gets', `${text}\n  ${detail}`)
}

/** The gate has arguments computed before the call, as PostgreSQL does; a macro whose NULL folds one away never. */
function failsInAnArgument(permitted: Result, text: string): boolean {
  return 'error' in permitted && text.includes('"function arguments"')
}

function isSame(one: Result, other: Result): boolean {
  const [mine, theirs] = [one, other].map((result) =>
    'error' in result ? 'error' : result.rows.join('\n'),
  )
  return mine === theirs
}

/** What is permitted is permitted as it stands. */
async function judgeAgain(gate: GateUnderTest, { text }: Permit): Promise<void> {
  let again: string
  try {
    again = (await gate.authorize(text)).text
  } catch (thrown) {
    throw new Finding('a permitted text is refused', `${String(thrown)}: ${text}`)
  }
  // VALUES is printed inside a query of its own, each time anew; the SET of ours gets brackets
  const grows = text.includes('AS valueslist') || / SET .* = excluded\./.test(text)
  if (again !== text && !grows)
    throw new Finding('a permitted text becomes another', `${text}\n  ${again}`)
}
