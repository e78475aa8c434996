/**
 * A backup of a gateway that is being written to, and what comes of it on another machine: the same
 * rows, grants, tokens and audit, as they were at one instant. A backup that is not whole changes
 * nothing.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { present } from '../../../src/base/assert.ts'
import { GatewayOn, runBluegate } from './gateway-on.ts'
import type { Directories } from './gateway-on.ts'

const root = mkdtempSync(path.join(os.tmpdir(), 'bluegate-operators-'))
const at = (name: string): Directories => ({
  data: path.join(root, name, 'data'),
  secrets: path.join(root, name, 'secrets'),
})
const FIRST = at('first')
const FILE = path.join(root, 'backup.tar')

/** What the load acknowledged before the backup was asked for, and after it was done. */
const acknowledged = { before: 0, after: 0, tables: 0 }
const tokens: Record<string, string> = {}
let first: GatewayOn

beforeAll(async () => {
  first = await GatewayOn.start(FIRST)
  tokens['writer'] = await first.makeClient('writer')
  await first.sql('CREATE TABLE a (id BIGINT PRIMARY KEY, n VARCHAR); CREATE TABLE b (id BIGINT)')
  tokens['reader'] = await first.makeClient('reader', ['SELECT ON TABLE a'])
  const fill = `INSERT INTO a SELECT i, 'row ' || i FROM range(300000) t(i); INSERT INTO b SELECT i FROM range(300000) t(i)`
  await first.sql(fill)
})

afterAll(async () => {
  await first.stop()
  rmSync(root, { recursive: true, force: true })
})

test('a backup is taken while rows, tables and grants are written', async () => {
  const stop = new AbortController()
  const running = Promise.all([writeRows(stop.signal), makeTables(stop.signal)])
  while (acknowledged.before < 50 || acknowledged.tables < 3) await pause(10)
  const before = acknowledged.before
  const { code, out, err } = await runBluegate(FIRST, ['backup', FILE, '--json'])
  expect(err).toBe('')
  expect(code).toBe(0)
  acknowledged.after = acknowledged.before
  stop.abort()
  await running
  acknowledged.before = before
  expect(JSON.parse(out)).toMatchObject({ file: FILE, tables: expect.any(Number) })
  expect(acknowledged.after, 'writers go on meanwhile').toBeGreaterThan(before)
  expect(readdirSync(path.join(FIRST.data, 'engine', 'databases'))).not.toContain('backup')
  expect(existsSync(path.join(FIRST.data, 'backup-temp'))).toBe(false)
  await expect(first.control.post('/api/v1/audit/verify')).resolves.toMatchObject({ ok: true })
})

test('a backup never overwrites, never lies in the data, and needs a place that is there', async () => {
  const take = async (file: string): Promise<string> =>
    (await runBluegate(FIRST, ['backup', file])).err
  const before = readFileSync(FILE)
  expect(await take(FILE)).toContain('exists already')
  expect(readFileSync(FILE).equals(before)).toBe(true)
  expect(await take(path.join(FIRST.data, 'b.tar'))).toContain('in the data directory')
  expect(await take(path.join(root, 'nowhere', 'b.tar'))).toContain('cannot be written')
})

