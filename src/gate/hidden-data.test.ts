/**
 * Metamorphic: what a role may not read decides nothing that it is told. Worlds that differ in hidden
 * data alone give the same replies, to every statement of the corpora, one after the other.
 */
import { expect, test } from 'vitest'
import { ALLOWED } from '../../test/fixtures/gate-allowed.ts'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'
import { HOSTILE } from '../../test/fixtures/gate-hostile.ts'
import { HIDDEN_CHANGES } from '../../test/fixtures/gate-world.ts'
import { GatewayError } from '../base/gateway-error.ts'

const STATEMENTS: readonly string[] = [
  ...HOSTILE.flatMap(({ statements }) => statements.flatMap(({ sql, twin }) => [sql, twin])),
  ...ALLOWED,
].filter((sql) => !/ANALYZE|SAMPLE/.test(sql)) // they tell of times taken, and of chance

async function openWorld(changes: readonly string[] = []): Promise<GateHarness> {
  const world = await GateHarness.open()
  for (const sql of changes) await world.engine.run(sql)
  return world
}

async function reply(world: GateHarness, sql: string): Promise<string> {
  try {
    return JSON.stringify(await world.run(sql))
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) return String(thrown)
    const { kind, message, detail, hint, position } = thrown
    return JSON.stringify({ kind, message, detail, hint, position })
  }
}

test('changing hidden data changes no reply', async () => {
  const [world, same, other] = [
    await openWorld(),
    await openWorld(),
    await openWorld(HIDDEN_CHANGES),
  ]
  const different: string[] = []
  let byThemselves = 0 // clocks and random numbers
  for (const sql of STATEMENTS) {
    const [one, again, changed] = [
      await reply(world, sql),
      await reply(same, sql),
      await reply(other, sql),
    ]
    if (one !== again) byThemselves += 1
    else if (one !== changed) different.push(`${sql}\n  ${one}\n  ${changed}`)
  }
  for (const { engine } of [world, same, other]) engine.close()
  expect(different).toEqual([])
  expect(byThemselves).toBeLessThan(STATEMENTS.length / 50)
}, 240_000)

test('what the role may read does change replies: the comparison sees them', async () => {
  const [world, other] = [
    await openWorld(),
    await openWorld(["UPDATE master.public.people SET name = 'Cid' WHERE id = 1"]),
  ]
  const sql = 'SELECT name FROM people ORDER BY id'
  expect(await reply(world, sql)).not.toBe(await reply(other, sql))
  for (const { engine } of [world, other]) engine.close()
})
