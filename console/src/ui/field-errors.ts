/** What the gateway said about one field of a form. */
import { ApiError } from '../api/api-error.ts'
import { sentence, shownProblem } from './problem-notice.tsx'

/** The text for the field `name`, or undefined when the error is about something else. */
export function fieldError(error: unknown, name: string): string | undefined {
  if (!(error instanceof ApiError) || error.problem.field !== name) return undefined
  return problemText(error)
}

/** In one line, for below a field. */
export function problemText(error: unknown): string {
  const { title, hint } = shownProblem(error)
  return hint === undefined ? sentence(title) : `${sentence(title)} ${sentence(hint)}`
}

/** The error, unless it already stands at one of these fields. */
export function otherError(error: unknown, fields: readonly string[]): unknown {
  const { field } = error instanceof ApiError ? error.problem : {}
  return field !== undefined && fields.includes(field) ? null : error
}