test('restored on another machine it is what a crash at that instant would have left', async () => {
  const second = at('second')
  copySecrets(second)
  const { code, err } = await restore(second)
  expect(err).toBe('')
  expect(code).toBe(0)
  const gateway = await GatewayOn.start(second)
  try {
    const writer = await gateway.connect('writer', tokens['writer'] ?? '', first.ca)
    const rows = Number(await valueOf(writer, 'SELECT count(*) FROM a'))
    expect(Number(await valueOf(writer, 'SELECT count(*) FROM b'))).toBe(rows)
    expect(rows).toBeGreaterThanOrEqual(300_000 + acknowledged.before)
    expect(rows).toBeLessThanOrEqual(300_000 + acknowledged.after)
    for (const table of ['a', 'b']) {
      const query = `SELECT * FROM ${table} WHERE id < ${rows} ORDER BY id`
      const there = await writer.query({ text: query, rowMode: 'array' })
      const original = await first.connect('writer', tokens['writer'] ?? '')
      const here = await original.query({ text: query, rowMode: 'array' })
      await original.end()
      expect(JSON.stringify(there.rows) === JSON.stringify(here.rows), `rows of ${table}`).toBe(
        true,
      )
    }
    await verifyTables(gateway, writer)
    const reader = await gateway.connect('reader', tokens['reader'] ?? '')
    expect(Number(await valueOf(reader, 'SELECT count(*) FROM a'))).toBe(rows)
    await expect(reader.query('SELECT * FROM b')).rejects.toMatchObject({ code: '42P01' })
    await expect(writer.query("INSERT INTO a VALUES (1, 'again')")).rejects.toMatchObject({
      code: '23505',
    })
    await writer.end()
    await reader.end()
    await verifyAudit(gateway)
  } finally {
    await gateway.stop()
  }
})

test('restored over the secrets of the same machine, the audit says what is not in it', async () => {
  await first.stop()
  const here = { data: path.join(root, 'here', 'data'), secrets: FIRST.secrets }
  mkdirSync(here.data, { recursive: true, mode: 0o700 }) // such as a mount point
  const { code, out, err } = await restore(here, '--json')
  expect(err).toBe('')
  expect(code).toBe(0)
  const { recordsLost } = JSON.parse(out) as { recordsLost: number }
  expect(recordsLost).toBeGreaterThan(0)
  const gateway = await GatewayOn.start(here)
  try {
    await verifyAudit(gateway)
    const [, note = ''] = (
      await runBluegate(here, ['audit', '--action', 'backup_restored', '--json'])
    ).out.split('"details":"')
    expect(note).toMatch(
      /restored at .+, up to record \d+; records \d+ to \d+ of before are not in it/,
    )
  } finally {
    await gateway.stop()
  }
  const [kept] = readdirSync(FIRST.secrets).filter((name) => name.includes('before-restore'))
  expect(kept).toBeDefined()
})

test('into a directory that is not empty, or while a gateway runs, nothing is restored', async () => {
  const full = at('full')
  copySecrets(full)
  mkdirSync(full.data, { recursive: true })
  writeFileSync(path.join(full.data, 'something'), 'of somebody')
  const { code, err } = await restore(full)
  expect(code).toBe(1)
  expect(err).toContain('is not empty: it holds something')
  expect(readdirSync(full.data)).toEqual(['something'])
})

test('a backup that is cut, changed or of other keys is refused, and nothing is changed', async () => {
  const third = at('third')
  copySecrets(third)
  const secretsBefore = listing(third.secrets)
  const whole = readFileSync(FILE)
  const bad = path.join(root, 'bad.tar')
  const names = [
    'metadata.sqlite',
    'audit/',
    'engine/databases/',
    'tls/ca.crt',
    'manifest.json',
    'manifest.seal',
  ]
  const changes = new Map<string, Buffer>()
  for (const name of names) {
    const place = whole.indexOf(name)
    expect(place, `place of ${name}`).toBeGreaterThanOrEqual(0)
    changes.set(`cut in ${name}`, whole.subarray(0, place + 700))
    const changed = Buffer.from(whole)
    changed.writeUInt8(changed.readUInt8(place + 520) ^ 1, place + 520)
    changes.set(`changed in ${name}`, changed)
  }
  for (const [how, bytes] of changes) {
    writeFileSync(bad, bytes)
    const { code, err } = await runBluegate(third, ['restore', bad, '--secrets-dir', third.secrets])
    expect(code, `exit code, ${how}`).toBe(1)
    expect(err, `words, ${how}`).toContain('the backup is damaged or was altered')
    expect(existsSync(third.data), `data, ${how}`).toBe(false)
  }
  const other = at('other')
  await (await GatewayOn.start(other)).stop()
  rmSync(other.data, { recursive: true })
  const foreign = await restore(other)
  expect(foreign.err).toContain('made with other keys')
  expect(existsSync(other.data)).toBe(false)
  const without = await restore(at('nobody'))
  expect(without.err).toContain('is missing')
  expect(listing(third.secrets)).toEqual(secretsBefore)
  expect((await restore(third)).code).toBe(0) // the same, unchanged
})

