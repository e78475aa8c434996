/**
 * The gate over the engine with the fuzzer's world, and beside it the same world for its judges: there
 * every relation is a table that holds its rows, and every function a macro. So what a plan reads there is
 * read of that very relation, and no stub of a view and no right of an owner is in the way.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { present } from '../../../src/base/assert.ts'
import { GatewayError } from '../../../src/base/gateway-error.ts'
import { buildSnapshot } from '../../../src/catalog/build-snapshot.ts'
import type { CatalogSnapshot } from '../../../src/catalog/catalog-snapshot.ts'
import { isFatal } from '../../../src/engine/duckdb/engine-error.ts'
import { createGate } from '../../../src/gate/authorize.ts'
import type { Gate } from '../../../src/gate/gate.ts'
import type { Authority } from '../../../src/identity/authority.ts'
import type { Permit } from '../../../src/identity/permit.ts'
import { readStatements } from '../../../src/sql/read-statements.ts'
import { TESTER } from '../../fixtures/gate-harness.ts'
import { testAuthority } from '../../fixtures/test-authority.ts'
import { FuzzEngine } from './fuzz-engine.ts'
import type { Runnable } from './fuzz-engine.ts'
import type { Rights } from './fuzz-rights.ts'
import {
  createTable,
  fullName,
  FUNCTIONS,
  insertRows,
  LOCATION,
  OWNERS,
  rowsOf,
  schemas,
  SQL_TYPES,
  WORLD,
} from './fuzz-world.ts'
import type { WorldTable } from './fuzz-world.ts'
import { planFacts } from './plan-facts.ts'
import type { PlanFacts } from './plan-facts.ts'

/** Rows in no order, those of the table that was written to among them; or the error. */
export type Result = { readonly rows: readonly string[] } | { readonly error: string }

const ADMINISTRATOR = 'administrator'

const FACTS_MAX = 20

/** What a name must not lead to. */
const TRAPS = [
  'CREATE MACRO master.public.leak() AS (SELECT max(ginkgo_text) FROM master.cellar.ginkgo)',
  'CREATE VIEW master.public.window_on AS FROM master.cellar.ginkgo',
]

export class GateUnderTest {
  readonly alarms: string[] = []
  readonly #directory: string
  readonly #engine: FuzzEngine
  readonly #twin: FuzzEngine
  readonly #gate: Gate
  #catalog: CatalogSnapshot
  #roles: ReadonlyMap<string, Authority> = new Map()
  #version = 0
  /** Two judges ask about the clauses of one write. */
  readonly #facts = new Map<string, PlanFacts | undefined>()

  private constructor(directory: string, gate?: Gate) {
    this.#directory = directory
    const [barn, real, twin] = ['barn', 'real', 'twin'].map((name) => join(directory, name))
    for (const made of [barn, real, twin]) mkdirSync(present(made, 'a directory'))
    const location = { name: LOCATION, directory: present(barn, 'a directory') }
    this.#engine = FuzzEngine.open(present(real, 'a directory'), [location])
    this.#twin = FuzzEngine.open(present(twin, 'a directory'), [location])
    this.#catalog = buildSnapshot(this.#engine.readDefinitions())
    this.#gate = gate ?? createGate({ alert: ({ what }) => this.alarms.push(what) })
  }

