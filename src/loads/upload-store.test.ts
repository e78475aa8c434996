import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UploadStore } from './upload-store.ts'

const KIB = 1024

let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'bluegate-store-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const at = (): string => path.join(root, 'uploads')
const open = (limits = {}): Promise<UploadStore> =>
  UploadStore.open(at(), { bytesMax: 64 * KIB, freeBytesMin: 0, ...limits })
const BYTES = { isText: false, announcedBytes: undefined }

test('a file is for its owner alone, whole, and under a name that nobody can guess', async () => {
  const store = await open()
  const one = await store.receive(Readable.from([Buffer.from('a,'), Buffer.from('b')]), BYTES)
  const other = await store.receive(Readable.from([Buffer.from('a,b')]), BYTES)
  expect(one.bytes).toBe(3)
  expect(readFileSync(one.path, 'utf8')).toBe('a,b')
  expect(path.basename(one.path)).toMatch(/^[0-9a-f]{64}$/)
  expect(one.path).not.toBe(other.path)
  expect(statSync(one.path).mode & 0o777).toBe(0o600)
  expect(statSync(at()).mode & 0o777).toBe(0o700)
  await store.remove(one.path)
  await store.remove(one.path)
  expect(readdirSync(at())).toEqual([path.basename(other.path)])
})

test('what a killed gateway left is gone at the next start', async () => {
  mkdirSync(path.join(at(), 'directory'), { recursive: true })
  writeFileSync(path.join(at(), 'left'), 'x')
  await open()
  expect(readdirSync(at())).toEqual([])
})

test('an upload of which nothing arrives any more is ended, and nothing of it stays', async () => {
  const store = await open({ stalledMs: 30 })
  const body = new Readable({ read: () => undefined })
  body.push(Buffer.from('a,b'))
  await expect(store.receive(body, BYTES)).rejects.toMatchObject({
    kind: 'cancelled',
    message: expect.stringContaining('nothing of the file arrived'),
  })
  expect(body.destroyed).toBe(true)
  expect(readdirSync(at())).toEqual([])
})

test('a file beyond the limit is refused, announced or not, and nothing of it stays', async () => {
  const store = await open()
  const large = (): Readable => Readable.from([Buffer.alloc(40 * KIB), Buffer.alloc(40 * KIB)])
  const refused = { kind: 'program_limit', hint: expect.stringContaining('load.sizeMax') }
  await expect(store.receive(large(), BYTES)).rejects.toMatchObject(refused)
  const announced = { ...BYTES, announcedBytes: 80 * KIB }
  await expect(store.receive(large(), announced)).rejects.toMatchObject(refused)
  expect(readdirSync(at())).toEqual([])
  const fits = await store.receive(Readable.from([Buffer.alloc(64 * KIB)]), BYTES)
  expect(fits.bytes).toBe(64 * KIB)
})

test('the last of the disk is not taken', async () => {
  const store = await open({ freeBytesMin: Number.MAX_SAFE_INTEGER })
  await expect(store.receive(Readable.from([Buffer.from('x')]), BYTES)).rejects.toMatchObject({
    kind: 'disk_full',
  })
  expect(readdirSync(at())).toEqual([])
})

test.each([
  ['ENOSPC', 'disk_full'],
  ['ECONNRESET', 'cancelled'],
])('a stream that fails with %s leaves nothing: %s', async (code, kind) => {
  const store = await open()
  const body = Readable.from(
    (function* () {
      yield Buffer.from('some')
      throw Object.assign(new Error('failed'), { code })
    })(),
  )
  await expect(store.receive(body, BYTES)).rejects.toMatchObject({ kind })
  expect(readdirSync(at())).toEqual([])
})

test('UTF-16 becomes UTF-8, also where a character is cut in two; broken UTF-16 is refused', async () => {
  const store = await open()
  const text = { ...BYTES, isText: true }
  const bytes = Buffer.from('\ufeffZoë,😀\n', 'utf16le')
  const cut = [...bytes].map((byte) => Buffer.from([byte]))
  const { path: file } = await store.receive(Readable.from(cut), text)
  expect(readFileSync(file, 'utf8')).toBe('Zoë,😀\n')
  const broken = Readable.from([Buffer.from([0xff, 0xfe, 0x3d, 0xd8, 0x41, 0x00])])
  await expect(store.receive(broken, text)).rejects.toMatchObject({
    kind: 'character_not_in_repertoire',
  })
  const plain = await store.receive(Readable.from([Buffer.from('a')]), text)
  expect(readFileSync(plain.path, 'utf8')).toBe('a')
})
