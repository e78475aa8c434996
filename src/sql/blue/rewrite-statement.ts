/**
 * From a statement of BLUE's dialect to the same statement in the engine's SQL.
 *
 * Works on tokens: what stands in strings, comments and quoted names is not looked at, but for the
 * patterns of LIKE and the body of a function, which are written anew as strings. What has another
 * meaning is rewritten, what cannot be carried is refused, and what is left is the engine's. The gate
 * checks the result as if the client had sent it.
 */
import { rewriteCalls } from './calls.ts'
import { rewriteClientFunctions } from './client-functions.ts'
import { rewriteCasts } from './casts.ts'
import { moveTop, nameColumns, placeNulls } from './clauses.ts'
import { rewriteAlter, rewriteFunction, rewriteTable } from './definitions.ts'
import { Edits } from './edits.ts'
import type { Rewritten } from './edits.ts'
import {
  dropJoinHints,
  rewriteDivision,
  rewriteEscapes,
  rewriteNumbers,
  rewritePatterns,
  rewriteSubscripts,
} from './operators.ts'
import { Reading } from './reading.ts'
import type { EngineStatement } from '../statement.ts'
import { tokenize } from '../lexer.ts'
import type { Token } from '../token.ts'

type Form = EngineStatement['form']

/**
 * `tokens`: those of one statement of `text`.
 *
 * @returns undefined when both dialects mean the same by it.
 * @throws GatewayError `feature_not_supported` for what cannot be carried exactly, `syntax_error`,
 *         `undefined_function`, `invalid_parameter_value`; with a position in `text`.
 */
export function rewriteBlue(
  text: string,
  tokens: readonly Token[],
  form: Form,
): Rewritten | undefined {
  if (UNTOUCHED.has(form)) return undefined
  const reading = new Reading(text, tokens)
  const edits = new Edits(text, tokens)
  if (form === 'create_table' || form === 'create_foreign_table') rewriteTable(reading, edits)
  if (form === 'alter_table') rewriteAlter(reading, edits)
  if (form === 'create_function') {
    rewriteFunction(reading, edits, rewriteBody)
    return edits.apply()
  }
  rewriteClientFunctions(reading, edits)
  rewriteExpressions(reading, edits)
  // Constants of EXECUTE are read as a driver's values are, whatever type they would have here.
  if (form !== 'execute') rewriteNumbers(reading, edits)
  placeNulls(reading, edits)
  nameColumns(reading, edits)
  moveTop(reading, edits)
  return edits.apply()
}

/** What names things alone: what is in these has one meaning. */
const UNTOUCHED: ReadonlySet<Form> = new Set<Form>([
  'truncate',
  'copy_in',
  'create_schema',
  'create_index',
  'create_sequence',
  'alter_view',
  'alter_foreign_table',
  'drop_index',
  'drop_table',
  'drop_view',
  'drop_foreign_table',
  'drop_schema',
  'drop_sequence',
  'drop_function',
])

/** The body of a function is one expression, without clauses. */
function rewriteBody(body: string): Rewritten | undefined {
  const tokens = tokenize(body)
  const edits = new Edits(body, tokens)
  const reading = new Reading(body, tokens)
  rewriteExpressions(reading, edits)
  rewriteNumbers(reading, edits)
  return edits.apply()
}

/** In this order: what a name of a type is, is nothing else. */
function rewriteExpressions(reading: Reading, edits: Edits): void {
  rewriteCasts(reading, edits)
  rewriteCalls(reading, edits)
  rewritePatterns(reading, edits)
  rewriteEscapes(reading, edits)
  rewriteDivision(reading, edits)
  rewriteSubscripts(reading, edits)
  dropJoinHints(reading, edits)
}
