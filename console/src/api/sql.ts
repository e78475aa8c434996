/** Runs SQL in the name of whoever is signed in. */
import { readLines } from './read-lines.ts'
import { send } from './request.ts'

/** Runs one statement and forgets its rows. @throws ApiError with the statement's own error. */
export async function runStatement(text: string, database?: string): Promise<void> {
  const answer = await send('POST', '/sql', { body: text, query: { database } })
  for await (const line of readLines(answer)) void line
}
