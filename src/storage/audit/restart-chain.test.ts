import { createSecretKey, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AuditEvent } from '../../audit/audit-event.ts'
import { silentLog } from '../../base/log.ts'
import { openAuditLog } from './open-audit-log.ts'
import type { OpenAuditLog } from './open-audit-log.ts'
import { restartChain } from './restart-chain.ts'

const DAY_MS = 86_400_000
const START = Date.parse('2030-01-01T10:00:00Z')
const LOST = createSecretKey(randomBytes(32))
const FRESH = createSecretKey(randomBytes(32))

let root: string
let now: number
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bluegate-restart-'))
  now = START
})
afterEach(() => rmSync(root, { recursive: true }))

const anchorFile = (): string => join(root, 'anchor.json')
const directory = (): string => join(root, 'audit')

async function open(key = FRESH): Promise<OpenAuditLog> {
  return await openAuditLog({
    directory: directory(),
    anchorFile: anchorFile(),
    key,
    clock: () => now,
    log: silentLog,
  })
}

function event(details: string): AuditEvent {
  return {
    category: 'OTHER',
    action: 'test',
    outcome: 'succeeded',
    username: 'bi',
    address: 'local',
    door: 'system',
    details,
    initiatedBy: 'Blue_UI_System',
    startedAt: new Date(now).toISOString(),
  }
}

async function restart(): Promise<void> {
  await restartChain({ directory: directory(), anchorFile: anchorFile(), key: FRESH, now })
}

/** Two days under the key that is lost then, with its anchor. */
async function writeOld(): Promise<void> {
  const old = await open(LOST)
  await old.append(event('first day'), 'flushed')
  now += DAY_MS
  await old.append(event('second day'), 'flushed')
  await old.stop()
  rmSync(anchorFile())
  await expect(open()).rejects.toMatchObject({ message: expect.stringContaining('another key') })
}

async function found(log: OpenAuditLog): Promise<string[]> {
  const lines: string[] = []
  for await (const { sequence, details } of log.search({ actions: ['test'] })) {
    lines.push(`${sequence} ${details}`)
  }
  return lines
}

test('a new chain takes up the numbers on the same day, is proven, and the old records can be read', async () => {
  await writeOld()
  await restart()
  const log = await open()
  await log.append(event('after'), 'flushed')
  expect(await found(log)).toEqual(['3 after', '2 second day', '1 first day'])
  expect(await log.verify()).toMatchObject({ ok: true, records: 1, segments: 1 })
  await log.stop()
})

test('it can be run again after a crash in the middle, as often as need be', async () => {
  await writeOld()
  for (let index = 0; index < 12; index += 1) await restart()
  const log = await open()
  await log.append(event('after'), 'flushed')
  expect(await found(log)).toEqual(['3 after', '2 second day', '1 first day'])
  expect(await log.verify()).toMatchObject({ ok: true, records: 1 })
  await log.stop()
})

test('without any log there is a first one', async () => {
  await restart()
  const log = await open()
  await log.append(event('first'), 'flushed')
  expect(await found(log)).toEqual(['1 first'])
  expect(await log.verify()).toMatchObject({ ok: true, records: 1 })
  await log.stop()
})

test('retention takes the old chain first, and the proof begins at the new one all the while', async () => {
  await writeOld()
  now += DAY_MS
  await restart()
  const log = await open()
  await log.append(event('after'), 'flushed')
  const before = readdirSync(directory()).length
  expect((await log.applyRetention(1)).deleted).toEqual(['audit-2030-01-01.ndjson'])
  expect(readdirSync(directory())).toHaveLength(before - 1)
  expect(await log.verify()).toMatchObject({ ok: true })
  now += 2 * DAY_MS
  await log.append(event('later'), 'flushed')
  await log.applyRetention(1)
  expect(await log.verify()).toMatchObject({ ok: true })
  expect(await found(log)).toEqual(['5 later'])
  await log.stop()
})

test('when the anchor is lost as well, the proof still begins at the new chain', async () => {
  await writeOld()
  now += DAY_MS
  await restart()
  await (await open()).stop()
  rmSync(anchorFile())
  await (await open()).stop() // makes another anchor
  const log = await open()
  const verification = await log.verify()
  expect(verification).toMatchObject({ ok: false, segment: 'audit-2030-01-03.ndjson' })
  await log.stop()
})
