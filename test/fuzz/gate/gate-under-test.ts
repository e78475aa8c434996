/** The gate over the real engine with the fuzzer's world; beside it an administrator's connection. */
import { buildSnapshot } from '../../../src/catalog/build-snapshot.ts'
import type { CatalogSnapshot } from '../../../src/catalog/catalog-snapshot.ts'
import { createGate } from '../../../src/gate/authorize.ts'
import type { Gate } from '../../../src/gate/gate.ts'
import type { Authority } from '../../../src/identity/authority.ts'
import type { Permit } from '../../../src/identity/permit.ts'
import { readStatements } from '../../../src/sql/read-statements.ts'
import { openTestEngine } from '../../fixtures/duckdb-introspection.ts'
import type { TestEngine } from '../../fixtures/duckdb-introspection.ts'
import { TESTER } from '../../fixtures/gate-harness.ts'
import { testAuthority } from '../../fixtures/test-authority.ts'
import type { Rights, WorldTable } from './fuzz-world.ts'
import { quoted, worldSetUp } from './fuzz-world.ts'
import { planFacts } from './plan-facts.ts'
import type { PlanFacts } from './plan-facts.ts'

/** Rows in no order, those of the table that was written to among them; or the engine's error. */
export type Result = { readonly rows: readonly string[] } | { readonly error: string }

export class GateUnderTest {
  readonly alarms: string[] = []
  readonly #engine: TestEngine
  readonly #gate: Gate
  readonly #catalog: CatalogSnapshot
  #authority: Authority | undefined
  #version = 0

  private constructor(engine: TestEngine, catalog: CatalogSnapshot, gate?: Gate) {
    this.#engine = engine
    this.#catalog = catalog
    this.#gate = gate ?? createGate({ alert: ({ what }) => this.alarms.push(what) })
  }

  static async open(gate?: Gate): Promise<GateUnderTest> {
    const engine = await openTestEngine(worldSetUp())
    await engine.run('USE master.public') // for texts as they were made
    return new GateUnderTest(engine, buildSnapshot(await engine.readDefinitions(1)), gate)
  }

  close(): void {
    this.#engine.close()
  }

  /** From here on statements are those of a role with these rights. */
  become({ grants }: Rights): void {
    this.#authority = testAuthority(this.#catalog, grants, { version: (this.#version += 1) })
  }

  /** @throws GatewayError for a refusal. */
  async authorize(
    sql: string,
    parameterTypes: readonly (string | undefined)[] = [],
  ): Promise<Permit> {
    const [statement] = readStatements(sql, 'duckdb')
    if (statement?.kind !== 'engine' || !this.#authority) throw new Error('not for the engine')
    return await this.#gate.authorize({
      statement,
      parameterTypes,
      principal: TESTER,
      authority: this.#authority,
      roleAuthority: () => undefined, // there are no views of other roles
      catalog: this.#catalog,
      introspection: this.#engine.introspection,
      database: 'master',
      searchPath: ['public'],
    })
  }

  /** As an administrator. Undefined when the engine does not bind the text. */
  async facts(sql: string): Promise<PlanFacts | undefined> {
    const [row] = await this.#engine.run('SELECT json_serialize_plan($1::VARCHAR)::VARCHAR', [sql])
    return planFacts(row?.[0] ?? '')
  }

  /** As an administrator; whatever is written is taken back. */
  async run(sql: string, parameters: number, target: WorldTable | undefined): Promise<Result> {
    const values = Array.from({ length: parameters }, () => '1')
    await this.#engine.run('BEGIN')
    try {
      const rows = await this.#engine.run(sql, values)
      const left = target
        ? await this.#engine.run(`FROM master.${target.schema}.${quoted(target.name)}`)
        : []
      return { rows: [...rows, ...left].map((row) => JSON.stringify(row)).toSorted() }
    } catch (error) {
      if (/database has been invalidated/.test(String(error))) throw error
      return { error: String(error) }
    } finally {
      await this.#engine.run('ROLLBACK')
    }
  }
}
