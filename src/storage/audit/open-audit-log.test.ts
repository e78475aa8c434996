import { spawn } from 'node:child_process'
import { createSecretKey } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFile,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { auditEvent, auditLogContract, found } from '../../audit/audit-log-contract.ts'
import { present } from '../../base/assert.ts'
import { silentLog } from '../../base/log.ts'
import { openAuditLog } from './open-audit-log.ts'
import type { AuditLogParts, OpenAuditLog } from './open-audit-log.ts'

const DAY_MS = 86_400_000
const KEY = createSecretKey(new Uint8Array(32).fill(3))

let directory: string
let opened: OpenAuditLog[]
let now: number

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bluegate-audit-'))
  opened = []
  now = Date.parse('2026-03-01T10:00:00Z')
})

afterEach(async () => {
  for (const log of opened) await log.stop()
  await rm(directory, { recursive: true })
})

async function open(change: Partial<AuditLogParts> = {}): Promise<OpenAuditLog> {
  const log = await openAuditLog({
    directory,
    key: KEY,
    clock: () => now,
    log: silentLog,
    ...change,
  })
  opened.push(log)
  return log
}

async function close(): Promise<void> {
  await opened.pop()?.stop()
}

/** `count` records on each of `days` days, and the log closed. */
async function write(days: number, count = 3): Promise<void> {
  const log = await open()
  for (let day = 0; day < days; day += 1) {
    if (day > 0) now += DAY_MS
    for (let i = 0; i < count; i += 1) await log.append(auditEvent({ queryId: i }), 'flushed')
  }
  await close()
}

async function segments(): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.endsWith('.ndjson')).toSorted()
}

async function path(index: number): Promise<string> {
  return join(directory, present((await segments()).at(index), 'there is such a segment'))
}

async function alter(index: number, change: (lines: string[]) => string[]): Promise<void> {
  const file = await path(index)
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  await writeFile(
    file,
    change(lines)
      .map((line) => `${line}\n`)
      .join(''),
  )
}

describe('the audit on disk keeps the contract:', () => {
  auditLogContract(() => open({ clock: Date.now }))
})

test('a segment a day, each beginning with the head of the one before; a restart goes on', async () => {
  await write(3)
  expect(await segments()).toEqual([
    'audit-2026-03-01.ndjson',
    'audit-2026-03-02.ndjson',
    'audit-2026-03-03.ndjson',
  ])
  const lines = (await readFile(await path(0), 'utf8')).trimEnd().split('\n')
  const header = (await readFile(await path(1), 'utf8')).split('\n', 1)[0]
  const last = JSON.parse(present(lines.at(-1), 'there are lines')) as { h: string }
  expect(JSON.parse(present(header, 'there is a header'))).toMatchObject({
    day: '2026-03-02',
    first: 4,
    previous: last.h,
  })
  const log = await open()
  await log.append(auditEvent(), 'flushed')
  expect(await log.verify()).toMatchObject({ ok: true, records: 10, segments: 3 })
  expect((await found(log)).map(({ sequence }) => sequence)).toEqual([
    10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
  ])
  expect((await stat(await path(0))).mode & 0o777).toBe(0o600)
})

test('a time frame finds its days', async () => {
  await write(4)
  const log = await open()
  const ids = async (filter: object): Promise<number[]> =>
    (await found(log, filter)).map(({ sequence }) => sequence)
  expect(await ids({ from: '2026-03-02T00:00:00Z', to: '2026-03-04T00:00:00Z' })).toEqual([
    9, 8, 7, 6, 5, 4,
  ])
  expect(await ids({ from: '2026-03-02T10:00:00.001Z', to: '2026-03-03T10:00:00Z' })).toEqual([])
  expect(await ids({ to: '2026-03-01T10:00:00.001Z' })).toEqual([3, 2, 1])
})

test('a clock that is set back does not reorder the records', async () => {
  const log = await open()
  await log.append(auditEvent(), 'written')
  now -= 3 * DAY_MS
  await log.append(auditEvent(), 'written')
  const times = (await found(log)).map(({ time }) => time)
  expect(times[0]).toBe(times[1])
  await close()
  const again = await open()
  await again.append(auditEvent(), 'written')
  expect((await found(again))[0]?.time).toBe(times[0])
  expect(await again.verify()).toMatchObject({ ok: true, records: 3, segments: 1 })
})

