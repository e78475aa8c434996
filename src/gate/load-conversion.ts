/**
 * How a value of a file becomes a value of a column: never rounded, never cut, never guessed. What
 * the column cannot hold exactly does not fit, and a row that does not fit is a bad row.
 *
 * All of it is SQL over expressions of ours; no text of the caller's is in it.
 */
import type { ColumnType } from '../columnar/column-type.ts'
import { typeName } from '../columnar/parse-type-name.ts'
import type { CsvReading, DateFormat } from '../sql/load-statement.ts'

/** Three steps, because each uses the one before several times. */
export interface Conversion {
  /** The value as it is taken from the reader's column, in SQL. NULL: there is none. */
  take(column: string): string
  /** The value of the new type, or NULL where there is no such value. */
  value(taken: string): string
  /** Whether a value that was taken, and is not NULL, is kept exactly. May be NULL: then it is not. */
  fits(taken: string, value: string): string
}

/** From a Parquet file: as it is, or with a way back that leads to the same value. */
export function conversionBetween(from: ColumnType, to: ColumnType): Conversion {
  const [source, target] = [typeName(from), typeName(to)]
  const take = (column: string): string => column
  if (source === target) return { take, value: take, fits: () => 'true' }
  return {
    take,
    value: (taken) => `TRY_CAST(${taken} AS ${target})`,
    fits: (taken, value) => `TRY_CAST(${value} AS ${source}) = ${taken}`,
  }
}

type TextReading = Pick<CsvReading, 'decimal' | 'dateFormat'>

/** From the text of a CSV file's field. */
export function conversionFromText(to: ColumnType, reading: TextReading): Conversion {
  if (to.kind === 'varchar') {
    return {
      take: (column) => column,
      value: (taken) => taken,
      fits: (taken) => `NOT contains(${taken}, chr(0))`,
    }
  }
  const take = (column: string): string => `nullif(trim(${column}), '')`
  const normal = normalForm(to, reading)
  const cast = (taken: string): string => `TRY_CAST(${normal(taken)} AS ${typeName(to)})`
  const matches = (pattern: string, text: string): string =>
    `regexp_full_match(${text}, '${pattern}')`
  // What the engine prints back letter for letter is exact; all else is looked at more closely.
  const orSame = (check: (text: string, value: string) => string): Conversion['fits'] => {
    return (taken, value) => {
      const text = normal(taken)
      return `(CAST(${value} AS VARCHAR) = ${text} OR (${value} IS NOT NULL AND ${check(text, value)}))`
    }
  }
  const closely = (pattern: string): Conversion['fits'] => {
    return (taken, value) => `(${value} IS NOT NULL AND ${matches(pattern, normal(taken))})`
  }
  const shaped = (pattern: string): Conversion => ({
    take,
    value: cast,
    fits: orSame((text) => matches(pattern, text)),
  })

  switch (to.kind) {
    case 'boolean':
      return {
        take,
        value: (taken) => `lower(${taken}) IN ('true', 't', 'yes', 'y', '1')`,
        fits: (taken) =>
          `lower(${taken}) IN ('true', 't', 'yes', 'y', '1', 'false', 'f', 'no', 'n', '0')`,
      }
    case 'decimal': {
      const fraction = (text: string): string =>
        `length(rtrim(regexp_extract(${text}, '[.]([0-9]*)$', 1), '0'))`
      return {
        take,
        value: cast,
        fits: orSame((text) => `${matches(DECIMAL, text)} AND ${fraction(text)} <= ${to.scale}`),
      }
    }
    case 'float':
    case 'double':
      return { take, value: cast, fits: orSame(fitsFloating(to.kind)) }
    case 'date':
      return { take, value: cast, fits: closely(DATE) }
    case 'time':
      return shaped(TIME)
    case 'timestamp':
      return { take, value: cast, fits: closely(`${DATE}([ T]${TIME})?`) }
    case 'timestamp_tz': // without a zone the instant would be a guess
      return { take, value: cast, fits: closely(`${DATE}[ T]${TIME} ?${ZONE}`) }
    case 'uuid':
      return shaped('[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}')
    default:
      return shaped(INTEGER) // the integers: `loadableType` lets nothing else through
  }
}

