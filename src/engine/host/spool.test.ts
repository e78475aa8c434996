import { mkdtempSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { closeSpool, readSpool, SpoolWriter } from './spool.ts'

const directory = mkdtempSync(join(tmpdir(), 'bluegate-spool-'))
afterAll(() => rmSync(directory, { recursive: true }))

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text))

test('parts come back as they were, in any order', () => {
  const writer = new SpoolWriter(directory, 1000)
  writer.write({ bytes: bytesOf('first'), rows: 1 })
  writer.write({ bytes: bytesOf('the second'), rows: 2 })
  const spool = writer.finish()
  expect(readSpool(spool, 1)).toEqual({ bytes: bytesOf('the second'), rows: 2 })
  expect(readSpool(spool, 0)).toEqual({ bytes: bytesOf('first'), rows: 1 })
  closeSpool(spool)
  expect(readdirSync(directory)).toEqual([])
})

test.skipIf(process.platform !== 'linux')(
  'the disk holds neither a name nor a readable row',
  () => {
    const writer = new SpoolWriter(directory, 10_000)
    writer.write({ bytes: bytesOf('salary 4711 '.repeat(100)), rows: 100 })
    const spool = writer.finish()
    expect(readdirSync(directory)).toEqual([])
    const onDisk = readFileSync(`/proc/self/fd/${spool.file}`)
    expect(onDisk.length).toBe(1200 + 16)
    expect(onDisk.includes('4711')).toBe(false)
    closeSpool(spool)
  },
)

test('a part that was changed on disk is an error, never other rows', () => {
  const writer = new SpoolWriter(directory, 1000)
  writer.write({ bytes: bytesOf('first'), rows: 1 })
  const spool = writer.finish()
  writeSync(spool.file, 'x', 2)
  expect(() => readSpool(spool, 0)).toThrow(expect.objectContaining({ kind: 'io_error' }))
  closeSpool(spool)
})

test('beyond the bound the result cannot be put aside; at the bound it can', () => {
  const writer = new SpoolWriter(directory, 2 * (10 + 16))
  writer.write({ bytes: new Uint8Array(10), rows: 1 })
  writer.write({ bytes: new Uint8Array(10), rows: 1 })
  expect(() => writer.write({ bytes: new Uint8Array(0), rows: 1 })).toThrow(
    expect.objectContaining({ kind: 'configuration_limit' }),
  )
  writer.discard()
  expect(readdirSync(directory)).toEqual([])
})
