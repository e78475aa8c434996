/**
 * What the engine is asked about a text, each a statement of our own: one text in, texts out.
 *
 * For the engine it is more work to parse, bind and optimise such a statement than to answer it, so a
 * worker's own connection keeps them prepared. A question holds nothing of the one before: its text is a
 * constant, what it is about a bound parameter, and what exists is looked up as it is asked, in a
 * transaction of its own.
 */
import { present } from '../../base/assert.ts'
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { DuckDbStatement } from '../duckdb/duckdb-statement.ts'
import { textRows } from '../duckdb/text-rows.ts'

const TEXTS = {
  /** Without its `skip_…` options: a tree that was shortened by them cannot be read back. */
  parse: 'SELECT json_serialize_sql($1::VARCHAR)::VARCHAR',
  /** Of several trees, a line each. From a column: a parameter that becomes JSON is bound anew each time. */
  deparse: `SELECT json_deserialize_sql(tree::JSON)
    FROM (SELECT unnest(string_split($1::VARCHAR, chr(10))) AS tree)`,
  /** The three that follow each other in one: to run a statement costs as much as what it asks. */
  regenerate: `SELECT text, json_serialize_plan(text)::VARCHAR, json_serialize_sql(text)::VARCHAR
    FROM (SELECT json_deserialize_sql(tree::JSON) AS text FROM (SELECT $1::VARCHAR AS tree))`,
  /** Not optimised: an optimised plan hides the tables that a statement does not need in the end. */
  plan: 'SELECT json_serialize_plan($1::VARCHAR)::VARCHAR',
}

export type Question = keyof typeof TEXTS

/** Addresses of the prepared statements. */
export type PreparedQuestions = Readonly<Record<Question, bigint>>

/** To be closed with `closeQuestions` before the connection. */
export function prepareQuestions(connection: DuckDbConnection): PreparedQuestions {
  return forEach((question) => connection.prepare(TEXTS[question]).address)
}

export function closeQuestions(questions: PreparedQuestions): void {
  for (const address of Object.values(questions)) DuckDbStatement.at(address).close()
}

/** Rows of texts. @throws GatewayError as the engine says. */
export type AskEngine = (question: Question, about: string) => readonly (readonly string[])[]

/** On a connection that has none prepared. */
export function askOnce(connection: DuckDbConnection): AskEngine {
  return (question, about) => withoutNulls(connection.rows(TEXTS[question], [about]))
}

export function askPrepared(questions: PreparedQuestions): AskEngine {
  const statements = forEach((question) => DuckDbStatement.at(questions[question]))
  return (question, about) => withoutNulls(textRows(statements[question], [about]))
}

function forEach<T>(work: (question: Question) => T): Record<Question, T> {
  return {
    parse: work('parse'),
    deparse: work('deparse'),
    regenerate: work('regenerate'),
    plan: work('plan'),
  }
}

function withoutNulls(rows: readonly (readonly (string | null)[])[]): string[][] {
  return rows.map((row) => row.map((text) => present(text, 'a text')))
}
