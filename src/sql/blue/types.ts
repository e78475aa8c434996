/** The names of types: what BLUE means by them, and what the engine calls that. Source: BLUE SQL, data types. */
import type { Reading } from './reading.ts'

export interface TypeRow {
  /** The first one is BLUE's own; the others are the same. */
  readonly names: readonly string[]
  /** In the engine. */
  readonly becomes: string
  /** What may stand in brackets behind it. */
  readonly arguments?: 'precision and scale' | 'length' | 'digits'
  /** For the manual. */
  readonly meaning: string
}

export const TYPES: readonly TypeRow[] = [
  { names: ['bool', 'boolean', 'bit'], becomes: 'BOOLEAN', meaning: 'true or false' },
  { names: ['tinyint'], becomes: 'UTINYINT', meaning: '0 to 255' },
  { names: ['smallint'], becomes: 'SMALLINT', meaning: '16 bits, signed' },
  { names: ['int', 'integer'], becomes: 'INTEGER', meaning: '32 bits, signed' },
  { names: ['bigint', 'number'], becomes: 'BIGINT', meaning: '64 bits, signed' },
  { names: ['real'], becomes: 'REAL', meaning: 'floating point, 4 bytes' },
  {
    names: ['double', 'double precision', 'float'],
    becomes: 'DOUBLE',
    meaning: 'floating point, 8 bytes',
  },
  {
    names: ['numeric', 'decimal'],
    becomes: 'DECIMAL',
    arguments: 'precision and scale',
    meaning: 'exact, up to 38 digits; (38, 0) where nothing is said',
  },
  {
    names: [
      'text',
      'varchar',
      'char',
      'character',
      'character varying',
      'char varying',
      'nchar',
      'nchar varying',
      'nvarchar',
      'national char',
      'national char varying',
      'national character',
      'national character varying',
    ],
    becomes: 'VARCHAR',
    arguments: 'length',
    meaning: 'UTF-8; a longer text than (n) characters is an error, and never cut',
  },
  { names: ['date'], becomes: 'DATE', meaning: 'a day' },
  {
    names: ['datetime', 'timestamp'],
    becomes: 'TIMESTAMP',
    arguments: 'digits',
    meaning:
      'a day and a time in UTC; kept in microseconds, told to clients of BLUE in milliseconds',
  },
]

const BY_NAME: ReadonlyMap<string, TypeRow> = new Map(
  TYPES.flatMap((row) => row.names.map((name) => [name, row] as const)),
)

export interface WrittenType {
  /** Indexes of its tokens. */
  readonly first: number
  readonly last: number
  /** As BLUE calls it. */
  readonly name: string
  /** For the engine; undefined for a type that is the engine's alone. */
  readonly becomes?: string
  readonly limit?: { readonly of: 'characters' | 'items'; readonly max: number }
}

/**
 * The type that begins at a token; undefined where none does.
 * @throws GatewayError `feature_not_supported`.
 */
export function readType(reading: Reading, first: number): WrittenType | undefined {
  const head = reading.at(first)
  if (head?.kind !== 'word' || reading.isSymbol(first + 1, '.')) return undefined
  const { row, last: name } = longestName(reading, first)
  const bracket = reading.isSymbol(name + 1, '(') ? reading.partner(name + 1) : undefined
  const list = readLists(reading, (bracket ?? name) + 1)
  const last = list.next - 1
  const words = wordsOf(reading, first, last)
  if (!row || isZoned(reading, name)) return { first, last, name: words }
  const inner = bracket === undefined ? [] : reading.tokens.slice(name + 2, bracket)
  const numbers = inner.filter(({ kind }) => kind === 'number').map(({ value }) => Number(value))
  if (bracket !== undefined && !takes(row, inner.length, numbers.length)) {
    throw reading.notSupported(first, `the type ${words}`)
  }
  const limits = [
    ...(row.arguments === 'length' && bracket !== undefined
      ? [{ of: 'characters' as const, max: numbers[0] ?? 0 }]
      : []),
    ...(list.max === undefined ? [] : [{ of: 'items' as const, max: list.max }]),
  ]
  const [limit, second] = limits
  if (second || (limit?.of === 'characters' && list.text !== '')) {
    throw reading.notSupported(first, `the type ${words}`)
  }
  return {
    first,
    last,
    name: words,
    becomes: engineName(row, numbers) + list.text,
    ...(limit && { limit }),
  }
}

/** TIMESTAMP WITH TIME ZONE and its like are the engine's. */
function isZoned(reading: Reading, name: number): boolean {
  return reading.isWord(name + 1, 'with', 'without') && reading.sees(name + 2, 'time', 'zone')
}

function longestName(reading: Reading, first: number): { row: TypeRow | undefined; last: number } {
  let found: { row: TypeRow | undefined; last: number } = { row: undefined, last: first }
  let name = ''
  for (let last = first; last < first + 3; last += 1) {
    const token = reading.at(last)
    if (token?.kind !== 'word') break
    name += `${name === '' ? '' : ' '}${token.value}`
    const row = BY_NAME.get(name)
    if (row) found = { row, last }
  }
  return found
}

function takes(row: TypeRow, tokens: number, numbers: number): boolean {
  switch (row.arguments) {
    case 'precision and scale':
      return (tokens === 1 && numbers === 1) || (tokens === 3 && numbers === 2)
    case 'length':
    case 'digits':
      return tokens === 1 && numbers === 1
    case undefined:
    default:
      return false
  }
}

function engineName(row: TypeRow, numbers: readonly number[]): string {
  if (row.arguments === 'precision and scale') {
    const [precision = 38, scale = 0] = numbers
    return `DECIMAL(${precision}, ${scale})`
  }
  if (row.arguments === 'digits' && numbers.length > 0) return `${row.becomes}(${numbers[0]})`
  return row.becomes
}

interface Lists {
  readonly text: string
  readonly max: number | undefined
  /** Index behind them. */
  readonly next: number
}

/** `[]`, or `[n]` with the most items that there may be. */
function readLists(reading: Reading, from: number): Lists {
  let next = from
  let text = ''
  let max: number | undefined
  while (reading.isSymbol(next, '[')) {
    const number = reading.at(next + 1)
    if (reading.isSymbol(next + 1, ']')) next += 2
    else if (number?.kind === 'number' && reading.isSymbol(next + 2, ']')) {
      if (max !== undefined || text !== '') throw reading.notSupported(next, 'a list of lists of n')
      max = Number(number.value)
      next += 3
    } else break
    text += '[]'
  }
  return { text, max, next }
}

function wordsOf(reading: Reading, first: number, last: number): string {
  const [from, to] = [reading.at(first)?.start ?? 0, reading.at(last)?.end ?? 0]
  return reading.text.slice(from, to).toUpperCase()
}
