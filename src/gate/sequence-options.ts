/**
 * Reads how a sequence counts.
 *
 *   [AS bigint] [INCREMENT [BY] n] [MINVALUE n | NO MINVALUE] [MAXVALUE n | NO MAXVALUE]
 *   [START [WITH] n] [CACHE 1] [[NO] CYCLE] [OWNED BY NONE]
 *
 * in any order, each once. Source: PostgreSQL manual, CREATE SEQUENCE; init_params in sequence.c.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { SequenceOptions } from '../identity/permit.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import { notSupported } from './refusals.ts'

/** What values may be at the most and least. */
export interface Bounds {
  readonly least: bigint
  readonly most: bigint
}

export const BIGINT: Bounds = { least: -(2n ** 63n), most: 2n ** 63n - 1n }

/** As far as they are written. */
export interface WrittenOptions {
  increment?: bigint
  /** Null: NO MINVALUE. */
  minimum?: bigint | null
  maximum?: bigint | null
  start?: bigint
  cycles?: boolean
  cache?: bigint
  type?: string
  owned?: true
}

/**
 * Up to what is no option.
 * @throws GatewayError `syntax_error`, `invalid_parameter_value` as PostgreSQL; `feature_not_supported`.
 */
export function readSequenceOptions(cursor: TokenCursor): SequenceOptions {
  return checkedOptions(readOptions(cursor), BIGINT)
}

/** Not held against each other. */
export function readOptions(cursor: TokenCursor): WrittenOptions {
  const written: WrittenOptions = {}
  while (readOption(cursor, written));
  return written
}

/**
 * In the string of a call the engine reads past a quote in a quoted name, and means another sequence.
 * @throws GatewayError `feature_not_supported`.
 */
export function checkNameable(...parts: readonly string[]): void {
  if (!parts.some((part) => part.includes('"'))) return
  throw notSupported('a sequence with a double quote in its name, or in that of its place')
}

/** In the order that the engine needs: what comes later leaves alone what comes before. */
export function sequenceOptionsText(options: SequenceOptions): string {
  const { start, increment, minimum, maximum, cycles } = options
  const cycle = cycles ? 'CYCLE' : 'NO CYCLE'
  return `INCREMENT BY ${increment} MINVALUE ${minimum} MAXVALUE ${maximum} START WITH ${start} ${cycle}`
}

function readOption(cursor: TokenCursor, written: WrittenOptions): boolean {
  const put = <Name extends keyof WrittenOptions>(
    name: Name,
    value: NonNullable<WrittenOptions[Name]> | null,
  ) => {
    if (name in written) throw new GatewayError('syntax_error', 'conflicting or redundant options')
    Object.assign(written, { [name]: value })
    return true
  }
  if (cursor.accept('increment')) {
    cursor.accept('by')
    return put('increment', readWholeNumber(cursor))
  }
  if (cursor.accept('start')) {
    cursor.accept('with')
    return put('start', readWholeNumber(cursor))
  }
  if (cursor.accept('minvalue')) return put('minimum', readWholeNumber(cursor))
  if (cursor.accept('maxvalue')) return put('maximum', readWholeNumber(cursor))
  if (cursor.accept('no', 'minvalue')) return put('minimum', null)
  if (cursor.accept('no', 'maxvalue')) return put('maximum', null)
  if (cursor.accept('cycle')) return put('cycles', true)
  if (cursor.accept('no', 'cycle')) return put('cycles', false)
  if (cursor.accept('cache')) return put('cache', readCache(cursor))
  if (cursor.accept('as')) return put('type', readType(cursor))
  if (cursor.accept('owned', 'by')) {
    if (!cursor.accept('none')) throw notSupported('OWNED BY a column', 'Write an identity column.')
    return put('owned', true)
  }
  const other = ['restart', 'sequence', 'logged', 'unlogged'].find((word) => cursor.sees(word))
  if (other !== undefined) throw notSupported(`${other.toUpperCase()} of a sequence`)
  return false
}

export function readWholeNumber(cursor: TokenCursor): bigint {
  const negative = cursor.acceptSymbol('-')
  if (!negative) cursor.acceptSymbol('+')
  const token = cursor.peek()
  if (token?.kind !== 'number' || !/^[0-9]{1,19}$/.test(token.value)) throw cursor.syntaxError()
  const magnitude = BigInt(cursor.next().value)
  const value = negative ? -magnitude : magnitude
  if (value >= BIGINT.least && value <= BIGINT.most) return value
  throw new GatewayError(
    'numeric_value_out_of_range',
    `value "${value}" is out of range for type bigint`,
  )
}

function readCache(cursor: TokenCursor): bigint {
  const cache = readWholeNumber(cursor)
  if (cache < 1n) throw invalid(`CACHE (${cache}) must be greater than zero`)
  if (cache > 1n) throw notSupported('CACHE of more than 1', 'Values are drawn one by one.')
  return cache
}

function readType(cursor: TokenCursor): string {
  const type = cursor.identifier()
  if (type === 'bigint' || type === 'int8') return type
  throw notSupported(`a sequence AS ${type}`, 'Sequences are of type bigint: write MAXVALUE.')
}

/** @throws GatewayError `invalid_parameter_value` as PostgreSQL, `feature_not_supported`. */
export function checkedOptions(written: WrittenOptions, { least, most }: Bounds): SequenceOptions {
  const { increment = 1n, cycles = false } = written
  if (increment === 0n) throw invalid('INCREMENT must not be zero')
  const up = increment > 0n
  const minimum = written.minimum ?? (up ? 1n : least)
  const maximum = written.maximum ?? (up ? most : -1n)
  if (minimum < least) throw invalid(`MINVALUE (${minimum}) is out of range`)
  if (maximum > most) throw invalid(`MAXVALUE (${maximum}) is out of range`)
  if (minimum >= maximum) {
    throw invalid(`MINVALUE (${minimum}) must be less than MAXVALUE (${maximum})`)
  }
  const start = written.start ?? (up ? minimum : maximum)
  if (start < minimum) {
    throw invalid(`START value (${start}) cannot be less than MINVALUE (${minimum})`)
  }
  if (start > maximum) {
    throw invalid(`START value (${start}) cannot be greater than MAXVALUE (${maximum})`)
  }
  if (!cycles && comesRound({ increment, minimum, maximum })) {
    throw notSupported(
      'a sequence that could count beyond 64 bits and begin again',
      'Choose a MAXVALUE, or of a descending one a MINVALUE, that leaves room for INCREMENT.',
    )
  }
  const [first, by, low, high] = [start, increment, minimum, maximum].map(String)
  return {
    start: first ?? '',
    increment: by ?? '',
    minimum: low ?? '',
    maximum: high ?? '',
    cycles,
  }
}

/** Draws that fail: more than anybody makes. */
const DRAWS_MAX = 2n ** 32n

/**
 * The engine goes on counting when it has said that the end is reached. Past the last number of 64
 * bits it is at their other end, and counts from there to values that it would give.
 */
function comesRound(of: {
  readonly increment: bigint
  readonly minimum: bigint
  readonly maximum: bigint
}): boolean {
  const { increment, minimum, maximum } = of
  const step = increment < 0n ? -increment : increment
  const room = increment > 0n ? BIGINT.most - maximum : minimum - BIGINT.least
  const way = increment > 0n ? minimum - BIGINT.least : BIGINT.most - maximum
  return (room + way) / step < DRAWS_MAX
}

function invalid(message: string): GatewayError {
  return new GatewayError('invalid_parameter_value', message)
}
