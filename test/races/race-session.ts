/**
 * One session of a client whose rights are about to go: runs one kind of statement again and again,
 * and watches what it is given once they are gone.
 */
import type { RawConnection } from '../clients/harness/raw-connection.ts'
import {
  bind,
  execute,
  fieldsOf,
  parse,
  query,
  sync,
  tagOf,
} from '../clients/harness/raw-messages.ts'

/** The promise is one second; this is for a machine that has much else to do. */
export const LAST_ROW_MS_MAX = 5000

/** Where a race stands: set when the revocation is acknowledged. */
export interface Race {
  acknowledgedAt: number | undefined
}

export interface Racer {
  readonly name: string
  /** Turns that succeeded while they had the rights for it. */
  readonly answered: number
  /** @throws Error when its first statements, for which it has the rights, fail. */
  begin(): Promise<void>
  /**
   * Until it is closed, or has been answered once more after the revocation.
   *
   * @returns what should not have been.
   */
  run(): Promise<string[]>
  close(): Promise<void>
}

interface Answer {
  readonly gaveRows: boolean
  readonly tags: readonly string[]
  readonly errors: readonly (string | undefined)[]
  readonly lastRowAt: number
}

/** What a session does before the race, and then by turns. */
interface Kind {
  readonly begin?: readonly Buffer[][]
  turn(number: number): readonly Buffer[]
  /** The turn waits for the revocation: an open transaction that is then to be committed. */
  readonly waits?: boolean
}

const ask = (text: string): Kind => ({ turn: () => [query(text)] })

/** Longer than any race, unless it is ended. */
const MANY = 'range(50000000) r(i), (select max(n) as n from race.ledger) l'

const KINDS: Readonly<Record<string, Kind>> = {
  'a result that is streamed': ask(`select i, l.n from ${MANY}`),
  'COPY TO STDOUT': ask(`copy (select i, l.n from ${MANY}) to stdout`),
  'a computation': ask(`select count(*) from ${MANY}, range(50000000) s(j) where i * j = l.n - 9`),
  'small queries': ask('select count(*) from race.ledger'),
  EXPLAIN: ask('explain select * from race.ledger'),
  INSERT: { turn: (number) => [query(`insert into race.ledger values ('insert', ${number})`)] },
  UPDATE: ask("update race.ledger set n = n + 1 where kind = 'update'"),
  DELETE: {
    turn: (number) => [
      number % 2 === 0
        ? query(`insert into race.ledger values ('delete', ${number})`)
        : query("delete from race.ledger where kind = 'delete'"),
    ],
  },
  MERGE: ask(`merge into race.ledger l using (select 'merge' as kind) s on l.kind = s.kind
    when matched then update set n = l.n + 1 when not matched then insert values ('merge', 0)`),
  // the maker of a table may drop it, with or without CREATE on the schema: so both at once
  definitions: ask('create table race.made (a integer); drop table race.made'),
  'a prepared statement': {
    begin: [[parse('s', 'select sum(n) from race.ledger'), sync()]],
    turn: () => [bind('', 's'), execute('', 0), sync()],
  },
  'a suspended portal': {
    begin: [
      [query('begin')],
      [parse('s', `select i, l.n from ${MANY}`), bind('p', 's'), execute('p', 10), sync()],
    ],
    turn: () => [execute('p', 10), sync()],
  },
  'an open transaction': {
    begin: [[query('begin')], [query("insert into race.ledger values ('open', 1)")]],
    turn: () => [query('commit')],
    waits: true,
  },
}

export const KIND_NAMES = Object.keys(KINDS)

export class RaceSession implements Racer {
  readonly name: string
  answered = 0
  readonly #kind: Kind
  readonly #connection: RawConnection
  readonly #race: Race

  constructor(name: string, connection: RawConnection, race: Race) {
    this.name = name
    this.#kind = KINDS[name] ?? ask(name)
    this.#connection = connection
    this.#race = race
  }

  async begin(): Promise<void> {
    for (const messages of this.#kind.begin ?? []) {
      const { errors } = await this.#exchange(messages)
      // definitions of another session may have come between, or another engine: then without it
      if (errors.some((code) => code !== '40001' && code !== '57P02'))
        throw new Error(`${this.name}: ${errors.join()}`)
    }
  }

  async run(): Promise<string[]> {
    const wrong: string[] = []
    while (this.#kind.waits === true && this.#race.acknowledgedAt === undefined) await pause()
    for (let number = 0; ; number += 1) {
      const isAfter = this.#race.acknowledgedAt !== undefined
      const answer = await this.#exchange(this.#kind.turn(number))
      const { gaveRows, tags, lastRowAt } = answer
      if (!isAfter && (gaveRows || tags.length > 0)) this.answered += 1
      if (isAfter && (gaveRows || tags.some((tag) => tag !== 'ROLLBACK'))) {
        wrong.push(`${this.name}: run after the revocation (${gaveRows ? 'rows' : tags.join()})`)
      }
      if (lastRowAt - (this.#race.acknowledgedAt ?? lastRowAt) > LAST_ROW_MS_MAX) {
        wrong.push(`${this.name}: rows long after the revocation`)
      }
      if (isAfter || this.#connection.isClosed) return wrong
      await pause()
    }
  }

  async close(): Promise<void> {
    this.#connection.destroy()
  }

  async #exchange(messages: readonly Buffer[]): Promise<Answer> {
    const tags: string[] = []
    const errors: (string | undefined)[] = []
    let lastRowAt = 0
    if (!this.#connection.isClosed) this.#connection.send(...messages)
    for (;;) {
      const message = await this.#connection.next()
      if (message?.type === 'D' || message?.type === 'd') lastRowAt = performance.now()
      if (message?.type === 'C') tags.push(tagOf(message))
      if (message?.type === 'E') errors.push(fieldsOf(message)['C'])
      if (!message || message.type === 'Z') {
        return { gaveRows: lastRowAt > 0, tags, errors, lastRowAt }
      }
    }
  }
}

/** One turn of the event loop: the revocation's answer must be heard between two statements. */
export async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1))
}
