/** From an error of the gateway to the fields of an ErrorResponse. */
import type { GatewayError } from '../../base/gateway-error.ts'
import type { ResponseFields } from './codec/error-response.ts'
import { SQL_STATE } from './sql-state.ts'

/** Positions are passed on as they are: ours count characters, and so does the protocol. */
export function responseFields(error: GatewayError, severity: 'ERROR' | 'FATAL'): ResponseFields {
  const { message, detail, hint, position, context } = error
  return { severity, code: SQL_STATE[error.kind], message, detail, hint, position, context }
}
