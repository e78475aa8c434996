/** What Tab offers: words of SQL, and the names of tables and columns that the client may see. */
import type { ConsoleSession } from './console-session.ts'

const WORDS =
  'ALTER AND AS BEGIN BETWEEN BY CASE COMMIT COUNT CREATE DATABASE DELETE DESCRIBE DISTINCT DROP ELSE END EXISTS FROM GRANT GROUP HAVING IN INSERT INTO IS JOIN LEFT LIKE LIMIT NOT NULL ON OR ORDER REVOKE ROLE ROLLBACK SCHEMA SELECT SET TABLE THEN TRUNCATE UNION UPDATE VALUES VIEW WHEN WHERE WITH'.split(
    ' ',
  )

/** Others need quotes, and could hold what a terminal obeys. */
const PLAIN_NAME = /^[a-z_][a-z0-9_]*$/

const NAMES = `SELECT table_name AS name FROM information_schema.tables
UNION SELECT column_name FROM information_schema.columns ORDER BY name LIMIT 5000`

export class NameCompleter {
  readonly #session: ConsoleSession
  #names: readonly string[] | undefined

  constructor(session: ConsoleSession) {
    this.#session = session
  }

  /** Names are looked up when they are first asked for, and again after this. */
  forget(): void {
    this.#names = undefined
  }

  /** As readline wants it: what fits, and the text that it stands for. */
  async complete(line: string): Promise<[string[], string]> {
    const begun = /[\w\u0080-\uffff]*$/u.exec(line)?.[0] ?? ''
    if (begun === '') return [[], '']
    if (!this.#names && !this.#session.isRunning && this.#session.isOpen) {
      const names = await this.#session.namesOf(NAMES).catch(() => [])
      this.#names = names.filter((name) => PLAIN_NAME.test(name))
    }
    const names = (this.#names ?? []).filter((name) => name.startsWith(begun.toLowerCase()))
    const words = WORDS.filter((word) => word.startsWith(begun.toUpperCase()))
    const isLower = begun === begun.toLowerCase()
    const inItsCase = words.map((word) => (isLower ? word.toLowerCase() : word))
    return [[...new Set([...names, ...inItsCase])], begun]
  }
}
