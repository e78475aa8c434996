/** Errors as problem documents. Source: RFC 9457. */
import type { ErrorKind, GatewayError } from '../../base/gateway-error.ts'
import { HTTP_STATUS } from './http-status.ts'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** Absent members are left out. `code` is stable; the texts are for people and may change. */
export interface Problem {
  readonly status: number
  readonly code: ErrorKind
  readonly title: string
  readonly detail?: string
  readonly hint?: string
  readonly position?: number
  /** The member of the body, the query or the headers that is to blame. */
  readonly field?: string
}

export function toProblem(error: GatewayError): Problem {
  const { kind, message, detail, hint, position, field } = error
  return {
    status: HTTP_STATUS[kind],
    code: kind,
    title: message,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(position === undefined ? {} : { position }),
    ...(field === undefined ? {} : { field }),
  }
}