  static async open(gate?: Gate): Promise<GateUnderTest> {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'fuzz-gate-')))
    const opened = new GateUnderTest(directory, gate)
    opened.#makeTwin()
    await opened.#makeWorld()
    return opened
  }

  close(): void {
    this.#engine.close()
    this.#twin.close()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  /** From here on statements are those of a role with these rights. */
  become({ grants, owners }: Rights): void {
    this.#version += 1
    const roles = [
      [TESTER.roleId, grants] as const,
      ...[...owners].map(([owner, rights]) => [owner, rights.grants] as const),
    ]
    this.#roles = new Map(
      roles.map(([roleId, held]) => [
        roleId,
        testAuthority(this.#catalog, held, { version: this.#version, roleId }),
      ]),
    )
  }

  /** @throws GatewayError for a refusal. */
  async authorize(
    sql: string,
    parameterTypes: readonly (string | undefined)[] = [],
  ): Promise<Permit> {
    return await this.#authorizeAs(this.#gate, TESTER.roleId, sql, parameterTypes)
  }

  /** As an administrator of the judges' world. Undefined when the engine does not bind the text. */
  async facts(sql: string): Promise<PlanFacts | undefined> {
    if (!this.#facts.has(sql)) {
      if (this.#facts.size >= FACTS_MAX) this.#facts.clear()
      this.#facts.set(sql, await this.#readFacts(sql))
    }
    return this.#facts.get(sql)
  }

  async #readFacts(sql: string): Promise<PlanFacts | undefined> {
    try {
      return planFacts(await this.#twin.introspection.plan(sql))
    } catch (thrown) {
      if (isFatal(thrown)) throw thrown
      return undefined
    }
  }

  /** Whatever is written is taken back. */
  run(permit: Permit, parameters: number, target: WorldTable | undefined): Result {
    return runOn(this.#engine, permit, parameters, target)
  }

  /** As an administrator of the judges' world. */
  runTwin(sql: string, { action }: Permit, target: WorldTable | undefined): Result {
    return runOn(this.#twin, { text: sql, action, files: [] }, 0, target)
  }

  async #authorizeAs(
    gate: Gate,
    roleId: string,
    sql: string,
    parameterTypes: readonly (string | undefined)[] = [],
  ): Promise<Permit> {
    const [statement] = readStatements(sql, 'duckdb')
    if (statement?.kind !== 'engine') throw new Error('not for the engine')
    return await gate.authorize({
      statement,
      parameterTypes,
      principal: { ...TESTER, roleId },
      authority: present(this.#roles.get(roleId), 'a role with rights'),
      roleAuthority: (id) => this.#roles.get(id),
      catalog: this.#catalog,
      introspection: this.#engine.introspection,
      database: 'master',
      searchPath: ['public'],
    })
  }

  /** Everything a table, the rows of views and of files too. */
  #makeTwin(): void {
    const { connection } = this.#twin
    for (const schema of schemas()) {
      if (schema !== 'public') connection.execute(`CREATE SCHEMA master.${schema}`)
    }
    connection.execute('USE master.public') // for texts as they were made
    for (const { name, parameters, returns, body } of FUNCTIONS) {
      const names = ['x', 'y'].slice(0, parameters.length)
      const cast = parameters.reduce(
        (text, kind, at) =>
          text.replaceAll(
            new RegExp(`\\b${names[at]}\\b`, 'g'),
            `CAST(${names[at]} AS ${SQL_TYPES[kind]})`,
          ),
        body,
      )
      connection.execute(
        `CREATE MACRO master.public.${name}(${names.join(', ')}) AS CAST(${cast} AS ${SQL_TYPES[returns]})`,
      )
    }
    for (const table of WORLD) {
      if (table.view) {
        connection.execute(`CREATE TABLE ${fullName(table)} AS ${table.view.query}`)
        continue
      }
      connection.execute(createTable(table))
      connection.execute(insertRows(table))
      if (table.kind === 'foreign table') this.#writeFile(table)
    }
    for (const trap of TRAPS) connection.execute(trap)
  }

  #writeFile(table: WorldTable): void {
    const path = join(this.#directory, 'barn', present(table.file, 'a file'))
    if (path.endsWith('.csv')) {
      const lines = rowsOf(table).map((row) =>
        row.slice(1, -1).replaceAll(/'|\bNULL\b|(?<=,) /g, ''),
      )
      writeFileSync(path, `${lines.join('\n')}\n`)
    } else {
      this.#twin.connection.execute(`COPY ${fullName(table)} TO '${path}' (FORMAT parquet)`)
    }
  }

  /** Through the gate, as what there is comes to be in a gateway. */
  async #makeWorld(): Promise<void> {
    for (const schema of schemas()) {
      if (schema !== 'public') await this.#define(ADMINISTRATOR, `CREATE SCHEMA ${schema}`)
    }
    for (const { name, parameters, returns, owner, body } of FUNCTIONS) {
      const list = parameters.map((kind, at) => `${'xy'[at]} ${SQL_TYPES[kind]}`)
      await this.#define(
        owner,
        `CREATE FUNCTION ${name}(${list.join(', ')}) RETURNS ${SQL_TYPES[returns]} AS $$ SELECT ${body} $$ LANGUAGE SQL`,
      )
    }
    for (const table of WORLD) {
      const { kind, owner = ADMINISTRATOR, columns, file, view } = table
      if (view) await this.#define(owner, `CREATE VIEW ${fullName(table)} AS ${view.query}`)
      else if (kind === 'foreign table') {
        const list = columns.map((column) => `${column.name} ${SQL_TYPES[column.kind]}`)
        await this.#define(
          owner,
          `CREATE FOREIGN TABLE ${fullName(table)} (${list.join(', ')}) WRAPPER ${file?.endsWith('.csv') ? 'csv' : 'parquet'}_fdw OPTIONS (LOCATION = '${LOCATION}/${file}')`,
        )
      } else {
        await this.#define(owner, createTable(table))
        this.#engine.connection.execute(insertRows(table))
      }
    }
    for (const trap of TRAPS) this.#engine.connection.execute(trap)
  }

  async #define(roleId: string, sql: string): Promise<void> {
    this.#roles = new Map(
      [ADMINISTRATOR, ...OWNERS].map((id) => [
        id,
        testAuthority(this.#catalog, [], { superuser: true, roleId: id }),
      ]),
    )
    this.#engine.run(await this.#authorizeAs(createGate(), roleId, sql))
    this.#catalog = buildSnapshot(this.#engine.readDefinitions())
  }
}

function runOn(
  engine: FuzzEngine,
  permit: Runnable,
  parameters: number,
  target: WorldTable | undefined,
): Result {
  const values = Array.from({ length: parameters }, () => '1')
  if (target) engine.connection.execute('BEGIN')
  try {
    const rows = engine.run(permit, values)
    const left = target
      ? engine.run({ text: `FROM ${fullName(target)}`, action: { kind: 'read' }, files: [] })
      : []
    return { rows: [...rows, ...left].toSorted() }
  } catch (error) {
    if (isFatal(error) || !(error instanceof GatewayError)) throw error
    const { message, detail, hint, cause } = error
    return { error: JSON.stringify({ message, detail, hint, cause: String(cause) }) }
  } finally {
    if (target) engine.connection.execute('ROLLBACK')
  }
}
