import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createSecretKey } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AuditEvent } from '../../audit/audit-event.ts'
import { silentLog } from '../../base/log.ts'
import { AuditChain, GENESIS } from './audit-chain.ts'
import { AuditReserve } from './audit-reserve.ts'
import { AuditWriter } from './audit-writer.ts'
import type { SegmentFile } from './audit-writer.ts'

const EVENT: AuditEvent = {
  category: 'SELECT',
  action: 'statement',
  outcome: 'succeeded',
  username: 'bi',
  address: '10.0.0.1',
  door: 'postgres',
  initiatedBy: 'External',
  startedAt: '2030-01-01T00:00:00.000Z',
}

let directory: string
let reserve: AuditReserve | undefined
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'bluegate-reserve-'))))
afterEach(() => {
  reserve?.stop()
  rmSync(directory, { recursive: true })
})

async function open(free: { bytes: number }, onRefilled: () => void = () => undefined) {
  const room = {
    get freeBytes() {
      return free.bytes
    },
  } as never
  const file = join(directory, 'reserve')
  const settings = { file, bytes: 3_000_000, keepFreeBytes: 1_000, room }
  reserve = await AuditReserve.open(settings, silentLog, onRefilled)
  return reserve
}

test('the reserve takes the room that it keeps, once, and is low when what is beside it is', async () => {
  const free = { bytes: 10_000_000 }
  const first = await open(free)
  const { blocks, size } = statSync(join(directory, 'reserve'))
  expect(size).toBe(3_000_000)
  expect(blocks * 512).toBeGreaterThanOrEqual(3_000_000)
  expect(first.isLow).toBe(false)
  free.bytes = 999
  expect(first.isLow).toBe(true)
  free.bytes = 1_000
  expect(first.isLow).toBe(false)
})

test('given up it is gone, a second time there is nothing to give; with room it comes back', async () => {
  const free = { bytes: 10_000_000 }
  const refilled = vi.fn<() => void>()
  const one = await open(free, refilled)
  expect(await one.release()).toBe(true)
  expect(await one.release()).toBe(false)
  expect(one.isLow).toBe(true)
  expect(() => statSync(join(directory, 'reserve'))).toThrow('ENOENT')
  await vi.waitFor(() => expect(refilled).toHaveBeenCalledOnce(), { timeout: 20_000, interval: 50 })
  expect(one.isLow).toBe(false)
})

test('where there is no room from the start nothing may be changed until there is', async () => {
  const one = await open({ bytes: 2_000_000 })
  expect(one.isLow).toBe(true)
  expect(() => statSync(join(directory, 'reserve'))).toThrow('ENOENT')
})

test('a record that finds no room is written into the room that is made, and only once', async () => {
  const written: Buffer[] = []
  let room = 0
  const file: SegmentFile = {
    write(bytes, offset, length) {
      if (room < length) return Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }))
      room -= length
      written.push(Buffer.from(bytes.subarray(offset, offset + length)))
      return Promise.resolve({ bytesWritten: length })
    },
    datasync: () => Promise.resolve(),
    truncate: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
  let reserves = 1
  const writer = new AuditWriter({
    chain: new AuditChain(createSecretKey(Buffer.alloc(32))),
    segment: { file, day: new Date().toISOString().slice(0, 10), size: 0 },
    head: GENESIS,
    lastTime: 0,
    nextSegment: () => Promise.reject(new Error('it is the same day')),
    settled: () => Promise.resolve(),
    makeRoom: () => {
      if (reserves === 0) return Promise.resolve(false)
      reserves -= 1
      room = 400
      return Promise.resolve(true)
    },
    clock: Date.now,
    log: silentLog,
  })
  await writer.append(EVENT, 'flushed')
  await expect(writer.append(EVENT, 'flushed')).rejects.toMatchObject({ kind: 'disk_full' })
  const lines = Buffer.concat(written).toString().trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { sequence: number }).sequence)).toEqual([1])
  room = 10_000
  await writer.append(EVENT, 'flushed')
  expect(Buffer.concat(written).toString()).toContain('"sequence":2')
  await writer.stop()
})