test('a line that a crash tore is cut, and the cut is on record', async () => {
  await write(1)
  await appendFile(await path(0), '{"sequence":4,"time":"2026-03-01T10:00:00.000Z","categ')
  const log = await open()
  const [repair, ...rest] = await found(log)
  expect(repair).toMatchObject({
    sequence: 4,
    category: 'SYSTEM',
    action: 'audit_repaired',
    details: expect.stringContaining('54 bytes of a line that was never acknowledged'),
  })
  expect(rest).toHaveLength(3)
  expect(await log.verify()).toMatchObject({ ok: true, records: 4 })
})

test.each([1, 100, 5000])(
  '%d bytes of zeros at the end, as after a power failure, are put aside',
  async (count) => {
    await write(1)
    await appendFile(await path(0), Buffer.concat([Buffer.alloc(count), Buffer.from('\n')]))
    const log = await open()
    expect((await found(log))[0]?.details).toContain('damaged and moved to')
    expect((await readdir(directory)).filter((name) => name.includes('.damaged-'))).toHaveLength(1)
    expect(await log.verify()).toMatchObject({ ok: true, records: 4 })
  },
)

test('a segment whose header was torn is put aside, and its day begins again', async () => {
  await write(1)
  now += DAY_MS
  await writeFile(join(directory, 'audit-2026-03-02.ndjson'), '{"audit":1,"day":"20')
  const log = await open()
  await log.append(auditEvent(), 'flushed')
  expect(await log.verify()).toMatchObject({ ok: true, records: 5, segments: 2 })
})

test.each([
  [0, 1, '"first":', '"first" :'],
  [0, 1, '"previous":"genesis"', '"previous":"Genesis"'],
  [0, 3, '"tableau"', '"tableaU"'],
  [1, 1, '"first":4', '"first":5'],
  [1, 2, '"queryId":0', '"queryId":9'],
])('the proof finds a change in segment %d, line %d: %s', async (index, line, find, by) => {
  await write(3)
  await alter(index, (lines) =>
    lines.map((text, at) => (at === line - 1 ? text.replace(find, by) : text)),
  )
  const segment = (await segments())[index]
  expect(await (await open()).verify()).toMatchObject({ ok: false, segment, line })
})

test('a last record that was altered is not gone on from', async () => {
  await write(2)
  await alter(1, (lines) => lines.map((text) => text.replace('"queryId":2', '"queryId":7')))
  const log = await open()
  expect(await log.verify()).toMatchObject({
    ok: false,
    problem: expect.stringContaining('6 to 6'),
  })
  expect((await found(log)).map(({ details }) => details)).toContainEqual(
    expect.stringContaining('damaged and moved to'),
  )
})

test('the proof finds a record that was taken out, put in twice, or moved', async () => {
  const changes: ((lines: string[]) => string[])[] = [
    ([head = '', one = '', , three = '', ...rest]) => [head, one, three, ...rest],
    ([head = '', one = '', two = '', ...rest]) => [head, one, two, two, ...rest],
    ([head = '', one = '', two = '', ...rest]) => [head, two, one, ...rest],
    ([, ...records]) => records,
  ]
  for (const change of changes) {
    await rm(directory, { recursive: true })
    now = Date.parse('2026-03-01T10:00:00Z')
    await write(2, 5)
    await alter(0, change)
    const log = await open()
    const outcome = await log.verify()
    expect(outcome).toMatchObject({ ok: false, segment: 'audit-2026-03-01.ndjson' })
    await close()
  }
})

test('the proof finds a segment that was taken out or renamed', async () => {
  await write(3)
  await rename(await path(1), join(directory, 'taken'))
  const log = await open()
  expect(await log.verify()).toEqual({
    ok: false,
    segment: 'audit-2026-03-03.ndjson',
    line: 1,
    problem: '3 records are missing before record 7',
  })
  await rename(join(directory, 'taken'), join(directory, 'audit-2026-03-02.ndjson'))
  expect(await log.verify()).toMatchObject({ ok: true, records: 9 })
  await rename(await path(0), join(directory, 'taken'))
  expect(await log.verify()).toMatchObject({ ok: false, problem: 'the segment is missing' })
})

