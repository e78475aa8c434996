/**
 * A data directory on a file system that is really full: nothing can be changed, reading goes on, and
 * when there is room again everything does, with nothing lost or broken.
 *
 * It mounts a small file system for itself, which needs the right to: root, or a user namespace.
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reachableSocketPath } from '../../../src/base/control-socket-path.ts'
import { GatewayOn, runBluegate } from './gateway-on.ts'
import type { Directories } from './gateway-on.ts'

const MIB = 1024 ** 2
const root = mkdtempSync(path.join(os.tmpdir(), 'bluegate-full-'))
const disk = path.join(root, 'disk')
const place: Directories = { data: path.join(disk, 'data'), secrets: path.join(root, 'secrets') }
const ballast = path.join(disk, 'ballast')
const FLAGS = ['--set', 'disk.keepFree=8MiB']

let gateway: GatewayOn
let token: string

beforeAll(async () => {
  mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'bluegate-test', disk])
  } catch (error) {
    throw new Error('this test needs to mount a tmpfs: run it as root', { cause: error })
  }
  gateway = await GatewayOn.start(place, ...FLAGS)
  token = await gateway.makeClient('writer')
  await gateway.sql('CREATE TABLE t (n BIGINT); INSERT INTO t SELECT * FROM range(1000)')
})

afterAll(async () => {
  await gateway.stop()
  execFileSync('umount', ['-l', disk])
  rmSync(root, { recursive: true, force: true })
})

/** Leaves so many bytes of room. */
function fill(left: number): void {
  rmSync(ballast, { force: true })
  const { bavail, bsize } = statfsSync(disk)
  const wanted = bavail * bsize - left
  if (wanted > 0) writeFileSync(ballast, Buffer.alloc(wanted, 1))
}

/** @returns the status and the body of /readyz. */
async function ready(): Promise<readonly [status: number | undefined, body: unknown]> {
  const socketPath = reachableSocketPath(place.data)
  const request = get({ socketPath, path: '/readyz' })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return [response.statusCode, await json(response)]
}

async function eventually(check: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await check()
      return
    } catch (error) {
      if (attempt === 60) throw error
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}

/** What must not work on a full disk, each by the words of its own door. */
async function expectNoChange(): Promise<void> {
  const client = await gateway.connect('writer', token)
  const full = { code: '53100' }
  await expect(client.query('INSERT INTO t VALUES (-1)')).rejects.toMatchObject(full)
  await expect(client.query('CREATE TABLE u (n BIGINT)')).rejects.toMatchObject(full)
  await expect(client.query('CREATE ROLE late')).rejects.toMatchObject(full)
  expect((await client.query('SELECT count(*) AS n FROM t WHERE n >= 0')).rows).toEqual([
    { n: '1000' },
  ])
  await client.end()
  const create = gateway.control.post('/api/v1/clients', { name: 'late', role: 'writer' })
  await expect(create).rejects.toMatchObject({ kind: 'disk_full' })
  expect(await gateway.control.get('/api/v1/clients')).toBeDefined()
}

async function expectAllWell(): Promise<void> {
  await eventually(async () => {
    const client = await gateway.connect('writer', token)
    try {
      await client.query('INSERT INTO t VALUES (-1)')
    } finally {
      await client.end()
    }
  })
  expect(await gateway.sql('SELECT count(*) FROM t WHERE n >= 0')).toEqual([['1000']])
  expect(await gateway.control.post('/api/v1/audit/verify')).toMatchObject({ ok: true })
  await eventually(async () => {
    expect(await ready()).toEqual([200, { status: 'ready', reasons: [] }])
  })
}

test('below the room that is kept free nothing can be changed, and reading goes on', async () => {
  await expectAllWell()
  fill(6 * MIB)
  await eventually(expectNoChange)
  expect(JSON.stringify(await gateway.control.get('/api/v1/warnings'))).toContain('disk_low')
  rmSync(ballast)
  await expectAllWell()
})

test('with no room at all the reserve keeps reading on record, and nothing is lost', async () => {
  fill(0)
  const client = await gateway.connect('writer', token)
  for (let index = 0; index < 300; index += 1) {
    await client.query(`SELECT ${index}, '${'long '.repeat(2_000)}'`)
  }
  await client.end()
  await expectNoChange()
  expect(gateway.printed).toContain('the disk is full')
  rmSync(ballast)
  await expectAllWell()
  await eventually(async () => {
    const { out } = await runBluegate(place, ['audit', '--action', 'disk_full_over'])
    expect(out).toContain('1 record')
  })
})

test('a write that outgrows the disk fails, and takes nothing with it', async () => {
  fill(30 * MIB)
  const client = await gateway.connect('writer', token)
  const insert = `INSERT INTO t SELECT -((hash(i) // 4)::BIGINT) - 1 FROM range(30000000) t(i)`
  await expect(client.query(insert)).rejects.toMatchObject({
    code: expect.stringMatching(/^(53100|57P02|58030)$/),
  })
  await client.end()
  expect(await gateway.sql('SELECT count(*) FROM t WHERE n >= 0')).toEqual([['1000']])
  rmSync(ballast)
  await expectAllWell()
})

test('a gateway that starts on a full disk gives up the reserve, and serves readers', async () => {
  fill(0)
  await gateway.stop('SIGKILL')
  gateway = await GatewayOn.start(place, ...FLAGS)
  await expectNoChange()
  expect(await ready()).toEqual([503, { status: 'not ready', reasons: ['disk'] }])
  rmSync(ballast)
  await expectAllWell()
})

test('where there is no room and no reserve, a start says so, and succeeds with room', async () => {
  await gateway.stop()
  fill(0)
  rmSync(path.join(place.data, 'audit-reserve'))
  fillToTheBrim()
  await expect(GatewayOn.start(place, ...FLAGS)).rejects.toThrow(/"code":"(disk_full|io_error)"/)
  rmSync(ballast)
  rmSync(path.join(disk, 'more'))
  gateway = await GatewayOn.start(place, ...FLAGS)
  await expectAllWell()
  expect(await gateway.control.get('/api/v1/status')).toBeDefined()
})

/** The room that the reserve left, too. */
function fillToTheBrim(): void {
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(path.join(disk, 'more'), Buffer.alloc(bavail * bsize, 1))
}
