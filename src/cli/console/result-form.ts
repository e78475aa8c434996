/** How the console shows results. */
import { GatewayError } from '../../base/gateway-error.ts'
import { printable } from '../printable.ts'

export interface ResultForm {
  /** Else CSV. */
  readonly table: boolean
  /** Of CSV. */
  readonly delimiter: string
  /** Neither column names, nor counts, nor times. */
  readonly resultsOnly: boolean
  /** False: rows are read and counted only. */
  readonly rows: boolean
  /** What a terminal would obey is shown as an escape. */
  readonly forTerminal: boolean
}

/** Of BLUE's command line: what could be taken for a part of a value. */
const NO_DELIMITER = /[\\N\-:"\n\r.a-z0-9]/u

/** @throws GatewayError `invalid_parameter_value`. */
export function delimiterOf(text: string): string {
  const delimiter = text === String.raw`\t` ? '\t' : text
  if (Array.from(delimiter).length === 1 && !NO_DELIMITER.test(delimiter)) return delimiter
  throw new GatewayError('invalid_parameter_value', `--delimiter "${text}" cannot be used`, {
    hint: String.raw`One character (\t for a tab), which is no lower-case letter, no digit and none of \ N - : " . and line breaks.`,
  })
}

export const NULL_TEXT = String.raw`\N`

/** NULL is `\N`; a text that is `\N`, or empty, is quoted. */
export function csvLine(
  values: readonly (string | null)[],
  { delimiter, forTerminal }: ResultForm,
): string {
  const fields = values.map((value) => {
    if (value === null) return NULL_TEXT
    const text = forTerminal ? printable(value) : value
    const isPlain = text !== '' && text !== NULL_TEXT && !/["\r\n]/.test(text)
    return isPlain && !text.includes(delimiter) ? text : `"${text.replaceAll('"', '""')}"`
  })
  return `${fields.join(delimiter)}\n`
}
