/** A connection of a worker's own, for what belongs to no session, with what it keeps prepared. */
import { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { closeLists, prepareLists } from './catalog-lists.ts'
import { closeQuestions, prepareQuestions } from './questions.ts'
import type { OwnConnection } from './task.ts'

/** To be closed with `closeOwn`. */
export function openOwn(database: bigint): OwnConnection {
  const connection = DuckDbConnection.open(database)
  const { address } = connection
  return { address, questions: prepareQuestions(connection), lists: prepareLists(connection) }
}

export function closeOwn({ address, questions, lists }: OwnConnection): void {
  closeQuestions(questions)
  closeLists(lists)
  DuckDbConnection.at(address).close()
}
