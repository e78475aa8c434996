/** Clauses that AUDITLOG and the DESCRIBE family share. Source: BLUE SQL; features, A2. */
import { GatewayError } from '../base/gateway-error.ts'

const INITIATORS = ['External', 'CLI', 'Jobs', 'Blue_UI_User', 'Blue_UI_System', 'Statistics']

/** People and their tools; what the system does by itself has to be asked for. */
const INITIATORS_BY_DEFAULT = ['Blue_UI_User', 'CLI', 'External']

/** Digits, with an optional time of day, fraction and offset. */
const TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/

/** ISO 8601. @throws GatewayError `invalid_datetime_format`. */
export function timeOfClause(clause: 'FROM' | 'TO', text: string): string {
  const [, day, time = '00:00', offset = 'Z'] = TIME.exec(text) ?? []
  const parsed = Date.parse(`${day}T${time}${offset}`)
  if (!Number.isNaN(parsed)) return new Date(parsed).toISOString()
  throw new GatewayError(
    'invalid_datetime_format',
    `TIMEFRAME ${clause}: '${text}' is not a time`,
    {
      hint: `Write for example '2026-01-31' or '2026-01-31 12:00:00'; without an offset it is UTC.`,
    },
  )
}

/** @returns undefined for everybody. @throws GatewayError `invalid_parameter_value`. */
export function initiatorsOf(asked: readonly string[] | undefined): string[] | undefined {
  if (asked === undefined) return INITIATORS_BY_DEFAULT
  if (asked.some((name) => name.toLowerCase() === 'all')) return undefined
  return asked.map((name) => {
    const known = INITIATORS.find((each) => each.toLowerCase() === name.toLowerCase())
    if (known !== undefined) return known
    throw new GatewayError('invalid_parameter_value', `INITIATED BY: '${name}' is nobody`, {
      hint: `It may be ${INITIATORS.join(', ')} or ALL.`,
    })
  })
}
