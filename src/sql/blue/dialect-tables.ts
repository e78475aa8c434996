/** The tables of docs/blue-dialect.md, made from what the dialect is made of. */
import { BLUE_FUNCTIONS } from './calls.ts'
import { CLIENT_FUNCTIONS } from './client-functions.ts'
import { EXPRESSIONS, REFUSED, UNCHANGED } from './examples.ts'
import type { Example } from './blue-function.ts'
import { REFUSED_FUNCTIONS } from './refused-functions.ts'
import { TYPES } from './types.ts'
import { UNIT_WORDS } from './units.ts'

/** By the name that the page gives to the place of each. */
export const DIALECT_TABLES = {
  expressions: () =>
    table(
      ['Written', 'Meaning', 'For example'],
      EXPRESSIONS.map(({ written, meaning, examples }) => [
        written,
        meaning,
        shown(examples.slice(0, 2)),
      ]),
    ),
  types: () =>
    table(
      ['BLUE', 'Also written', 'Meaning', 'In the engine'],
      TYPES.map(({ names: [name = '', ...others], meaning, becomes }) => [
        code(name.toUpperCase()),
        others.map((other) => code(other.toUpperCase())).join(', '),
        meaning,
        code(becomes === 'DECIMAL' ? 'DECIMAL(38, 0)' : becomes),
      ]),
    ),
  units: () =>
    table(
      ['Unit', 'Also written'],
      Object.values(UNIT_WORDS).map(([name = '', ...others]) => [
        code(name.toUpperCase()),
        others.map((other) => code(other.toUpperCase())).join(', '),
      ]),
    ),
  functions: () =>
    table(
      ['Function', 'Notes', 'For example'],
      BLUE_FUNCTIONS.map(({ written, note = '', examples }) => [
        code(written),
        note,
        shown(examples.slice(0, 1)),
      ]),
    ),
  clientFunctions: () =>
    table(
      ['Function', 'Gives'],
      CLIENT_FUNCTIONS.map(({ written, gives }) => [code(written), gives]),
    ),
  unchanged: () =>
    table(
      ['Expression', 'Gives', 'Of type'],
      UNCHANGED.map(({ expression, gives, type }) => [
        code(expression),
        gives === null ? 'NULL' : code(gives.replaceAll('\t', '⇥')),
        code(type),
      ]),
    ),
  refused: () =>
    table(
      ['Statement', 'Why, or what instead'],
      REFUSED.map(({ statement, why }) => [code(statement), why]),
    ),
  refusedFunctions: () =>
    table(
      ['Function', 'Why, or what instead'],
      [...REFUSED_FUNCTIONS].map(([name, why]) => [code(name.toUpperCase()), why]),
    ),
} as const

/** The page with each table between its two marks written anew. */
export function withDialectTables(page: string): string {
  return Object.entries(DIALECT_TABLES).reduce(
    (text, [name, write]) =>
      text.replace(
        new RegExp(`(<!-- begin of ${name} -->)[\\s\\S]*?(<!-- end of ${name} -->)`),
        (_, begin: string, end: string) => `${begin}\n\n${write()}\n\n${end}`,
      ),
    page,
  )
}

function shown(examples: readonly Example[]): string {
  return examples
    .map(
      ({ expression, gives }) =>
        `${code(expression)} is ${gives === null ? 'NULL' : code(gives || "''")}`,
    )
    .join('; ')
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
