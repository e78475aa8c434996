/** Makes a statement with a finding shorter, token by token, as long as the finding stays. */
import type { Rights } from './fuzz-rights.ts'
import type { GateUnderTest } from './gate-under-test.ts'
import { Finding, judge } from './judge-statement.ts'
import { partsOf } from './splice-statement.ts'
import type { MadeStatement } from './statement-maker.ts'

/** Beyond these it is good enough. */
const triesMax = 400

export async function shrunk(
  gate: GateUnderTest,
  made: MadeStatement,
  rights: Rights,
  { what }: Finding,
): Promise<string> {
  // without its parts known, a write is judged by its plan alone
  const { parameterTypes, spliced } = made
  const isFound = async (sql: string): Promise<boolean> => {
    try {
      await judge(gate, { sql, write: undefined, spliced, parameterTypes }, rights)
      return false
    } catch (thrown) {
      return thrown instanceof Finding && thrown.what === what
    }
  }
  if (!(await isFound(made.sql))) return made.sql
  let parts = partsOf(made.sql)
  let tries = 0
  for (let size = Math.ceil(parts.length / 2); size >= 1;) {
    let smaller: string[] | undefined
    for (let at = 0; at < parts.length && !smaller; at += 1) {
      const without = parts.toSpliced(at, size)
      if ((tries += 1) > triesMax) return parts.join('')
      if (without.length > 0 && (await isFound(without.join('')))) smaller = without
    }
    if (smaller) parts = smaller
    else size = size === 1 ? 0 : Math.ceil(size / 2)
  }
  return parts.join('')
}
