/** Breaks a statement where its parts meet: what a client writes to leave the place it was given. */
import { tokenize } from '../../../src/sql/lexer.ts'
import type { Random } from '../random.ts'
import { quoted, WORLD } from './fuzz-world.ts'

const STRAY = [
  ')',
  '(',
  ',',
  '*',
  '--',
  '/* */',
  'FROM',
  'WHERE',
  'UNION SELECT 1',
  'RETURNING *',
  'AS',
  '.',
  'FROM ginkgo',
  ', (SELECT max(ginkgo_text) FROM cellar.ginkgo)',
  'leak()',
  "prune('x')",
  'pg_temp.',
  'window_on',
  'ORDER BY 1',
  'LIMIT 1',
  'ON',
  'USING',
  'SET',
  'WHEN MATCHED THEN DELETE',
  'EXCLUDE (id)',
  '"',
  "'",
  '::VARCHAR',
  'OR true',
  'VALUES (1)',
  'DEFAULT',
  'LATERAL',
  'NATURAL JOIN cedar',
] as const

/** One or two tokens lost, doubled, exchanged, or something else beside them. */
export function spliced(sql: string, random: Random): string {
  const parts = partsOf(sql)
  for (let left = random.between(1, 2); left > 0; left -= 1) {
    const at = random.below(parts.length)
    const part = parts[at] ?? ''
    const other = parts[random.below(parts.length)] ?? ''
    const changes = [[], [part, part], [other], [part, `${random.pick(STRAY)} `], [nameOf(random)]]
    const change = /^\w+\s*$/.test(part) ? random.below(5) : random.below(4)
    parts.splice(at, 1, ...(changes[change] ?? []))
  }
  return parts.join('')
}

/** Tokens, each with the space behind it: put together again they are the text. */
export function partsOf(sql: string): string[] {
  const tokens = tokenize(sql)
  return tokens.map(({ start }, index) => sql.slice(start, tokens[index + 1]?.start))
}

/** A name of the world in the place of another. */
function nameOf(random: Random): string {
  const table = WORLD[random.below(WORLD.length)]
  const column = table?.columns[random.below(table.columns.length)]
  const full = `${table?.schema}.${quoted(table?.name ?? '')}`
  return `${random.pick([full, quoted(table?.name ?? ''), quoted(column?.name ?? '')])} `
}
