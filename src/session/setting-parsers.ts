/** The plain kinds of setting values: booleans, choices, whole numbers, durations, free text. */
import { invalidValue, single } from './setting-definition.ts'
import type { SettingParser } from './setting-definition.ts'

const TRUE_WORDS = ['on', 'true', 'yes', '1']
const FALSE_WORDS = ['off', 'false', 'no', '0']

/** PostgreSQL takes every unambiguous beginning of a word: `t`, `fal`, `of`; `o` could be two. */
function parseBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase()
  if (word === '' || word === 'o') return undefined
  if (TRUE_WORDS.some((one) => one.startsWith(word))) return true
  if (FALSE_WORDS.some((one) => one.startsWith(word))) return false
  return undefined
}

export const booleanSetting: SettingParser = (values, { name }) => {
  const value = single(values, name)
  const parsed = parseBoolean(value)
  if (parsed === undefined) throw invalidValue(name, value, 'Use on or off.')
  return parsed ? 'on' : 'off'
}

/** A boolean that has one value here; setting that value is no mistake. */
export function onlyBoolean(fixed: 'on' | 'off', why: string): SettingParser {
  return (values, context) => {
    if (booleanSetting(values, context) === fixed) return fixed
    throw invalidValue(context.name, single(values, context.name), why)
  }
}

/** One of some words, whatever their case. */
export function choiceSetting(...choices: readonly string[]): SettingParser {
  return (values, { name }) => {
    const value = single(values, name)
    const chosen = choices.find((choice) => choice === value.trim().toLowerCase())
    if (chosen === undefined) {
      throw invalidValue(name, value, `Available values: ${choices.join(', ')}.`)
    }
    return chosen
  }
}

export function integerSetting(min: number, max: number): SettingParser {
  return (values, { name }) => {
    const value = single(values, name)
    const number = /^\s*[+-]?\d{1,15}\s*$/.test(value) ? Number(value) : NaN
    if (!(number >= min && number <= max)) {
      throw invalidValue(name, value, `Use a whole number from ${min} to ${max}.`)
    }
    return String(number)
  }
}

/** PostgreSQL's identifier length: NAMEDATALEN - 1. */
const APPLICATION_NAME_LENGTH_MAX = 63

/** Printable ASCII, the rest as `?`, cut to 63, as PostgreSQL 15 does. */
export const applicationNameSetting: SettingParser = (values, { name }) =>
  single(values, name)
    .replaceAll(/[^\x20-\x7e]/gu, '?')
    .slice(0, APPLICATION_NAME_LENGTH_MAX)

/** USE looks whether there is such a database, and SET does not: it would not be found out until later. */
export const databaseSetting: SettingParser = (values, { name, current, startup }) => {
  const value = single(values, name)
  if (value === current && !startup) return value
  throw invalidValue(name, value, 'Go to another database with: USE DATABASE name.')
}

/** The name of a pool, whatever its case; empty: the default one. */
export const poolSetting: SettingParser = (values, { name }) => {
  const value = single(values, name)
  if (/^[A-Za-z0-9_]{0,63}$/.test(value)) return value.toLowerCase()
  throw invalidValue(name, value, 'List the pools with: DESCRIBE POOLS.')
}

const MS_PER_UNIT = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** The largest value of an integer setting in PostgreSQL. */
const DURATION_MS_MAX = 2_147_483_647

/** Milliseconds where no unit is said; shown with the largest unit that divides it. */
export const durationSetting: SettingParser = (values, { name }) => {
  const value = single(values, name)
  const match = /^\s*\+?(?<number>\d{1,15}(?:\.\d{1,9})?)\s*(?<unit>us|ms|s|min|h|d)?\s*$/.exec(
    value,
  )
  const unit = (match?.groups?.['unit'] ?? 'ms') as keyof typeof MS_PER_UNIT
  const ms = Math.round(Number(match?.groups?.['number']) * MS_PER_UNIT[unit])
  if (!(ms <= DURATION_MS_MAX)) {
    throw invalidValue(
      name,
      value,
      'Use milliseconds from 0 (none) to 2147483647, or a unit: us, ms, s, min, h, d.',
    )
  }
  return showDuration(ms)
}

function showDuration(ms: number): string {
  if (ms === 0) return '0'
  for (const unit of ['d', 'h', 'min', 's'] as const) {
    if (ms % MS_PER_UNIT[unit] === 0) return `${ms / MS_PER_UNIT[unit]}${unit}`
  }
  return `${ms}ms`
}

/** The milliseconds of a text that `showDuration` made. */
export function durationMs(shown: string): number {
  const [, number, unit] = /^(\d+)(\w*)$/.exec(shown) ?? []
  return Number(number) * MS_PER_UNIT[(unit || 'ms') as keyof typeof MS_PER_UNIT]
}
