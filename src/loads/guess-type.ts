/**
 * The type of a CSV column, from some of its values: the narrowest that keeps each of them exactly
 * and has room for more of their kind. A guess is only offered; the load itself checks every value.
 */

/** Decimal digits of the engine's widest number. */
const DIGITS_MAX = 38

const INTEGER = /^(?:0|-?[1-9]\d*)$/
const DECIMAL = /^-?(0|[1-9]\d*)\.(\d+)$/
const FLOATING = /^-?(?:0|[1-9]\d*)(?:\.\d+)?[eE][+-]?\d+$/
const DATE = /^\d{4}-\d{2}-\d{2}$/
const TIME = /^\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?$/
const TIMESTAMP =
  /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}(?::?\d{2})?)?$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const BOOLEAN = /^(?:true|false)$/i

type Kind =
  | 'boolean'
  | 'integer'
  | 'decimal'
  | 'floating'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamp_tz'
  | 'uuid'
  | 'text'

export class TypeGuess {
  readonly #decimalPoint: string
  #kind: Kind | undefined
  /** Digits before and behind the point, at most. */
  #whole = 0
  #fraction = 0
  /** Every number so far is kept by a DOUBLE. */
  #double = true

  constructor(decimalPoint: '.' | ',' = '.') {
    this.#decimalPoint = decimalPoint
  }

  /** @param text Undefined, or nothing but blanks: no value, which says nothing. */
  see(text: string | undefined): void {
    const value = text?.trim() ?? ''
    if (value === '' || this.#kind === 'text') return
    const kind = this.#kindOf(value)
    this.#kind = this.#kind === undefined ? kind : together(this.#kind, kind)
  }

  /** True when values were seen that are no plain text. */
  get isSpecific(): boolean {
    return this.#kind !== undefined && this.#kind !== 'text'
  }

  get typeName(): string {
    switch (this.#kind) {
      case 'boolean':
        return 'BOOLEAN'
      case 'integer':
      case 'decimal':
      case 'floating':
        return this.#number(this.#kind)
      case 'date':
        return 'DATE'
      case 'time':
        return 'TIME'
      case 'timestamp':
        return 'TIMESTAMP'
      case 'timestamp_tz':
        return 'TIMESTAMP WITH TIME ZONE'
      case 'uuid':
        return 'UUID'
      case 'text':
      case undefined:
        return 'VARCHAR'
    }
  }

  #number(kind: 'integer' | 'decimal' | 'floating'): string {
    if (kind === 'integer') {
      // 18 digits always fit; of 19 some do not, and the next row may hold one of those
      if (this.#whole <= 18) return 'BIGINT'
      return this.#whole <= DIGITS_MAX ? 'HUGEINT' : 'VARCHAR'
    }
    if (this.#double) return 'DOUBLE'
    const fits = kind === 'decimal' && this.#whole + this.#fraction <= DIGITS_MAX
    return fits ? `DECIMAL(${DIGITS_MAX},${this.#fraction})` : 'VARCHAR'
  }

  #kindOf(value: string): Kind {
    const number = this.#decimalPoint === ',' ? value.replace(',', '.') : value
    if (INTEGER.test(value))
      return this.#sawNumber(value, value.replace('-', '').length, 0, 'integer')
    const decimal = value.includes('.') && this.#decimalPoint === ',' ? null : DECIMAL.exec(number)
    if (decimal) {
      const [, whole = '', fraction = ''] = decimal
      return this.#sawNumber(number, whole.length, fraction.length, 'decimal')
    }
    if (FLOATING.test(number)) return this.#sawNumber(number, 0, 0, 'floating')
    if (BOOLEAN.test(value)) return 'boolean'
    if (DATE.test(value)) return isDate(value) ? 'date' : 'text'
    if (TIME.test(value)) return 'time'
    if (UUID.test(value)) return 'uuid'
    const instant = TIMESTAMP.exec(value)
    if (!instant || !isDate(instant[1] ?? '')) return 'text'
    return instant[3] === undefined ? 'timestamp' : 'timestamp_tz'
  }

  #sawNumber(text: string, whole: number, fraction: number, kind: Kind): Kind {
    this.#whole = Math.max(this.#whole, whole)
    this.#fraction = Math.max(this.#fraction, fraction)
    this.#double &&= keptByDouble(text)
    return kind
  }
}

/** What holds values of both kinds. */
function together(one: Kind, other: Kind): Kind {
  if (one === other) return one
  const numbers: readonly Kind[] = ['integer', 'decimal', 'floating']
  if (numbers.includes(one) && numbers.includes(other)) {
    return one === 'floating' || other === 'floating' ? 'floating' : 'decimal'
  }
  const instants: readonly Kind[] = ['date', 'timestamp']
  if (instants.includes(one) && instants.includes(other)) return 'timestamp'
  return 'text'
}

/** At most 15 digits, or exactly those that name the number. */
function keptByDouble(text: string): boolean {
  const digits = significant(text)
  const number = Number(text)
  if (!Number.isFinite(number) || (number === 0 && digits !== '')) return false
  return digits.length <= 15 || digits === significant(String(number))
}

function significant(text: string): string {
  return text.replace(/e.*$/i, '').replaceAll(/\D/g, '').replace(/^0+/, '').replace(/0+$/, '')
}

function isDate(text: string): boolean {
  const instant = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text)
}
