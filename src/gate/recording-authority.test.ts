import { afterAll, beforeAll, expect, test } from 'vitest'
import { GateHarness, TESTER, typesOfArguments } from '../../test/fixtures/gate-harness.ts'
import { HOSTILE } from '../../test/fixtures/gate-hostile.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { Requirement } from '../identity/permission.ts'
import { readStatements } from '../sql/read-statements.ts'
import type { Statement } from '../sql/statement.ts'
import { MissingRequirements } from './missing-permissions.ts'
import { RecordingAuthority } from './recording-authority.ts'

let world: GateHarness

beforeAll(async () => {
  world = await GateHarness.open()
})

afterAll(() => world.engine.close())

async function analyse(sql: string, authority: RecordingAuthority) {
  const [statement] = readStatements(sql, 'postgres')
  if (statement?.kind !== 'engine') throw new Error(`not for the engine: ${sql}`)
  return await world.gate.requirementsOf({
    statement,
    parameterTypes: typesOfArguments(statement),
    principal: TESTER,
    authority,
    catalog: world.catalog,
    introspection: world.engine.introspection,
    database: 'master',
    searchPath: ['public'],
    roleAuthority: (roleId) => world.roleAuthority(roleId),
  })
}

const asRole = () => new RecordingAuthority(world.authority, false)
const seeingAll = () => new RecordingAuthority(world.authority, true)

function texts(requirements: readonly Requirement[]): string[] {
  const all = requirements.map(({ permission, name, columns }) => {
    return `${permission} ${name}${columns ? ` (${columns.toSorted().join(', ')})` : ''}`
  })
  return [...new Set(all)].toSorted()
}

test('what a statement needs is what its permit requires', async () => {
  const { requires } = await world.authorize('SELECT carrier FROM flights WHERE delay > 1')
  const needed = await analyse('SELECT carrier FROM flights WHERE delay > 1', asRole())
  expect(needed).toEqual(requires)
  expect(texts(needed)).toEqual([
    'CONNECT master',
    'SELECT master.public.flights (carrier, delay)',
    'USAGE master.public',
  ])
})

test('a refusal carries what is missing, for administrators; its texts stay as they are', async () => {
  const refusal = await world.refusal('SELECT id, ssn FROM people')
  expect(refusal.cause).toBeInstanceOf(MissingRequirements)
  expect(texts((refusal.cause as MissingRequirements).requirements)).toEqual([
    'SELECT master.public.people (id, ssn)',
  ])
})

test('one that sees all finds what is missing on what is hidden', async () => {
  const authority = seeingAll()
  await analyse('SELECT h.secret, k.key FROM hidden h JOIN vault.keys k USING (id)', authority)
  expect(texts(authority.lacking)).toEqual([
    'SELECT master.public.hidden (id, secret)',
    'USAGE master.vault',
  ])
})

test('one that sees all finds the right to call that is missing', async () => {
  const authority = seeingAll()
  await analyse("SELECT cipher('x'), lone('x')", authority)
  expect(texts(authority.lacking)).toEqual(['EXECUTE master.cipher'])
})

test('an analysis gives the role no answer that a refusal would not give', async () => {
  const readable = HOSTILE.flatMap((group) => group.statements).flatMap(({ sql }) => forEngine(sql))
  expect(readable.length).toBeGreaterThan(50)
  for (const { text } of readable) {
    const refusal = await outcome(world.authorize(text))
    expect([text, await outcome(analyse(text, asRole()))]).toEqual([text, refusal])
  }
})

test('an analysis leaves nothing behind that a permit could be made of', async () => {
  const before = world.gate.cacheCounts
  await analyse('SELECT secret FROM hidden', seeingAll())
  expect(world.gate.cacheCounts).toEqual(before)
  expect((await world.refusal('SELECT secret FROM hidden')).kind).toBe('undefined_table')
})

/** Nothing where the reader refuses the text already. */
function forEngine(sql: string): Statement[] {
  try {
    return readStatements(sql, 'postgres').filter(({ kind }) => kind === 'engine')
  } catch {
    return []
  }
}

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'permitted'
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown
    const { kind, message, hint, detail } = thrown
    return JSON.stringify({ kind, message, hint, detail })
  }
}
