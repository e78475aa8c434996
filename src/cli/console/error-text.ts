/** A refusal as people read it: its text, and the place under the line of the statement. */
import { printable } from '../printable.ts'
import type { ServerMessage } from './server-messages.ts'

/** So much of a long line is shown on each side of the place. */
const AROUND = 60

export function errorText(error: ServerMessage, statement: string): string {
  return [
    `error: ${printable(error.message)} (${printable(error.code)})`,
    ...(error.position === undefined ? [] : placeLines(statement, error.position)),
    ...(error.detail === undefined ? [] : [printable(error.detail)]),
    ...(error.hint === undefined ? [] : [`hint: ${printable(error.hint)}`]),
    '',
  ].join('\n')
}

/** @param position From 1, in characters, as PostgreSQL counts them: not in UTF-16 units. */
function placeLines(statement: string, position: number): string[] {
  const before = Array.from(statement)
    .slice(0, position - 1)
    .join('')
  const lineStart = before.lastIndexOf('\n') + 1
  const number = before.split('\n').length
  const [line = ''] = statement.slice(lineStart).split('\n', 1)
  const left = before.slice(lineStart)
  const from = Math.max(left.length - AROUND, 0)
  const label = `LINE ${number}: `
  const shown = printable(line.slice(from, left.length + AROUND))
  const indent = Array.from(printable(left.slice(from))).length
  return [`${label}${shown}`, `${' '.repeat(label.length + indent)}^`]
}