test('records cut from the end are missed, also after the gateway went on', async () => {
  await write(1, 5)
  const text = await readFile(await path(0), 'utf8')
  const kept = text.split('\n').slice(0, 4).join('\n').length + 1
  await truncate(await path(0), kept) // header and three records
  const log = await open()
  expect((await found(log))[0]).toMatchObject({
    sequence: 6,
    action: 'audit_repaired',
    details: 'records 4 to 5 are missing',
  })
  const problem = expect.stringContaining('records 4 to 5 are missing')
  expect(await log.verify()).toMatchObject({ ok: false, line: 5, problem })
  await log.append(auditEvent(), 'flushed')
  await close()
  const again = await open()
  expect(await again.verify()).toMatchObject({ ok: false, line: 5, problem })
  expect((await found(again)).map(({ sequence }) => sequence)).toEqual([7, 6, 3, 2, 1])
})

test('a last segment that was deleted is missed', async () => {
  await write(2)
  await rm(await path(1))
  const log = await open()
  expect((await found(log))[0]?.details).toBe('records 4 to 6 are missing')
  expect(await log.verify()).toMatchObject({
    ok: false,
    problem: expect.stringContaining('records 4 to 6 are missing'),
  })
})

test('an anchor that was deleted or altered is missed', async () => {
  await write(1)
  const anchor = join(directory, 'anchor.json')
  const original = await readFile(anchor, 'utf8')
  const log = await open()
  await writeFile(anchor, original.replace('"sequence":3', '"sequence":2'))
  expect(await log.verify()).toMatchObject({ ok: false, problem: 'the anchor was altered' })
  await rm(anchor)
  expect(await log.verify()).toMatchObject({ ok: false, problem: 'the anchor is missing' })
  await close()
  await rm(anchor, { force: true })
  const again = await open()
  expect((await found(again))[0]?.details).toContain('the anchor was missing')
  expect(await again.verify()).toMatchObject({ ok: false })
})

test('a log written with another key is refused and left as it is', async () => {
  await write(1)
  const before = await readFile(await path(0))
  const key = createSecretKey(new Uint8Array(32).fill(4))
  await expect(open({ key })).rejects.toMatchObject({
    kind: 'object_not_in_prerequisite_state',
    message: 'the audit was written with another key',
  })
  expect(await readFile(await path(0))).toEqual(before)
  expect(await (await open()).verify()).toMatchObject({ ok: true, records: 3 })
})

test('a damaged line is shown in every search, not left out', async () => {
  await write(2)
  await alter(0, (lines) => lines.map((line, index) => (index === 2 ? line.slice(5) : line)))
  const log = await open()
  const shown = await found(log, { usernames: ['nobody'] })
  expect(shown).toMatchObject([
    { action: 'audit_damaged', error: expect.stringContaining('03-01') },
  ])
})

test('what a lost page leaves is shown in a search that passes over its block', async () => {
  await write(2, 20)
  await alter(0, (lines) =>
    lines.map((line, index) =>
      index === 9 ? `${line.slice(0, 40)}${'\0'.repeat(40)}${line.slice(80)}` : line,
    ),
  )
  expect(await found(await open(), { usernames: ['nobody'] })).toMatchObject([
    { action: 'audit_damaged' },
  ])
})

test('one record among thousands is found, and a time restricts inside a day', async () => {
  const log = await open()
  const appends: Promise<void>[] = []
  for (let hour = 0; hour < 3; hour += 1) {
    for (let n = 0; n < 1500; n += 1) {
      const username = hour === 1 && n === 700 ? 'once' : 'often'
      appends.push(log.append(auditEvent({ username, queryId: hour + 1 }), 'written'))
    }
    await Promise.all(appends)
    now += 3_600_000
  }
  expect(await found(log, { usernames: ['once'] })).toMatchObject([{ sequence: 2201 }])
  const second = { from: '2026-03-01T11:00:00Z', to: '2026-03-01T12:00:00Z' }
  const records = await found(log, second)
  expect(records).toHaveLength(1500)
  expect(new Set(records.map(({ queryId }) => queryId))).toEqual(new Set([2]))
  expect(await found(log, { ...second, usernames: ['often'], limit: 2 })).toMatchObject([
    { sequence: 3000 },
    { sequence: 2999 },
  ])
})

