import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DIALECT_TABLES, withDialectTables } from '../../src/sql/blue/dialect-tables.ts'

const page = readFileSync(new URL('../../docs/blue-dialect.md', import.meta.url), 'utf8')

test('docs/blue-dialect.md has a place for every table', () => {
  for (const name of Object.keys(DIALECT_TABLES)) {
    expect(page).toContain(`<!-- begin of ${name} -->`)
    expect(page).toContain(`<!-- end of ${name} -->`)
  }
})

test('docs/blue-dialect.md says what the dialect does', () => {
  // `npm run docs` writes the tables anew.
  expect(cells(page)).toEqual(cells(withDialectTables(page)))
})

/** Without what prettier does to the look of them. */
function cells(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.startsWith('|') && !/^\|[ -|]*$/.test(line))
  return lines.map((line) => line.replaceAll(/\s+/g, ' '))
}
