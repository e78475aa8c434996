/** Runs SQL in the name of whoever is signed in. */
import { LOUD } from './gateway.ts'
import { runSql } from './generated/sdk.gen.ts'
import { readLines } from './read-lines.ts'

/** Runs one statement and forgets its rows. @throws ApiError with the statement's own error. */
export async function runStatement(text: string): Promise<void> {
  const { response } = await runSql({ ...LOUD, body: text, parseAs: 'stream' })
  for await (const line of readLines(response)) void line
}
