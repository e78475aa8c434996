/** One made-up statement, the same for the same seed and number. */
import { readStatements } from '../../../src/sql/read-statements.ts'
import type { Random } from '../random.ts'
import type { Rights } from './fuzz-rights.ts'
import { Making } from './maker.ts'
import { QueryMaker } from './query-maker.ts'
import { spliced } from './splice-statement.ts'
import { WriteMaker } from './write-maker.ts'
import type { MadeWrite } from './write-maker.ts'

export interface MadeStatement {
  readonly sql: string
  /** Undefined for what was made as a query, or what a splice may have made into anything. */
  readonly write: MadeWrite | undefined
  /** May name what is not there, where the engine does not look: nobody need answer it. */
  readonly spliced: boolean
  readonly parameterTypes: readonly (string | undefined)[]
}

/** Text that the engine's own statement reader takes for something else is made again. */
export function makeStatement(random: Random, rights: Rights): MadeStatement {
  for (;;) {
    const made = makeOne(random, rights)
    const [only, second] = safely(() => readStatements(made.sql, 'duckdb')) ?? []
    if (only?.kind === 'engine' && !second) return made
  }
}

function makeOne(random: Random, rights: Rights): MadeStatement {
  const tame = random.onceIn(2)
  const making = new Making(random, rights, { tame, fuel: random.between(2, 16) })
  const queries = new QueryMaker(making)
  const write = random.onceIn(3) ? new WriteMaker(making, queries).make() : undefined
  const sql = write?.sql ?? queries.statement()
  const parameterTypes = making.parameters
  if (!tame && random.onceIn(4)) {
    return { sql: spliced(sql, random), write: undefined, spliced: true, parameterTypes }
  }
  return { sql, write, spliced: false, parameterTypes }
}

function safely<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
