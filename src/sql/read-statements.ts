/**
 * From a client's text to its statements, classified: what execution asks of this room.
 *
 * No second SQL parser: statements of our own are read completely, those of the engine are only
 * named by their head (`read-statement.ts`).
 */
import { tokenize } from './lexer.ts'
import { readStatement } from './read-statement.ts'
import { splitStatements } from './split-statements.ts'
import type { Dialect } from './dialect.ts'
import type { Statement } from './statement.ts'

/**
 * The statements of a text, in order; none for an empty one.
 *
 * @throws GatewayError `syntax_error` with its position in `text`, `character_not_in_repertoire`,
 *         `statement_too_complex` or `program_limit`. Then nothing of the text may run.
 */
export function readStatements(text: string, dialect: Dialect): Statement[] {
  return splitStatements(tokenize(text)).map((tokens) => readStatement(text, tokens, dialect))
}
