/**
 * The gate's corpora through the BLUE door: a role that may read two columns of a table is refused
 * every way to the others, and its own way is open.
 *
 * Over a thin client, because Python would take an hour for them. Hidden values begin with `canary`.
 */
import { readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BlueClient } from '../fixtures/blue-client.ts'
import { ALLOWED } from '../fixtures/gate-allowed.ts'
import { CATALOGUE, HOSTILE } from '../fixtures/gate-hostile.ts'
import { CANARY, WORLD_FUNCTIONS, WORLD_GRANTS, WORLD_SET_UP } from '../fixtures/gate-world.ts'
import {
  WORLD_FILE_GRANTS,
  WORLD_FOREIGN_TABLES,
  writeWorldFiles,
} from '../fixtures/gate-world-files.ts'
import type { WorldFiles } from '../fixtures/gate-world-files.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { spelledOut } from './harness/spelled-out.ts'

/** The one hidden name that the statements themselves hold, and that an error may repeat. */
const ECHO = /getvariable\(.{0,2}canary/g

/** None, or that this protocol or BLUE's dialect has no room for it, whoever asks. */
const ALLOWED_ERROR =
  /^$| is not supported by this protocol| is not supported in the dialect blue|which this protocol cannot carry/

let files: WorldFiles
let server: BluegateServer
let client: BlueClient

beforeAll(async () => {
  files = writeWorldFiles()
  const locations = files.locations.map(({ name, directory }) => `${name}=${directory}`).join(',')
  server = await startBluegate({ env: { BLUEGATE_LOCATIONS: locations } })
  for (const sql of [...WORLD_SET_UP, ...WORLD_FUNCTIONS, ...WORLD_FOREIGN_TABLES])
    await server.admin(sql)
  const grants = [...WORLD_GRANTS, ...WORLD_FILE_GRANTS].map(spelledOut)
  const { token } = await server.createClient('tester', grants)
  client = new BlueClient({ ...server.grpc, ca: readFileSync(server.caFile, 'utf8') })
  await client.logIn(token)
})

afterAll(async () => {
  client?.close()
  await server?.stop()
  rmSync(files.directory, { recursive: true, force: true })
})

// before it has views of its own, whose texts it may read
test.each(CATALOGUE)('answered with what the role may know of: %s', async (sql) => {
  const { error, told } = await answerTo(sql)
  expect(error).toBe('')
  expect(told).not.toMatch(/hidden|vault|keys|ssn|salary|bluegate_internal/)
})

describe.each(HOSTILE)('$attack', ({ statements }) => {
  test.each(statements)('refused: $sql', async ({ sql, twin }) => {
    const refusal = await answerTo(sql)
    expect(refusal.error, 'the statement was answered').not.toBe('')
    expect(refusal.told.replaceAll(ECHO, '')).not.toMatch(CANARY)
    const allowed = await answerTo(twin)
    expect(allowed.error, `its twin was refused: ${twin}`).toMatch(ALLOWED_ERROR)
    expect(allowed.told).not.toMatch(CANARY)
  })
})

test.each(ALLOWED)('allowed: %s', async (sql) => {
  const { error, told } = await answerTo(sql)
  expect(error).toMatch(ALLOWED_ERROR)
  expect(told).not.toMatch(CANARY)
})

/** All that the client was told: texts stand in the bytes as they are. */
async function answerTo(sql: string): Promise<{ error: string; told: string }> {
  const { error = '', compiled, results } = await client.run(sql)
  const told = [error, ...results.map((bytes) => bytes.toString('utf8'))].join('\n')
  await client.closeStatement(compiled.contextId)
  return { error, told }
}
