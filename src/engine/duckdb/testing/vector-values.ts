/**
 * For tests: a decoded column as plain values, written down independently of the encoders.
 *
 * Leaves become the text that the engine's own cast to VARCHAR gives; lists become arrays, structs,
 * maps and unions become objects. Compare with `to_json` of the column, its leaves cast to VARCHAR.
 */
import { isNull } from '../../../columnar/column-batch.ts'
import type { ColumnVector, FixedValues } from '../../../columnar/column-batch.ts'

export type PlainValue = string | null | PlainValue[] | { [name: string]: PlainValue }

export function valueAt(vector: ColumnVector, row: number): PlainValue {
  if (isNull(vector, row)) return null
  const { type, children } = vector
  const child = (index: number): ColumnVector => {
    const found = children[index]
    if (found === undefined) throw new Error(`no child ${index} of ${type.kind}`)
    return found
  }
  switch (type.kind) {
    case 'list':
      return elements(vector, row).map((index) => valueAt(child(0), index))
    case 'array':
      return Array.from({ length: type.length }, (_, index) =>
        valueAt(child(0), row * type.length + index),
      )
    case 'map':
      return Object.fromEntries(
        elements(vector, row).map((index) => {
          const [key, value] = child(0).children
          if (key === undefined || value === undefined) throw new Error('a map without entries')
          return [leafText(key, index), valueAt(value, index)]
        }),
      )
    case 'struct':
      return Object.fromEntries(
        type.fields.map((field, index) => [field.name, valueAt(child(index), row)]),
      )
    case 'union': {
      const tag = Number(valueAt(child(0), row))
      return { [type.members[tag]?.name ?? '?']: valueAt(child(tag + 1), row) }
    }
    default:
      return leafText(vector, row)
  }
}

function elements(vector: ColumnVector, row: number): number[] {
  const start = Number(vector.values?.[row * 2])
  const length = Number(vector.values?.[row * 2 + 1])
  return Array.from({ length }, (_, index) => start + index)
}

function leafText(vector: ColumnVector, row: number): string {
  const { type, values, offsets, bytes } = vector
  if (offsets !== undefined && bytes !== undefined) {
    const value = bytes.subarray(offsets[row], offsets[row + 1])
    return type.kind === 'blob' ? blobText(value) : Buffer.from(value).toString('utf8')
  }
  if (values === undefined) throw new Error(`no values of ${type.kind}`)
  const one = values[row] ?? 0
  switch (type.kind) {
    case 'boolean':
      return one === 1 ? 'true' : 'false'
    case 'decimal': {
      const wide = type.precision > 18 ? words(values, row, true) : BigInt(one)
      return decimalText(wide, type.precision, type.scale)
    }
    case 'hugeint':
      return words(values, row, true).toString()
    case 'uhugeint':
      return words(values, row, false).toString()
    case 'uuid':
      return uuidText(words(values, row, false) ^ (1n << 127n))
    case 'enum':
      return type.labels[Number(one)] ?? '?'
    case 'float':
    case 'double':
      return doubleText(Number(one))
    case 'date':
      return dateText(BigInt(one))
    case 'time':
      return timeText(BigInt(one), 6)
    case 'time_ns':
      return timeText(BigInt(one), 9)
    case 'time_tz':
      return timeZoneText(BigInt(one))
    case 'timestamp':
      return timestampText(BigInt(one), 6)
    case 'timestamp_tz': {
      const text = timestampText(BigInt(one), 6)
      return text.endsWith('infinity') ? text : `${text}+00`
    }
    case 'timestamp_s':
      return timestampText(BigInt(one), 0)
    case 'timestamp_ms':
      return timestampText(BigInt(one), 3)
    case 'timestamp_ns':
      return timestampText(BigInt(one), 9)
    case 'interval':
      return intervalText(values, row)
    default:
      return one.toString()
  }
}

function words(values: FixedValues, row: number, signed: boolean): bigint {
  const all = (BigInt(values[row * 2 + 1] ?? 0) << 64n) | BigInt(values[row * 2] ?? 0)
  return signed ? BigInt.asIntN(128, all) : all
}

