/** What the gateway refused, and why, as it is shown to people. Source: RFC 9457. */

/** As the gateway tells it, and what the console itself has to tell. */
export interface Problem {
  readonly status: number
  /** Stable; the texts are for people and may change. */
  readonly code: string
  readonly title: string
  readonly detail?: string
  /** What to do next. */
  readonly hint?: string
  /** The member of the request's body that is to blame. */
  readonly field?: string
}

export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.title)
    this.problem = problem
  }

  get isConflict(): boolean {
    return this.problem.status === 412
  }
}

/** The problem that an answer tells of; one is made up where a proxy in between answered. */
export async function problemOf(answer: Response): Promise<Problem> {
  const text = await answer.text().catch(() => '')
  try {
    const found = JSON.parse(text) as Partial<Problem>
    if (typeof found.title === 'string' && typeof found.code === 'string') {
      return { ...found, status: answer.status } as Problem
    }
  } catch {
    // not a problem document: said below
  }
  return {
    status: answer.status,
    code: 'internal',
    title: `The gateway answered ${answer.status}.`,
    hint: 'Try again; if it stays so, look into the log of the gateway.',
  }
}

export function problemFrom(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  return {
    status: 0,
    code: 'internal',
    title: 'Something went wrong in this page.',
    detail: error instanceof Error ? error.message : String(error),
    hint: 'Reload the page and try again.',
  }
}

/** Of whoever is signed in: the gateway tells nobody whether the name or the password is wrong. */
export function isWrongPassword(error: unknown): boolean {
  return error instanceof ApiError && error.problem.code === 'invalid_password'
}

export const UNREACHABLE: Problem = {
  status: 0,
  code: 'unreachable',
  title: 'The gateway cannot be reached.',
  hint: 'Check that it runs and that your network reaches it, then try again.',
}
