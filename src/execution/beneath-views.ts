/**
 * Errors about values, where a view or a foreign table is read.
 *
 * The engine quotes the value that it could not convert. Beneath a view that may be one that the
 * view does not show, so the client is told what went wrong and not with which value.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { ErrorKind } from '../base/gateway-error.ts'
import { errorOfFile } from './foreign-places.ts'
import type { Permit } from '../identity/permit.ts'

const WHAT: Partial<Record<ErrorKind, string>> = {
  invalid_text_representation: 'a value cannot be converted to the type that is needed',
  invalid_binary_representation: 'a value cannot be converted to the type that is needed',
  invalid_datetime_format: 'a value is no date or time of the form that is needed',
  datetime_field_overflow: 'a date or time is out of range',
  numeric_value_out_of_range: 'a number is out of range',
  string_data_right_truncation: 'a text is too long',
  character_not_in_repertoire: 'a text cannot be written in the encoding that is needed',
  invalid_parameter_value: 'a function was given a value that it does not take',
  data_exception: 'a value does not fit',
}

/** The error as the client may see it; any other thing that was thrown as it is. */
export function withoutHiddenValues(thrown: unknown, permit: Permit): unknown {
  if (!(thrown instanceof GatewayError)) return thrown
  const ofFile = errorOfFile(thrown, permit)
  if (ofFile) return ofFile
  const { requires } = permit
  const what = WHAT[thrown.kind]
  // nothing is read with the rights of owners of functions
  const hides = requires.some(({ holder, permission }) => holder && permission === 'SELECT')
  if (what === undefined || !hides) return thrown
  return new GatewayError(thrown.kind, what, {
    hint: 'The value is not shown, because a view or a foreign table is read: it may be one that is hidden.',
    cause: thrown,
  })
}
