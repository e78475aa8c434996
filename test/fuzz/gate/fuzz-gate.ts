/** Made-up statements through the gate, one after another, each judged. */
import type { Gate } from '../../../src/gate/gate.ts'
import { Random } from '../random.ts'
import { Rights } from './fuzz-rights.ts'
import { GateUnderTest } from './gate-under-test.ts'
import { Finding, judge } from './judge-statement.ts'
import { shrunk } from './shrink-statement.ts'
import { makeStatement } from './statement-maker.ts'

export interface FuzzOptions {
  readonly seed: number
  readonly statements: number
  /** The number of the first one. */
  readonly from?: number
  readonly onFinding: (finding: FoundStatement) => void
  /** Before each statement: what is told last is what the engine did not survive. */
  readonly onStatement?: (number: number) => void
  /** The engine gave up its database: it is opened anew. A gateway starts its engine again. */
  readonly onFatal?: (number: number, sql: string) => void
  /** The gate itself, unless the judges are to be tried on another. */
  readonly gate?: Gate
}

export interface FoundStatement {
  readonly number: number
  readonly what: string
  readonly detail: string
  readonly sql: string
  /** As short as it can be and still be found. */
  readonly shortest: string
  readonly grants: readonly string[]
}

export interface FuzzTotals {
  statements: number
  /** That the engine itself takes. */
  bound: number
  permitted: number
  /** Over granted things alone: the gate has to answer them. */
  owed: number
  owedAndPermitted: number
  /** With the rows of an administrator. */
  compared: number
  findings: number
  fatal: number
}

export function noTotals(): FuzzTotals {
  return {
    statements: 0,
    bound: 0,
    permitted: 0,
    owed: 0,
    owedAndPermitted: 0,
    compared: 0,
    findings: 0,
    fatal: 0,
  }
}

/** So many statements have the same rights. */
const PER_ROLE = 50

/** It costs as much as all else, and statements of every form are among so many. */
const AGAIN_EVERY = 4

/** Of one sort, so many are made short. */
const SHRUNK_MAX = 3

export async function fuzzGate(options: FuzzOptions): Promise<FuzzTotals> {
  const { seed, statements, from = 0, onFinding, onStatement, onFatal } = options
  let gate = await GateUnderTest.open(options.gate)
  const totals = noTotals()
  const sorts = new Map<string, number>()
  try {
    for (let number = from; number < from + statements; number += 1) {
      onStatement?.(number)
      const rights = new Rights(new Random(seed, -1 - Math.floor(number / PER_ROLE)))
      if (number === from || number % PER_ROLE === 0) gate.become(rights)
      const made = makeStatement(new Random(seed, number), rights)
      totals.statements += 1
      try {
        const { binds, permitted, owed, compared } = await judge(
          gate,
          made,
          rights,
          number % AGAIN_EVERY === 0,
        )
        totals.bound += Number(binds)
        totals.permitted += Number(permitted)
        totals.owed += Number(owed)
        totals.owedAndPermitted += Number(owed && permitted)
        totals.compared += Number(compared)
      } catch (thrown) {
        if (isFatal(thrown)) {
          totals.fatal += 1
          onFatal?.(number, made.sql)
          gate.close()
          gate = await GateUnderTest.open(options.gate)
          gate.become(rights)
          continue
        }
        if (!(thrown instanceof Finding)) throw thrown
        totals.findings += 1
        const { what, message: detail } = thrown
        const before = sorts.get(what) ?? 0
        sorts.set(what, before + 1)
        const shortest = before < SHRUNK_MAX ? await shrunk(gate, made, rights, thrown) : made.sql
        onFinding({ number, what, detail, sql: made.sql, shortest, grants: rights.grants })
      }
    }
    return totals
  } finally {
    gate.close()
  }
}

function isFatal(thrown: unknown): boolean {
  return /FATAL|database has been invalidated/.test(String(thrown))
}

export function describeFinding(found: FoundStatement): string {
  const { number, detail, sql, shortest, grants } = found
  return [
    `${number}: ${detail}`,
    `  made:     ${sql}`,
    `  shortest: ${shortest}`,
    `  grants:   ${grants.join('; ')}`,
  ].join('\n')
}