test('a restore that was killed keeps a gateway from starting', async () => {
  const half = at('half')
  copySecrets(half)
  mkdirSync(path.join(half.data, 'restore-unfinished'), { recursive: true, mode: 0o700 })
  await expect(GatewayOn.start(half)).rejects.toThrow('did not come to its end')
})

/** As `cp -a` does. */
function copySecrets(to: Directories): void {
  cpSync(FIRST.secrets, to.secrets, { recursive: true })
  chmodSync(to.secrets, 0o700)
}

function restore(to: Directories, ...flags: string[]): ReturnType<typeof runBluegate> {
  return runBluegate(to, ['restore', FILE, '--secrets-dir', to.secrets, ...flags])
}

/** Each transaction adds the same row to both tables. */
async function writeRows(signal: AbortSignal): Promise<void> {
  const client = await first.connect('writer', tokens['writer'] ?? '')
  while (!signal.aborted) {
    const id = 300_000 + acknowledged.before
    try {
      await client.query(
        `BEGIN; INSERT INTO a VALUES (${id}, 'late'); INSERT INTO b VALUES (${id}); COMMIT`,
      )
      acknowledged.before += 1
    } catch (error) {
      // definitions moved under the transaction
      if ((error as { code?: string }).code !== '40001') throw error
      await client.query('ROLLBACK')
    }
  }
  await client.end()
}

/** Tables t0, t1 …, each with a grant to the reader, every other one dropped again. */
async function makeTables(signal: AbortSignal): Promise<void> {
  const client = await first.connect('writer', tokens['writer'] ?? '')
  for (let index = 0; !signal.aborted; index += 1) {
    await client.query(`CREATE TABLE t${index} AS SELECT ${index} AS n`)
    await client.query(`GRANT SELECT ON TABLE t${index} TO reader`)
    if (index % 2 === 1) await client.query(`DROP TABLE t${index - 1}`)
    acknowledged.tables += 1
  }
  await client.end()
}

/** Of the tables that are there, all but the newest bear their grant; none bears another's. */
async function verifyTables(gateway: GatewayOn, writer: pg.Client): Promise<void> {
  const listed = await writer.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_name LIKE 't%' AND table_schema = 'public'`,
  )
  const names = listed.rows
    .map(({ name }) => name)
    .toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
  expect(names.length).toBeGreaterThan(0)
  const reader = await gateway.connect('reader', tokens['reader'] ?? '')
  for (const name of names) {
    expect(Number(await valueOf(writer, `SELECT n FROM ${name}`))).toBe(Number(name.slice(1)))
    if (name === names.at(-1)) continue // its grant may have come later
    const seen = await valueOf(reader, `SELECT n FROM ${name}`)
    expect(seen, `what the reader sees of ${name}`).toBe(name.slice(1))
  }
  await reader.end()
}

async function verifyAudit(gateway: GatewayOn): Promise<void> {
  const audit = await gateway.control.post<{ ok: boolean }>('/api/v1/audit/verify')
  expect(audit).toMatchObject({ ok: true })
  let restored = 0
  const filter = { actions: ['backup_restored'] }
  for await (const line of gateway.control.lines('/api/v1/audit/search', filter)) {
    if (line.startsWith('{"record"')) restored += 1
  }
  expect(restored).toBe(1)
}

async function valueOf(client: pg.Client, text: string): Promise<string> {
  const { rows } = await client.query<string[]>({ text, rowMode: 'array' })
  return present(rows[0]?.[0], 'a value')
}

function listing(directory: string): string[] {
  return readdirSync(directory).map(
    (name) => `${name} ${readFileSync(path.join(directory, name)).toString('base64')}`,
  )
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
