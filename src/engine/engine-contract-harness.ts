/**
 * What the tests of the engine's contract stand on: an engine, the table `master.public.w` with one
 * column `a`, and short words for what each of them does.
 */
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { assert } from '../base/assert.ts'
import type { Permit, PermittedAction } from '../identity/permit.ts'
import type { Engine, EnginePortal, EngineSession } from './engine.ts'

export interface EngineUnderTest {
  readonly engine: Engine
  /** A permit as the gate would make it. */
  readonly permit: (
    text: string,
    catalogVersion: number,
    action?: PermittedAction,
    further?: readonly string[],
  ) => Permit
  /** Of the process that can be killed, where there is one. */
  readonly hostPid?: () => number
  /** Takes everything away, the data too. */
  readonly dispose: () => Promise<void>
}

export type Row = readonly unknown[]

export interface RunSettings {
  readonly on?: EngineSession
  readonly rowsMax?: number
  readonly signal?: AbortSignal
  readonly action?: PermittedAction
  readonly version?: number
  readonly further?: readonly string[]
}

export interface Definition {
  readonly registers?: readonly string[]
  readonly unregisters?: readonly string[]
}

export const NEVER = new AbortController().signal
export const WRITE = { kind: 'write', tag: 'INSERT' } as const

/** Computes for minutes before its first row, and can be interrupted. */
export const FOREVER = `SELECT count(*) FROM range(10000000) a(i), range(1000000) b(j)
  WHERE i * j = -1`

export class EngineHarness {
  readonly under: EngineUnderTest
  readonly #sessions: EngineSession[] = []

  private constructor(under: EngineUnderTest) {
    this.under = under
  }

  static async start(open: () => Promise<EngineUnderTest>): Promise<EngineHarness> {
    const harness = new EngineHarness(await open())
    await harness.define('CREATE TABLE master.public.w (a INTEGER)', { registers: ['w'] })
    return harness
  }

  get engine(): Engine {
    return this.under.engine
  }

  /** After each test: nothing is open, and the table is empty. */
  async clear(): Promise<void> {
    await Promise.all(this.#sessions.splice(0).map((session) => session.close()))
    await this.write('DELETE FROM master.public.w')
  }

  async session(): Promise<EngineSession> {
    const opened = await this.engine.openSession()
    this.#sessions.push(opened)
    return opened
  }

  async run(text: string, settings: RunSettings = {}): Promise<EnginePortal> {
    const { on, rowsMax = 0, signal = NEVER, action, version, further } = settings
    const session = on ?? (await this.session())
    const permit = this.under.permit(text, version ?? this.engine.catalogVersion, action, further)
    const options = { parameters: [], format: { kind: 'json_lines' }, rowsMax } as const
    return await session.run(permit, options, signal)
  }

  async rowsOf(text: string, settings: RunSettings = {}): Promise<Row[]> {
    return (await drain(await this.run(text, settings))).rows
  }

  /** A write in the transaction of its caller. */
  async writeOn(on: EngineSession, text: string): Promise<number | undefined> {
    return (await drain(await this.run(text, { on, action: WRITE }))).count
  }

  /** A write in a transaction of its own. */
  async write(text: string): Promise<number | undefined> {
    const on = await this.session()
    await on.begin('read committed', false)
    const count = await this.writeOn(on, text)
    assert((await on.commit()) === 'committed', 'it is committed')
    return count
  }

  /** A definition in the transaction of its caller. */
  async defineOn(on: EngineSession, text: string, definition: Definition): Promise<void> {
    await drain(await this.run(text, { on, action: toAction(definition) }))
  }

  /** A definition in a transaction of its own. */
  async define(text: string, definition: Definition): Promise<void> {
    const on = await this.session()
    await on.begin('read committed', false)
    await this.defineOn(on, text, definition)
    assert((await on.commit()) === 'committed', 'it is committed')
  }
}

function toAction({ registers = [], unregisters = [] }: Definition): PermittedAction {
  return {
    kind: 'define',
    tag: 'CREATE TABLE',
    database: 'master',
    registers: registers.map((name) => ({
      id: randomUUID(),
      kind: 'table',
      schema: 'public',
      name,
    })),
    unregisters,
    countsRows: false,
  }
}

export async function tableNames(from: Pick<EngineSession, 'readDefinitions'>): Promise<string[]> {
  return (await from.readDefinitions()).tables.map((table) => table.name)
}

export function upTo(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

function parse(bytes: Uint8Array): Row[] {
  const lines = Buffer.from(bytes).toString('utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as Row)
}

export async function drain(
  portal: EnginePortal,
): Promise<{ rows: Row[]; count: number | undefined }> {
  const rows: Row[] = []
  for (;;) {
    const event = await portal.next()
    if (event.kind === 'complete') return { rows, count: event.count }
    expect(event.kind).toBe('frame')
    if (event.kind === 'frame') for (const row of parse(event.bytes)) rows.push(row)
  }
}

export async function untilSuspended(portal: EnginePortal): Promise<Row[]> {
  const rows: Row[] = []
  for (;;) {
    const event = await portal.next()
    if (event.kind === 'suspended') return rows
    expect(event.kind).toBe('frame')
    if (event.kind === 'frame') for (const row of parse(event.bytes)) rows.push(row)
  }
}

export async function count(portal: EnginePortal): Promise<number> {
  let rows = 0
  for (;;) {
    const event = await portal.next()
    if (event.kind === 'complete') return rows
    if (event.kind === 'frame') rows += event.rows
  }
}

/** Fails when the portal comes to an end without an error. */
export async function countUntilError(
  portal: EnginePortal,
): Promise<{ rows: number; error: unknown }> {
  let rows = 0
  for (;;) {
    try {
      const event = await portal.next()
      if (event.kind === 'frame') rows += event.rows
      else throw new Error(`the portal is ${event.kind} after ${rows} rows`)
    } catch (error) {
      return { rows, error }
    }
  }
}

export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
