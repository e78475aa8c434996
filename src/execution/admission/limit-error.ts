/** The refusal of what exceeds a limit: it tells whose limit, its name and its value. */
import { COUNT_LIMIT_NAMES } from '../../identity/client-limits.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { ErrorDetails, ErrorKind } from '../../base/gateway-error.ts'

export interface ExceededLimit {
  /** As the API and the command line name it: `rowsPerStatement`. */
  readonly name: LimitName
  readonly value: number | string
  /** `client "bi"`, `pool "reports"`. */
  readonly holder: string
}

/** Every limit that can refuse something: a label of the metrics. */
export const LIMIT_NAMES = [
  'queueWaitSeconds',
  'runSeconds',
  'hours',
  ...COUNT_LIMIT_NAMES,
] as const

export type LimitName = (typeof LIMIT_NAMES)[number]

export class LimitError extends GatewayError {
  readonly limit: LimitName

  constructor(kind: ErrorKind, limit: ExceededLimit, what: string, details: ErrorDetails = {}) {
    const { name, value, holder } = limit
    super(kind, `${what}: limit ${name} = ${value} of ${holder}`, details)
    this.limit = name
  }
}
