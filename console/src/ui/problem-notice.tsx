/** An error, and what to do about it. */
import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { problemFrom } from '../api/api-error.ts'
import type { Problem } from '../api/api-error.ts'
import { inTheConsole } from './in-the-console.ts'

interface ProblemNoticeProps {
  /** Whatever was thrown; nothing is shown for null. */
  readonly error: unknown
  readonly children?: ReactNode
}

export function ProblemNotice({ error, children }: ProblemNoticeProps) {
  if (error === null || error === undefined) return null
  const { title, detail, hint } = shownProblem(error)
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={sentence(title)}
    >
      {detail !== undefined && <Text size="sm">{sentence(detail)}</Text>}
      {hint !== undefined && <Text size="sm">{sentence(hint)}</Text>}
      {children}
    </Alert>
  )
}

/** In the words of the console. */
export function shownProblem(error: unknown): Problem {
  const problem = problemFrom(error)
  if (problem.status === 412) {
    return {
      ...problem,
      title: 'Somebody else changed this; here is the newest.',
      hint: 'Look at what is there now, then try again.',
    }
  }
  if (problem.hint === undefined) return problem
  return { ...problem, hint: inTheConsole(problem.hint) }
}

/** The gateway's texts begin in lower case, as PostgreSQL's do. */
export function sentence(text: string): string {
  const upper = text.slice(0, 1).toUpperCase() + text.slice(1)
  return /[.!?…]$/.test(upper) ? upper : `${upper}.`
}
