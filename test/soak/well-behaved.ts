/**
 * A client as it should be: statements whose answers it knows, small pauses, one connection for the
 * whole time. Everything but the right answer, or 57P02, is a violation.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Tally } from './tally.ts'

/** The one error that it may see: the engine was restarted. */
const RESTARTED = '57P02'

const PAUSE_MS_MAX = 150

/** Of the table `facts`, the same for all: id from 1 to this, and twice that number. */
const FACTS = 5000

export const SOAK_TABLES = [
  `create table facts as select i as id, 2 * i as twice from range(1, ${FACTS + 1}) r(i)`,
  'create table ledger (owner integer, number integer, turn integer)',
]
export const WELL_BEHAVED_GRANTS = [
  'SELECT ON TABLE facts',
  'SELECT, INSERT, UPDATE, DELETE ON TABLE ledger',
]

export class WellBehaved {
  readonly #client: pg.Client
  readonly #owner: number
  readonly #tally: Tally
  readonly #turns: readonly (() => Promise<void>)[]
  /** Of its rows in the ledger, by number: the last turn that was acknowledged. */
  readonly #rows = new Map<number, number>()
  #isWriting = false
  /** The outcome of a write is unknown: what is there is then taken for true. */
  #isUnsure = false
  #next = 1

  constructor(client: pg.Client, owner: number, tally: Tally) {
    this.#client = client
    this.#owner = owner
    this.#tally = tally
    const lost = (why: unknown): void =>
      tally.violation(`session ${owner} was lost: ${String(why)}`)
    client.on('error', lost)
    client.on('end', () => lost('it was closed'))
    this.#turns = [
      () => this.#compute(),
      () => this.#readFacts(),
      () => this.#readMany(),
      () => this.#insert(),
      () => this.#change(),
      () => this.#readLedger(),
      () => this.#transaction('commit'),
      () => this.#transaction('rollback'),
    ]
  }

  /** Until `signal`; then what it wrote is compared once more. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#turn(this.#turns[Math.floor(Math.random() * this.#turns.length)])
      await sleep(Math.random() * PAUSE_MS_MAX)
    }
    await this.#turn(() => this.#readLedger())
    this.#client.removeAllListeners('end')
    await this.#client.end()
  }

  async #turn(act: (() => Promise<void>) | undefined): Promise<void> {
    try {
      await act?.()
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      this.#tally.error(code)
      if (code === RESTARTED && this.#isWriting) this.#isUnsure = true
      this.#isWriting = false
      if (code !== RESTARTED) {
        this.#tally.violation(`session ${this.#owner} got ${code ?? 'no code'}: ${message}`)
      }
      await this.#client.query('rollback').catch((failure: unknown) => {
        const { code, message } = failure as { code?: string; message: string }
        this.#tally.violation(`session ${this.#owner}: ROLLBACK got ${code}: ${message}`)
      })
    }
  }

  async #ask(sql: string, values: readonly unknown[] = []): Promise<unknown[][]> {
    this.#tally.statements += 1
    const { rows } = await this.#client.query({ text: sql, values: [...values], rowMode: 'array' })
    return rows as unknown[][]
  }

  #expect(what: string, found: unknown, right: unknown): void {
    if (String(found) === String(right)) return
    this.#tally.violation(
      `session ${this.#owner}: ${what} is ${String(found)} and should be ${String(right)}`,
    )
  }

  async #compute(): Promise<void> {
    const [a, b] = [Math.floor(Math.random() * 1000), Math.floor(Math.random() * 1000)]
    const [row] = await this.#ask('select $1::bigint * $2::bigint', [a, b])
    this.#expect(`${a} * ${b}`, row?.[0], a * b)
  }

  async #readFacts(): Promise<void> {
    const from = 1 + Math.floor(Math.random() * (FACTS - 100))
    const sql = 'select count(*), sum(twice) from facts where id between $1::bigint and $2::bigint'
    const [row] = await this.#ask(sql, [from, from + 99])
    this.#expect('a sum of facts', row, [100, 100 * (2 * from + 99)])
  }

  /** A result of many frames. */
  async #readMany(): Promise<void> {
    const rows = await this.#ask('select id, twice from facts order by id')
    this.#expect('the number of facts', rows.length, FACTS)
    const wrong = rows.findIndex(
      ([id, twice], index) => Number(id) !== index + 1 || Number(twice) !== 2 * Number(id),
    )
    this.#expect('the place of a wrong fact', wrong, -1)
  }

  async #insert(): Promise<void> {
    const number = this.#next
    this.#next += 1
    await this.#write('insert into ledger values ($1::integer, $2::integer, 0)', [
      this.#owner,
      number,
    ])
    this.#rows.set(number, 0)
  }

  async #change(): Promise<void> {
    const [number] = this.#rows.keys()
    if (number === undefined) return
    const turn = (this.#rows.get(number) ?? 0) + 1
    if (turn > 3) {
      await this.#write('delete from ledger where owner = $1::integer and number = $2::integer', [
        this.#owner,
        number,
      ])
      this.#rows.delete(number)
      return
    }
    await this.#write(
      'update ledger set turn = $3::integer where owner = $1::integer and number = $2::integer',
      [this.#owner, number, turn],
    )
    this.#rows.set(number, turn)
  }

  async #transaction(end: 'commit' | 'rollback'): Promise<void> {
    const numbers = [this.#next, this.#next + 1]
    this.#next += 2
    await this.#ask('begin')
    for (const number of numbers) {
      await this.#ask('insert into ledger values ($1::integer, $2::integer, 0)', [
        this.#owner,
        number,
      ])
    }
    const count = 'select count(*) from ledger where owner = $1::integer and number >= $2::integer'
    const [row] = await this.#ask(count, [this.#owner, numbers[0]])
    this.#expect('what a transaction sees of itself', row?.[0], 2)
    // of a transaction that died with the engine COMMIT is answered ROLLBACK
    if ((await this.#write(end, [])) !== 'COMMIT') return
    for (const number of numbers) this.#rows.set(number, 0)
  }

  /** @returns the word that it was answered with. */
  async #write(sql: string, values: readonly unknown[]): Promise<string> {
    this.#isWriting = true
    this.#tally.statements += 1
    const { command } = await this.#client.query(sql, [...values])
    this.#isWriting = false
    return command
  }

  async #readLedger(): Promise<void> {
    const wasUnsure = this.#isUnsure
    const sql = 'select number, turn from ledger where owner = $1::integer order by number'
    const found = (await this.#ask(sql, [this.#owner])).map((row) => row.map(Number))
    if (wasUnsure) {
      this.#rows.clear()
      for (const [number = 0, turn = 0] of found) this.#rows.set(number, turn)
      this.#isUnsure = false
      return
    }
    const known = [...this.#rows].toSorted(([a], [b]) => a - b)
    this.#expect('the ledger', JSON.stringify(found), JSON.stringify(known))
  }
}
