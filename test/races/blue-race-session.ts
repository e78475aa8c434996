/** As `race-session.ts`, through the BLUE door: sessions that have no connection of their own. */
import { headOf } from '../fixtures/blue-client.ts'
import type { BlueClient } from '../fixtures/blue-client.ts'
import { LAST_ROW_MS_MAX, pause } from './race-session.ts'
import type { Race, Racer } from './race-session.ts'

/** What a turn came to. */
interface Turn {
  readonly rows: number
  /** None: it succeeded. */
  readonly error?: string | undefined
}

interface Kind {
  /** The statement that the turns go on with, if they do. */
  readonly begun?: { readonly sql: string; readonly isExecuted: boolean }
  turn(client: BlueClient, number: number, begun: string): Promise<Turn>
  /** The turn waits for the revocation. */
  readonly waits?: boolean
}

const ask = (sql: string): Kind => ({ turn: (client) => client.run(sql) })

const MANY = 'range(50000000) r(i), (select max(n) as n from race.ledger) l'

const KINDS: Readonly<Record<string, Kind>> = {
  'BLUE: a result that is fetched': {
    begun: { sql: `select i, l.n from ${MANY}`, isExecuted: true },
    turn: (client, _, begun) => fetchOf(client, begun),
  },
  'BLUE: a statement that is compiled': {
    begun: { sql: 'select sum(n) from race.ledger', isExecuted: false },
    waits: true,
    async turn(client, _, begun) {
      const { error } = await client.execute(begun)
      if (error) return { rows: 0, error: error.message }
      const executed = await client.waitFor(begun)
      if (executed.error) return { rows: 0, error: executed.error.message }
      return await fetchOf(client, begun)
    },
  },
  'BLUE: a computation': ask(
    `select count(*) from ${MANY}, range(50000000) s(j) where i * j = l.n - 9`,
  ),
  'BLUE: small queries': ask('select count(*) from race.ledger'),
  'BLUE: INSERT': {
    turn: (client, number) => client.run(`insert into race.ledger values ('blue', ${number})`),
  },
}

export const BLUE_KIND_NAMES = Object.keys(KINDS)

export class BlueRaceSession implements Racer {
  readonly name: string
  answered = 0
  readonly #kind: Kind
  readonly #client: BlueClient
  readonly #race: Race
  #begun = ''

  /** `client` has logged in. */
  constructor(name: string, client: BlueClient, race: Race) {
    this.name = name
    this.#kind = KINDS[name] ?? ask(name)
    this.#client = client
    this.#race = race
  }

  async begin(): Promise<void> {
    if (!this.#kind.begun) return
    const { sql, isExecuted } = this.#kind.begun
    const { contextId, error } = await this.#client.compile(sql)
    if (error) throw new Error(`${this.name}: ${error.message}`)
    this.#begun = contextId
    if (!isExecuted) return
    await this.#client.execute(contextId)
    const executed = await this.#client.waitFor(contextId)
    if (executed.error) throw new Error(`${this.name}: ${executed.error.message}`)
  }

  async run(): Promise<string[]> {
    const wrong: string[] = []
    while (this.#kind.waits === true && this.#race.acknowledgedAt === undefined) await pause()
    for (let number = 0; ; number += 1) {
      const isAfter = this.#race.acknowledgedAt !== undefined
      const { rows, error } = await this.#kind
        .turn(this.#client, number, this.#begun)
        .catch((refusal: Error) => ({ rows: 0, error: refusal.message }))
      if (!isAfter && error === undefined) this.answered += 1
      if (isAfter && (rows > 0 || error === undefined))
        wrong.push(`${this.name}: run after the revocation (${rows} rows)`)
      const late = performance.now() - (this.#race.acknowledgedAt ?? Infinity)
      if (rows > 0 && late > LAST_ROW_MS_MAX)
        wrong.push(`${this.name}: rows long after the revocation`)
      if (isAfter) return wrong
      await pause()
    }
  }

  /** A session of this door outlives its connection. */
  async close(): Promise<void> {
    await this.#client.closeSession().catch(() => undefined) // it was cut off
    this.#client.close()
  }
}

/** Of a result that is not at its end. */
async function fetchOf(client: BlueClient, contextId: string): Promise<Turn> {
  for (;;) {
    const { error, retryFetch, queryResult } = await client.fetch(contextId)
    if (error) return { rows: 0, error: error.message }
    if (retryFetch !== true) return { rows: headOf(Buffer.from(queryResult ?? [])).rows }
  }
}
