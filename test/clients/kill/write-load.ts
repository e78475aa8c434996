/**
 * A load of every kind of acknowledged act: rows, definitions with default permissions, grants,
 * tokens. Four writers, each
 * one act after the other, each with the ledger of what it was told.
 */
import type pg from 'pg'
import { present } from '../../../src/base/assert.ts'
import { Ledger } from './ledger.ts'
import type { KillableGateway } from './killable-gateway.ts'

/** Tables k0 … that come and go; their one row says in which generation they were made. */
const TABLES = ['k0', 'k1', 'k2']
const CLIENTS = ['c0', 'c1']

interface Made {
  readonly client: { readonly name: string }
  readonly token: string
}

export class WriteLoad {
  readonly #gateway: KillableGateway
  /** Tokens by client, which is named like its role. */
  readonly #tokens = new Map<string, string>()
  #generation = 0
  #nextRow = 0
  readonly rows = new Ledger<boolean>()
  /** Generation of the table, 0 = not there. */
  readonly tables = new Ledger<number>()
  /** Generation on which SELECT was granted to the reader, 0 = never. */
  readonly grants = new Ledger<number>()
  readonly tokens = new Ledger<string>()
  readonly enabled = new Ledger<boolean>()
  acts = 0

  constructor(gateway: KillableGateway) {
    this.#gateway = gateway
  }