const INTEGER = '[+-]?[0-9]+'
const DECIMAL = '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)'
const EXPONENT = '([eE][+-]?[0-9]+)?'
/** Without the year 0000, which PostgreSQL does not know and others write for no date. */
const DATE = '([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-[0-9]{2}-[0-9]{2}'
/** The engine keeps six digits of a second. */
const TIME = '[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6}0*)?)?'
const ZONE = '(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)'

/** Decimal digits that a binary number always gives back, and its least value with all of them. */
const FLOATING = {
  float: { digits: 6, least: '1.1754944e-38' },
  double: { digits: 15, least: '2.2250738585072014e-308' },
} as const

/**
 * With no more digits than the type keeps; or with just the digits that the engine prints of it,
 * the fewest that name it.
 */
function fitsFloating(kind: 'float' | 'double') {
  const { digits, least } = FLOATING[kind]
  return (text: string, value: string): string => {
    const written = significant(text)
    const printed = significant(`CAST(${value} AS VARCHAR)`)
    const kept = `length(${written}) <= ${digits} AND (abs(${value}) >= ${least} OR ${written} = '')`
    const number = `regexp_full_match(${text}, '${DECIMAL}${EXPONENT}') AND isfinite(${value})`
    const word = `lower(${text}) IN ('nan', 'inf', '+inf', '-inf', 'infinity', '-infinity')`
    return `(${word} OR (${number} AND ((${kept}) OR ${written} = ${printed})))`
  }
}

/** Without sign, point, exponent, and the zeros at both ends. */
function significant(text: string): string {
  return `rtrim(ltrim(regexp_replace(${text}, '[eE].*$|[^0-9]', '', 'g'), '0'), '0')`
}

/** Decimal point and ISO date, whatever was chosen. NULL for what is not in the chosen form. */
function normalForm(to: ColumnType, { decimal, dateFormat }: TextReading) {
  const same = (taken: string): string => taken
  switch (to.kind) {
    case 'decimal':
    case 'float':
    case 'double':
      if (decimal === '.') return same
      return (taken: string) =>
        `CASE WHEN NOT contains(${taken}, '.') THEN replace(${taken}, ',', '.') END`
    case 'date':
    case 'timestamp':
    case 'timestamp_tz': {
      if (dateFormat === 'YYYY-MM-DD') return same
      const { pattern, year, month, day } = DATE_SHAPES[dateFormat]
      const whole = `${pattern}(|[ T].*)`
      return (taken: string) => {
        const part = (group: number): string => `regexp_extract(${taken}, '^${whole}$', ${group})`
        const iso = `${part(year)} || '-' || lpad(${part(month)}, 2, '0') || '-' || lpad(${part(day)}, 2, '0') || ${part(4)}`
        return `CASE WHEN regexp_full_match(${taken}, '${whole}') THEN ${iso} END`
      }
    }
    default:
      return same
  }
}

const YEAR = '([0-9]{4})'
const PART = '([0-9]{1,2})'
const YEAR_FIRST = { year: 1, month: 2, day: 3 }
const DAY_FIRST = { year: 3, month: 2, day: 1 }

const DATE_SHAPES: Readonly<
  Record<
    Exclude<DateFormat, 'YYYY-MM-DD'>,
    {
      readonly pattern: string
      readonly year: number
      readonly month: number
      readonly day: number
    }
  >
> = {
  'YYYY/MM/DD': { pattern: `${YEAR}/${PART}/${PART}`, ...YEAR_FIRST },
  YYYYMMDD: { pattern: `${YEAR}([0-9]{2})([0-9]{2})`, ...YEAR_FIRST },
  'DD.MM.YYYY': { pattern: `${PART}[.]${PART}[.]${YEAR}`, ...DAY_FIRST },
  'DD/MM/YYYY': { pattern: `${PART}/${PART}/${YEAR}`, ...DAY_FIRST },
  'DD-MM-YYYY': { pattern: `${PART}-${PART}-${YEAR}`, ...DAY_FIRST },
  'MM/DD/YYYY': { pattern: `${PART}/${PART}/${YEAR}`, year: 3, month: 1, day: 2 },
}
