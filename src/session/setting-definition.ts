/**
 * What one setting is: its name as PostgreSQL spells it, its default, and which values it takes.
 *
 * A value is kept in its canonical text, the one that SHOW prints; the typed accessors of
 * `SessionSettings` read that text. Source: PostgreSQL manual, "Server Configuration".
 */
import { GatewayError } from '../base/gateway-error.ts'

export interface SettingDefinition {
  /** As SHOW heads its column and ParameterStatus names it: `DateStyle`. Looked up without case. */
  readonly name: string
  readonly default: string
  readonly description: string
  /** Told to PostgreSQL clients at start-up and after each change. */
  readonly reported: boolean
  /** Absent for what the gateway alone decides. */
  readonly parse?: SettingParser
}

/**
 * From the words of a SET, or the one text of a start-up parameter, to the canonical value.
 *
 * @param values At least one.
 * @throws GatewayError `invalid_parameter_value`, with the values that would be taken.
 */
export type SettingParser = (values: readonly string[], context: SettingContext) => string

export interface SettingContext {
  readonly name: string
  /** The canonical value now. */
  readonly current: string
  /** True for a start-up parameter: a list is one text there, still to be split. */
  readonly startup: boolean
}

export function invalidValue(name: string, value: string, hint: string): GatewayError {
  const shown = value.length > SHOWN_LENGTH_MAX ? `${value.slice(0, SHOWN_LENGTH_MAX)}…` : value
  return new GatewayError(
    'invalid_parameter_value',
    `invalid value for parameter "${name}": "${shown}"`,
    { hint },
  )
}

/** Longer values are cut in messages, in UTF-16 units. */
const SHOWN_LENGTH_MAX = 100

/** The one value of a setting that takes no list. */
export function single(values: readonly string[], name: string): string {
  const [value] = values
  if (value === undefined || values.length > 1) {
    throw new GatewayError('invalid_parameter_value', `SET ${name} takes only one argument`)
  }
  return value
}
