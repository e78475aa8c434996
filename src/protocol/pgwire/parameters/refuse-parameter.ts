/** Refusals of parameters. They name the type and never the value, which may be a secret. */
import { GatewayError, type ErrorKind } from '../../../base/gateway-error.ts'

export function badText(type: string, hint?: string): GatewayError {
  return refusal('invalid_text_representation', `invalid input syntax for type ${type}`, hint)
}

export function badDateTime(type: string): GatewayError {
  return refusal(
    'invalid_datetime_format',
    `invalid input syntax for type ${type}`,
    'Write it as ISO 8601: 2024-01-31, 2024-01-31 12:30:00, 2024-01-31 12:30:00+02.',
  )
}

export function badBinary(type: string): GatewayError {
  return refusal('invalid_binary_representation', `invalid binary value of type ${type}`)
}

export function outOfRange(type: string, hint?: string): GatewayError {
  return refusal('numeric_value_out_of_range', `a value is out of range for type ${type}`, hint)
}

function refusal(kind: ErrorKind, message: string, hint?: string): GatewayError {
  return new GatewayError(kind, message, hint === undefined ? {} : { hint })
}