test('a log whose last records are larger than what is read at once goes on', async () => {
  const log = await open()
  for (let n = 0; n < 3; n += 1) {
    await log.append(auditEvent({ details: String(n).repeat(700_000) }), 'flushed')
  }
  await close()
  const again = await open()
  await again.append(auditEvent(), 'flushed')
  expect(await again.verify()).toMatchObject({ ok: true, records: 4 })
})

test('retention deletes whole segments, and the rest still proves', async () => {
  await write(5)
  const log = await open({ retentionDays: 2 })
  expect(await segments()).toEqual([
    'audit-2026-03-03.ndjson',
    'audit-2026-03-04.ndjson',
    'audit-2026-03-05.ndjson',
  ])
  expect((await found(log))[0]).toMatchObject({
    action: 'audit_retention',
    details: 'audit-2026-03-01.ndjson, audit-2026-03-02.ndjson',
  })
  expect(await log.verify()).toMatchObject({ ok: true, records: 10, segments: 3 })
  expect(await log.applyRetention()).toEqual({ deleted: [] })
  now += 100 * DAY_MS
  await log.append(auditEvent(), 'flushed') // a new day: retention comes with it
  await log.applyRetention()
  expect(await segments()).toEqual(['audit-2026-06-13.ndjson'])
  expect(await log.verify()).toMatchObject({ ok: true, segments: 1 })
  await close()
  await rm(await path(0))
  expect(await (await open()).verify()).toMatchObject({ ok: false })
})

test('searches and a proof run at the same time as appends', async () => {
  const log = await open()
  const appends: Promise<void>[] = []
  for (let i = 0; i < 3000; i += 1) appends.push(log.append(auditEvent({ queryId: i }), 'written'))
  await Promise.all(appends.slice(0, 1000))
  const [proof, all, few] = await Promise.all([
    log.verify(),
    found(log),
    found(log, { limit: 10 }),
    ...appends,
  ])
  expect(proof).toMatchObject({ ok: true })
  expect(all.length).toBeGreaterThanOrEqual(1000)
  expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, i) => all.length - i))
  expect(few).toHaveLength(10)
})

test('nothing that was acknowledged is lost when the process is killed, and the next start needs no hand', async () => {
  const module = new URL('./open-audit-log.ts', import.meta.url).href
  const script = `
    import { createSecretKey } from 'node:crypto'
    import { writeSync } from 'node:fs'
    import { openAuditLog } from ${JSON.stringify(module)}
    const quiet = () => {}
    const log = await openAuditLog({
      directory: process.argv[1],
      key: createSecretKey(new Uint8Array(32).fill(3)),
      clock: Date.now,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    })
    const event = ${JSON.stringify(auditEvent({ details: 'x'.repeat(2000) }))}
    let queryId = 0
    const work = async (durability) => {
      for (;;) {
        const id = (queryId += 1)
        await log.append({ ...event, queryId: id }, durability)
        writeSync(1, id + '\\n')
      }
    }
    for (let i = 0; i < 8; i += 1) void work(i % 2 ? 'flushed' : 'written')`
  const acknowledged = new Set<number>()
  for (let round = 0; round < 3; round += 1) {
    acknowledged.clear()
    const before = (await segments()).length > 0 ? await countRecords() : 0
    const writer = spawn(process.execPath, ['--input-type=module', '-e', script, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    writer.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await once(writer.stdout, 'data')
    await new Promise((resolve) => setTimeout(resolve, 100 + 150 * round))
    writer.kill('SIGKILL')
    await once(writer, 'close')
    for (const line of output.split('\n').slice(0, -1)) acknowledged.add(Number(line))
    expect(acknowledged.size).toBeGreaterThan(0)
    now = Date.now()
    const log = await open()
    const records = (await found(log)).slice(0, -before || undefined)
    const ids = new Set(records.map(({ queryId }) => queryId))
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([])
    expect(await log.verify()).toMatchObject({ ok: true })
    await close()
  }
})

async function countRecords(): Promise<number> {
  const log = await open({ clock: Date.now })
  const count = (await found(log)).length
  await close()
  return count
}
