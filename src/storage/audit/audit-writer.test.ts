import { createSecretKey } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { auditEvent } from '../../audit/audit-log-contract.ts'
import { silentLog } from '../../base/log.ts'
import { AuditChain, GENESIS } from './audit-chain.ts'
import type { ChainHead } from './audit-chain.ts'
import { AuditWriter } from './audit-writer.ts'

/** A segment in memory whose next calls can be made to fail or to wait. */
class FakeFile {
  text = ''
  failures: Error[] = []
  /** Bytes taken before a failing write gives up. */
  partial = 0
  flushes = 0
  flushGate: Promise<void> = Promise.resolve()
  flushFailure: Error | undefined

  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    at: number,
  ): Promise<{ bytesWritten: number }> {
    const failure = this.failures.shift()
    const taken = failure ? this.partial : Math.min(length, 700) // the system may take less than all
    const part = Buffer.from(bytes.subarray(offset, offset + taken)).toString('latin1')
    this.text = this.text.slice(0, at) + part
    return failure ? Promise.reject(failure) : Promise.resolve({ bytesWritten: taken })
  }

  async datasync(): Promise<void> {
    await this.flushGate
    if (this.flushFailure) throw this.flushFailure
    this.flushes += 1
  }

  truncate(size: number): Promise<void> {
    this.text = this.text.slice(0, size)
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

const full = (): Error => Object.assign(new Error('no space left'), { code: 'ENOSPC' })

let file: FakeFile
let settled: ChainHead[]

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') })
  file = new FakeFile()
  settled = []
})

afterEach(() => {
  vi.useRealTimers()
})

function writer(): AuditWriter {
  return new AuditWriter({
    chain: new AuditChain(createSecretKey(new Uint8Array(32))),
    segment: { file, day: '2026-01-01', size: 0 },
    head: GENESIS,
    lastTime: 0,
    nextSegment: () => Promise.reject(full()),
    settled: (head) => {
      settled.push(head)
      return Promise.resolve()
    },
    clock: Date.now,
    log: silentLog,
  })
}

function sequences(): number[] {
  const lines = file.text.split('\n').filter(Boolean)
  return lines.map((line) => (JSON.parse(line) as { sequence: number }).sequence)
}

test('a full disk refuses the act, leaves no half line, and takes nothing else with it', async () => {
  const log = writer()
  await log.append(auditEvent(), 'written')
  file.failures.push(full())
  file.partial = 120
  await expect(log.append(auditEvent(), 'flushed')).rejects.toMatchObject({
    kind: 'disk_full',
    message: 'refused, because it could not be put on record',
    hint: 'Make room on the disk of the audit.',
  })
  expect(sequences()).toEqual([1])
  await log.append(auditEvent(), 'flushed')
  expect(sequences()).toEqual([1, 2])
})

test('a flush that fails refuses its acts and all later ones', async () => {
  const log = writer()
  file.flushFailure = new Error('I/O error')
  await expect(log.append(auditEvent(), 'flushed')).rejects.toMatchObject({ kind: 'io_error' })
  file.flushFailure = undefined
  for (const durability of ['written', 'flushed'] as const) {
    await expect(log.append(auditEvent(), durability)).rejects.toMatchObject({ kind: 'io_error' })
  }
  await log.stop()
})

test('appends that meet during a flush share the next one', async () => {
  const log = writer()
  let release = (): void => undefined
  file.flushGate = new Promise((resolve) => (release = resolve))
  const done: string[] = []
  const first = log.append(auditEvent(), 'flushed').then(() => done.push('first'))
  await vi.advanceTimersByTimeAsync(1)
  const others = Array.from({ length: 50 }, (_, i) =>
    log.append(auditEvent(), 'flushed').then(() => done.push(`other ${i}`)),
  )
  const written = log.append(auditEvent(), 'written').then(() => done.push('written'))
  await vi.advanceTimersByTimeAsync(1)
  expect(done).toEqual(['written']) // it does not wait for the disk
  release()
  await Promise.all([first, written, ...others])
  expect(file.flushes).toBe(2)
})

test('what was only written is flushed within a second, and the anchor follows', async () => {
  const log = writer()
  await log.append(auditEvent(), 'written')
  expect({ flushes: file.flushes, settled }).toEqual({ flushes: 0, settled: [] })
  await vi.advanceTimersByTimeAsync(900)
  expect(file.flushes).toBe(1)
  expect(settled.map(({ sequence }) => sequence)).toEqual([1])
  await vi.advanceTimersByTimeAsync(5000)
  expect(file.flushes).toBe(1) // nothing new, nothing to do
})

test('what is written while the second’s flush runs is flushed by the next', async () => {
  const log = writer()
  await log.append(auditEvent(), 'written')
  let release = (): void => undefined
  file.flushGate = new Promise((resolve) => (release = resolve))
  await vi.advanceTimersByTimeAsync(850) // the flush has begun
  await log.append(auditEvent(), 'written')
  release()
  await vi.advanceTimersByTimeAsync(900)
  expect(settled.at(-1)?.sequence).toBe(2)
  expect(file.flushes).toBe(2)
})

test('the stop waits for what was appended, and flushes it', async () => {
  const log = writer()
  const appended = Promise.all([1, 2, 3].map(() => log.append(auditEvent(), 'written')))
  await log.stop()
  await appended
  expect(sequences()).toEqual([1, 2, 3])
  expect(settled.at(-1)?.sequence).toBe(3)
  await expect(log.append(auditEvent(), 'written')).rejects.toMatchObject({
    kind: 'cannot_connect_now',
  })
})

test('a new day whose segment cannot be made refuses the act and stays where it was', async () => {
  const log = writer()
  await log.append(auditEvent(), 'flushed')
  vi.setSystemTime(Date.now() + 86_400_000)
  await expect(log.append(auditEvent(), 'flushed')).rejects.toMatchObject({ kind: 'disk_full' })
  expect(sequences()).toEqual([1])
})

test('a record that is too large is refused, the next one is not', async () => {
  const log = writer()
  const details = 'x'.repeat(17 * 1024 * 1024)
  await expect(log.append(auditEvent({ details }), 'written')).rejects.toMatchObject({
    kind: 'program_limit',
  })
  await log.append(auditEvent(), 'written')
})