  async setUp(): Promise<void> {
    const { control } = this.#gateway
    for (const name of ['operator', 'maker', 'reader', 'heir']) {
      await control.post('/api/v1/roles', { name, login: true, connect: ['master'] })
      const { token } = await control.post<Made>('/api/v1/clients', { name, role: name })
      this.#tokens.set(name, token)
    }
    await this.#sqlAsAdministrator('GRANT SUPERUSER TO operator, maker')
    await this.#sqlAsAdministrator(
      'ALTER DEFAULT PERMISSIONS FOR maker IN public FOR TABLES GRANT SELECT TO heir',
    )
    await this.#sqlAsAdministrator('CREATE TABLE facts (id BIGINT)')
    for (const table of TABLES) {
      await this.tables.change(table, 0, async () => undefined)
      await this.grants.change(table, 0, async () => undefined)
    }
    for (const name of CLIENTS) {
      const { token } = await control.post<Made>('/api/v1/clients', { name, role: 'reader' })
      await this.tokens.change(name, token, async () => undefined)
      await this.enabled.change(name, true, async () => undefined)
    }
  }

  /** Writes until `signal`; errors end a writer's act, not the writer. */
  async run(signal: AbortSignal): Promise<void> {
    const writers = [
      () => this.#insert(signal),
      () => this.#define(signal),
      () => this.#regenerate(),
      () => this.#disable(),
    ]
    await Promise.all(
      writers.map(async (act) => {
        while (!signal.aborted) {
          try {
            await act()
          } catch {
            await new Promise((resolve) => setTimeout(resolve, 20)) // killed: try again
          }
        }
      }),
    )
  }

  async #insert(signal: AbortSignal): Promise<void> {
    const client = await this.#connect('operator')
    try {
      while (!signal.aborted) {
        const key = String((this.#nextRow += 1))
        await this.rows.change(key, true, () => client.query(`INSERT INTO facts VALUES (${key})`))
        this.acts += 1
      }
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  /** Makes a table, grants it or not, drops it, makes another of the same name. */
  async #define(signal: AbortSignal): Promise<void> {
    const client = await this.#connect('operator')
    const maker = await this.#connect('maker')
    try {
      for (let turn = 0; !signal.aborted; turn += 1) {
        const table = TABLES[turn % TABLES.length] ?? ''
        if (this.tables.isOpen(table) || this.grants.isOpen(table)) continue
        if ((this.tables.get(table) ?? 0) > 0) {
          await this.tables.change(table, 0, () => client.query(`DROP TABLE ${table}`))
        } else {
          const generation = (this.#generation += 1)
          const create = `CREATE TABLE ${table} AS SELECT ${generation} AS generation`
          const creator = isInherited(generation) ? maker : client
          await this.tables.change(table, generation, () => creator.query(create))
          if (generation % 2 === 0) {
            const grant = `GRANT SELECT ON TABLE ${table} TO reader`
            await this.grants.change(table, generation, () => client.query(grant))
          }
        }
        this.acts += 1
      }
    } finally {
      await client.end().catch(() => undefined)
      await maker.end().catch(() => undefined)
    }
  }

  async #regenerate(): Promise<void> {
    const name = CLIENTS[0] ?? ''
    const { token } = await this.#gateway.control.post<Made>(`/api/v1/clients/${name}/regenerate`)
    await this.tokens.change(name, token, async () => undefined)
    this.acts += 1
  }

  async #disable(): Promise<void> {
    const name = CLIENTS[1] ?? ''
    if (this.enabled.isOpen(name)) return
    const next = !this.enabled.get(name)
    const path = `/api/v1/clients/${name}/${next ? 'enable' : 'disable'}`
    await this.enabled.change(name, next, () => this.#gateway.control.post(path))
    this.acts += 1
  }

  /** Holds everything that was acknowledged against what is there. @throws Error naming the loss. */
  async verify(): Promise<void> {
    const operator = await this.#connected('operator')
    const reader = await this.#connected('reader')
    const heir = await this.#connected('heir')
    try {
      await this.#verifyRows(operator)
      for (const table of TABLES) {
        await this.#verifyTable(table, operator, reader)
        await this.#verifyDefaults(table, operator, heir)
      }
    } finally {
      for (const client of [operator, reader, heir]) await client.end()
    }
    await this.#verifyTokens()
  }

  async #verifyRows(operator: pg.Client): Promise<void> {
    const { rows } = await operator.query<{ id: string }>('SELECT id FROM facts')
    const there = new Set(rows.map(({ id }) => id))
    if (there.size !== rows.length) throw new Error('a row is there twice')
    for (const key of this.rows.keys()) {
      if (there.has(key)) this.rows.settle(key, true)
      else if (!this.rows.isOpen(key)) throw new Error(`row ${key} was acknowledged, and is gone`)
    }
  }

  /** A grant reaches the table that it was made for, and never one that took its name. */
  async #verifyTable(table: string, operator: pg.Client, reader: pg.Client): Promise<void> {
    const generation = await generationOf(operator, table)
    this.tables.settle(table, generation)
    const readable = await generationOf(reader, table)
    if (readable !== 0 && readable !== generation) throw new Error(`${table}: two answers`)
    const granted = generation !== 0 && this.grants.get(table) === generation
    if (granted && readable === 0 && !this.grants.isOpen(table)) {
      throw new Error(`the grant on ${table} was acknowledged, and is gone`)
    }
    if (readable !== 0 && !granted && !this.grants.isOpen(table)) {
      throw new Error(`a grant reached ${table} of generation ${generation}, which has none`)
    }
    if (this.grants.isOpen(table)) {
      const known = present(this.grants.get(table), 'set up with 0')
      this.grants.settle(table, readable === 0 ? known : readable)
    }
  }

  /** What a rule gives is there with the table, also when nobody was told of it; and not without. */
  async #verifyDefaults(table: string, operator: pg.Client, heir: pg.Client): Promise<void> {
    const generation = await generationOf(operator, table)
    const inherited = isInherited(generation) ? generation : 0
    const readable = await generationOf(heir, table)
    if (readable !== inherited) {
      throw new Error(`the rule's reader sees ${readable} of ${table}, generation ${generation}`)
    }
  }

  async #verifyTokens(): Promise<void> {
    const [regenerated = '', switched = ''] = CLIENTS
    if (!(await this.#mayConnect(regenerated))) {
      // A regeneration on its way may have taken effect: then the old token is rightly dead.
      const { token } = await this.#gateway.control.post<Made>(
        `/api/v1/clients/${regenerated}/regenerate`,
      )
      await this.tokens.change(regenerated, token, async () => undefined)
      if (!(await this.#mayConnect(regenerated))) throw new Error('a new token does not open')
    }
    this.enabled.settle(switched, await this.#mayConnect(switched))
  }

  async #mayConnect(name: string): Promise<boolean> {
    try {
      const client = await this.#gateway.connect(name, this.tokens.get(name) ?? '')
      await client.end()
      return true
    } catch (error) {
      if (/28P01|28000/.test((error as { code?: string }).code ?? '')) return false
      throw error
    }
  }

  /** Waits for an engine that is being restarted. */
  async #connected(name: string): Promise<pg.Client> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const client = await this.#connect(name)
        await client.query('SELECT 1')
        return client
      } catch (error) {
        if (attempt === 100 || (error as { code?: string }).code?.startsWith('28')) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }

  #connect(name: string): Promise<pg.Client> {
    return this.#gateway.connect(name, present(this.#tokens.get(name), 'set up'))
  }

  async #sqlAsAdministrator(sql: string): Promise<void> {
    for await (const line of this.#gateway.control.lines('/api/v1/sql', sql)) {
      if (line.startsWith('{"error"')) throw new Error(line)
    }
  }
}

/** Whether it is made by the role that the default permissions are for: two of three are. */
function isInherited(generation: number): boolean {
  return generation % 3 !== 0
}

async function generationOf(client: pg.Client, table: string): Promise<number> {
  try {
    const { rows } = await client.query<{ generation: number }>(`SELECT generation FROM ${table}`)
    return rows[0]?.generation ?? 0
  } catch (error) {
    if ((error as { code?: string }).code === '42P01') return 0
    throw error
  }
}
