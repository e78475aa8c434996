/** Parameters in text format. */
import type { ParameterValue } from '../../../columnar/parameter-value.ts'
import { arrayLiteral, type ArrayItem } from './array-literal.ts'
import { byteaFromText } from './bytea-text.ts'
import { dateText, timestampText, timestampTzText, timeText, timeTzText } from './date-time-text.ts'
import { intervalText } from './interval-text.ts'
import { listText, type ListItems } from './list-text.ts'
import { numericText } from './numeric-text.ts'
import { elementOid, scalarType, type Form } from './parameter-type.ts'
import { badText, outOfRange } from './refuse-parameter.ts'

/** @param zone Of times that have none, where one is needed: an IANA name; empty leaves it to the engine. */
export function decodeText(oid: number, text: string, zone = ''): ParameterValue {
  const scalar = scalarType(oid)
  if (scalar !== undefined) return scalarFromText(scalar.form, text, zone)
  const element = elementOid(oid)
  if (element === undefined) return { kind: 'text', value: text }
  const form = scalarType(element)?.form ?? 'text'
  return { kind: 'text', value: listText(itemsOf(arrayLiteral(text), form, zone), form) }
}

function itemsOf(items: readonly ArrayItem[], form: Form, zone: string): ListItems {
  return items.map((item) => {
    if (item === null) return { kind: 'null' }
    if (typeof item === 'string') return scalarFromText(form, item, zone)
    return itemsOf(item, form, zone)
  })
}

/** Longer texts of numbers, dates and the like are refused before any pattern is tried on them. */
const SHORT_TEXT_MAX = 1000
const LONG_FORMS: ReadonlySet<Form> = new Set<Form>(['text', 'json', 'jsonb', 'bytea', 'bit'])

function scalarFromText(form: Form, text: string, zone: string): ParameterValue {
  if (text.length > SHORT_TEXT_MAX && !LONG_FORMS.has(form)) throw badText(form)
  switch (form) {
    case 'boolean':
      return { kind: 'boolean', value: booleanFromText(text) }
    case 'int2':
      return { kind: 'bigint', value: integerFromText('smallint', text, -0x8000n, 0x7fffn) }
    case 'int4':
      return {
        kind: 'bigint',
        value: integerFromText('integer', text, -(2n ** 31n), 2n ** 31n - 1n),
      }
    case 'int8':
      return {
        kind: 'bigint',
        value: integerFromText('bigint', text, -(2n ** 63n), 2n ** 63n - 1n),
      }
    case 'oid':
      return { kind: 'bigint', value: integerFromText('oid', text, 0n, 2n ** 32n - 1n) }
    case 'float4':
      // The engine reads the text once; by way of a double it could be rounded twice.
      floatFromText('real', text)
      return { kind: 'text', value: text.trim() }
    case 'float8':
      return { kind: 'double', value: floatFromText('double precision', text) }
    case 'numeric':
      return { kind: 'text', value: numericText(text) }
    case 'bytea':
      return { kind: 'blob', value: byteaFromText(text) }
    case 'date':
      return { kind: 'text', value: dateText(text) }
    case 'time':
      return { kind: 'text', value: timeText(text) }
    case 'timetz':
      return { kind: 'text', value: timeTzText(text) }
    case 'timestamp':
      return { kind: 'text', value: timestampText(text) }
    case 'timestamptz':
      return { kind: 'text', value: timestampTzText(text, zone) }
    case 'interval':
      return { kind: 'text', value: intervalText(text) }
    case 'bit':
      if (!/^[01]+$/.test(text)) throw badText('bit', 'The engine has no bit string of length 0.')
      return { kind: 'text', value: text }
    case 'text':
    case 'json':
    case 'jsonb':
    case 'uuid':
      return { kind: 'text', value: text }
  }
}

/** Any beginning of a word that only one of them has. Source: PostgreSQL, bool.c. */
const BOOLEAN_WORD = /^(?:(t|tr|tru|true|y|ye|yes|on|1)|(f|fa|fal|fals|false|n|no|of|off|0))$/i

function booleanFromText(text: string): boolean {
  const match = BOOLEAN_WORD.exec(text.trim())
  if (match === null) throw badText('boolean', 'Send true or false.')
  return match[1] !== undefined
}

function integerFromText(type: string, text: string, min: bigint, max: bigint): bigint {
  // more digits than any integer type has would only cost time
  const match = /^\s*([+-]?)0*(\d{1,20})\s*$/.exec(text)
  if (match === null) {
    if (/^\s*[+-]?\d+\s*$/.test(text)) throw outOfRange(type)
    throw badText(type)
  }
  const magnitude = BigInt(match[2] ?? '0')
  const value = match[1] === '-' ? -magnitude : magnitude
  if (value < min || value > max) throw outOfRange(type)
  return value
}

const FLOAT = /^\s*(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|([+-]?inf(?:inity)?))\s*$/i

function floatFromText(type: string, text: string): number {
  const match = FLOAT.exec(text)
  if (match === null) throw badText(type)
  if (match[1] !== undefined) return match[1].startsWith('-') ? -Infinity : Infinity
  const value = Number(text)
  const rounded = type === 'real' ? Math.fround(value) : value
  if (Math.abs(rounded) === Infinity) throw outOfRange(type)
  return value
}
