/** The answer of the gateway to a text of SQL, line by line. */
import { GatewayError } from '../base/gateway-error.ts'
import { toError } from './control-client.ts'
import type { ControlClient } from './control-client.ts'

export type SqlAnswer =
  /** A statement begins; `columns` undefined: it returns no rows. */
  | {
      readonly kind: 'columns'
      readonly columns: readonly { readonly name: string; readonly type: string }[] | undefined
    }
  /** One row, as the JSON array that it came as. */
  | { readonly kind: 'row'; readonly json: string }
  | {
      readonly kind: 'end'
      readonly tag: string
      readonly rows: number
      readonly notices: readonly { readonly severity: string; readonly message: string }[]
    }
  | { readonly kind: 'error'; readonly error: GatewayError }

/** An answer that was cut off ends with an error of its own. */
export async function* readAnswers(
  gateway: ControlClient,
  text: string,
  database: string,
): AsyncGenerator<SqlAnswer> {
  const path = `/api/v1/sql?database=${encodeURIComponent(database)}`
  let isWhole = true
  for await (const line of gateway.lines(path, text)) {
    const answer = parseAnswer(line)
    isWhole = answer.kind === 'end' || answer.kind === 'error'
    yield answer
  }
  if (!isWhole) {
    const error = new GatewayError('crash_shutdown', 'the answer was cut off')
    yield { kind: 'error', error }
  }
}

function parseAnswer(line: string): SqlAnswer {
  if (line.startsWith('[')) return { kind: 'row', json: line }
  const value = JSON.parse(line) as {
    columns?: { name: string; type: string }[] | null
    end?: { tag: string; rows: number; notices: { severity: string; message: string }[] }
    error?: unknown
  }
  if (value.end) return { kind: 'end', ...value.end }
  if (value.error !== undefined) return { kind: 'error', error: toError(value.error) }
  return { kind: 'columns', columns: value.columns ?? undefined }
}
