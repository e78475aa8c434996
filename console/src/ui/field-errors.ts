/** What the gateway said about one field of a form. */
import { ApiError } from '../api/api-error.ts'
import { sentence, shownProblem } from './problem-notice.tsx'

/**
 * The text for the field `name`, or undefined when the error is about something else.
 *
 * @param hints In place of the gateway's, by the code of the error: what to do in this very form.
 */
export function fieldError(
  error: unknown,
  name: string,
  hints: Readonly<Record<string, string>> = {},
): string | undefined {
  if (!(error instanceof ApiError) || error.problem.field !== name) return undefined
  return problemText(error, hints[error.problem.code])
}

/** Where the user is known, so that the name cannot be wrong. */
export const WRONG_PASSWORD = 'The password is wrong. Type the one that you sign in with.'

/** In one line, for below a field. */
export function problemText(error: unknown, ownHint?: string): string {
  const problem = shownProblem(error)
  const hint = ownHint ?? problem.hint
  return [problem.title, ...(hint === undefined ? [] : [hint])].map(sentence).join(' ')
}

/** The error, unless it already stands at one of these fields. */
export function otherError(error: unknown, fields: readonly string[]): unknown {
  const { field } = error instanceof ApiError ? error.problem : {}
  return field !== undefined && fields.includes(field) ? null : error
}