function decimalText(value: bigint, precision: number, scale: number): string {
  if (scale === 0) return value.toString()
  const digits = (value < 0n ? -value : value)
    .toString()
    .padStart(precision > scale ? scale + 1 : scale, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

function uuidText(value: bigint): string {
  const hex = value.toString(16).padStart(32, '0')
  return [0, 8, 12, 16, 20].map((at, index) => hex.slice(at, [8, 12, 16, 20, 32][index])).join('-')
}

/** As JavaScript writes it: the engine's text of the same number is compared by value. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  return Object.is(value, -0) ? '-0' : String(value)
}

function blobText(value: Uint8Array): string {
  return [...value]
    .map((byte) =>
      byte >= 32 && byte < 127 && byte !== 0x22 && byte !== 0x27 && byte !== 0x5c
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')
}

const DATE_INFINITY = 2n ** 31n - 1n
const DAYS_OF_400_YEARS = 146097n

/** Civil date of a day number: years of 400, from 1 March of the year 0. */
function dateText(days: bigint): string {
  if (days === DATE_INFINITY) return 'infinity'
  if (days === -DATE_INFINITY) return '-infinity'
  const shifted = days + 719468n
  const era =
    (shifted - (((shifted % DAYS_OF_400_YEARS) + DAYS_OF_400_YEARS) % DAYS_OF_400_YEARS)) /
    DAYS_OF_400_YEARS
  const dayOfEra = shifted - era * DAYS_OF_400_YEARS
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36524n - dayOfEra / 146096n) / 365n
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n)
  const monthShifted = (5n * dayOfYear + 2n) / 153n
  const day = dayOfYear - (153n * monthShifted + 2n) / 5n + 1n
  const month = monthShifted < 10n ? monthShifted + 3n : monthShifted - 9n
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n)
  const shown = `${String(year > 0n ? year : 1n - year).padStart(4, '0')}-${two(month)}-${two(day)}`
  return year > 0n ? shown : `${shown} (BC)`
}

const two = (value: bigint): string => value.toString().padStart(2, '0')

function timeText(value: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits)
  const seconds = value / unit
  const fraction = (value % unit).toString().padStart(digits, '0')
  const shown = digits === 0 || value % unit === 0n ? '' : `.${fraction.replace(/0+$/, '')}`
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${shown}`
}

function timeZoneText(value: bigint): string {
  const offset = 57599 - Number(value & 0xffffffn)
  const absolute = BigInt(Math.abs(offset))
  const parts = [absolute / 3600n, (absolute / 60n) % 60n, absolute % 60n]
  while (parts.length > 1 && parts.at(-1) === 0n) parts.pop()
  return `${timeText(value >> 24n, 6)}${offset < 0 ? '-' : '+'}${parts.map(two).join(':')}`
}

const INFINITY = 2n ** 63n - 1n

function timestampText(value: bigint, digits: number): string {
  if (value === INFINITY) return 'infinity'
  if (value === -INFINITY) return '-infinity'
  const day = 86400n * 10n ** BigInt(digits)
  const rest = ((value % day) + day) % day
  return `${dateText((value - rest) / day)} ${timeText(rest, digits)}`
}

function intervalText(values: FixedValues, row: number): string {
  const [months = 0, days = 0, low = 0, high = 0] = [0, 1, 2, 3].map((part) =>
    Number(values[row * 4 + part]),
  )
  const micros = (BigInt(high) << 32n) | BigInt(low >>> 0)
  const parts: string[] = []
  const add = (count: number, unit: string): void => {
    if (count !== 0) parts.push(`${count} ${unit}${Math.abs(count) === 1 ? '' : 's'}`)
  }
  add(Math.trunc(months / 12), 'year')
  add(months % 12, 'month')
  add(days, 'day')
  if (micros !== 0n)
    parts.push(`${micros < 0n ? '-' : ''}${timeText(micros < 0n ? -micros : micros, 6)}`)
  return parts.length === 0 ? '00:00:00' : parts.join(' ')
}
