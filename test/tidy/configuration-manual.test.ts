import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settingsTable } from '../../src/server/config/settings-table.ts'

test('docs/configuration.md lists every setting as the program knows it', () => {
  const manual = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  const [, table = ''] = manual.split(/<!-- (?:begin|end) of the table -->/)
  const cells = (text: string): string[] =>
    text.split('\n').flatMap((line) =>
      line.startsWith('| `')
        ? [
            line
              .split('|')
              .map((cell) => cell.trim())
              .join('|'),
          ]
        : [],
    )
  // `npm run docs` writes the table anew.
  expect(cells(table)).toEqual(cells(settingsTable()))
})
