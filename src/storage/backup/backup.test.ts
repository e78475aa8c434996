import { createHash, randomBytes } from 'node:crypto'
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { KeyRing } from '../../identity/key-ring.ts'
import { sealManifest } from './backup-manifest.ts'
import { unpackBackup, verifyBackup } from './read-backup.ts'
import { writeBackup } from './write-backup.ts'

const NEVER = new AbortController().signal
const KEYS = new KeyRing(1, new Map([[1, randomBytes(32)]]))
const ANCHOR = {
  head: { sequence: 7, hash: 'h' },
  oldest: { segment: 'audit-2030-01-01.ndjson', previous: 'genesis' },
}
const ABOUT = { gatewayVersion: '1.2.3', takenAt: '2030-01-01T00:00:00.000Z', audit: ANCHOR }

let root: string
let file: string
const contents = {
  'metadata.sqlite': randomBytes(3_000),
  'audit/audit-2030-01-01.ndjson': Buffer.from('{"a":1}\n'),
  'engine/databases/master.duckdb': randomBytes(2_500_000),
  'tls/empty': Buffer.alloc(0),
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bluegate-archive-'))
  file = join(root, 'b.tar')
})
afterEach(() => rmSync(root, { recursive: true }))

async function write(keys = KEYS, target = file, signal = NEVER): Promise<number> {
  const sources = await Promise.all(
    Object.entries(contents).map(async ([name, bytes], index) => {
      const path = join(root, `source-${index}`)
      writeFileSync(path, Buffer.concat([bytes, Buffer.from('appended meanwhile')]))
      return { name, handle: await open(path), size: bytes.length }
    }),
  )
  const request = { file: target, about: ABOUT, sources, keys, onBytes: () => undefined }
  try {
    return await writeBackup(request, signal)
  } finally {
    for (const { handle } of sources) await handle.close()
  }
}

test('what was packed comes back, byte by byte, and no more than it was at that time', async () => {
  const size = await write()
  expect(readFileSync(file).length).toBe(size)
  const { manifest } = await verifyBackup(file, KEYS)
  expect(manifest).toMatchObject({ bluegateBackup: 1, ...ABOUT })
  const target = join(root, 'out')
  await mkdir(target)
  await unpackBackup(file, manifest, target)
  for (const [name, bytes] of Object.entries(contents)) {
    expect(readFileSync(join(target, name)).equals(bytes), `content of ${name}`).toBe(true)
  }
})

test('a file that is there already is not overwritten; the partial one of a killed backup is', async () => {
  writeFileSync(`${file}.partial`, 'left over')
  await write()
  const first = readFileSync(file)
  await expect(write()).rejects.toMatchObject({ kind: 'duplicate_object' })
  expect(readFileSync(file).equals(first)).toBe(true)
  expect(readdirSync(root).filter((name) => name.endsWith('.partial'))).toEqual([])
})

test('a cancelled backup leaves no file', async () => {
  const cancel = new AbortController()
  cancel.abort()
  await expect(write(KEYS, file, cancel.signal)).rejects.toMatchObject({ kind: 'cancelled' })
  expect(readdirSync(root).filter((name) => name.startsWith('b.tar'))).toEqual([])
})

test('a place that is not there is an error that says so', async () => {
  await expect(write(KEYS, join(root, 'no', 'b.tar'))).rejects.toMatchObject({ kind: 'io_error' })
  await expect(verifyBackup(join(root, 'none.tar'), KEYS)).rejects.toMatchObject({
    kind: 'undefined_object',
  })
})

test('other keys: neither made by another installation nor by a key that is gone', async () => {
  await write()
  const other = new KeyRing(1, new Map([[1, randomBytes(32)]]))
  const refusal = { kind: 'object_not_in_prerequisite_state' }
  await expect(verifyBackup(file, other)).rejects.toMatchObject(refusal)
  const older = new KeyRing(2, new Map([[2, randomBytes(32)]]))
  await expect(verifyBackup(file, older)).rejects.toMatchObject(refusal)
  KEYS.adopt(2, randomBytes(32))
  await expect(verifyBackup(file, KEYS)).resolves.toBeDefined()
})

test('a backup that is cut at any place is refused', async () => {
  const size = await write()
  const whole = readFileSync(file)
  const manifestAt = whole.indexOf('manifest.json')
  const sealAt = whole.indexOf('manifest.seal')
  const cuts = [0, 1, 511, 512, 513, 3_000, 3_584, 4_096, size / 2, manifestAt - 1, manifestAt]
  cuts.push(
    manifestAt + 600,
    sealAt,
    sealAt + 512,
    sealAt + 540,
    sealAt + 1024,
    size - 512,
    size - 1,
  )
  for (const cut of cuts) {
    writeFileSync(file, whole)
    truncateSync(file, Math.floor(cut))
    await expect(verifyBackup(file, KEYS), `cut after ${cut}`).rejects.toMatchObject({
      kind: 'data_exception',
    })
  }
  writeFileSync(file, whole)
  await expect(verifyBackup(file, KEYS)).resolves.toBeDefined()
})

test('a byte changed anywhere is refused, and so is anything appended', async () => {
  await write()
  const whole = readFileSync(file)
  const places = [...Object.keys(contents), 'manifest.json', 'manifest.seal'].flatMap((name) => {
    const at = whole.indexOf(name)
    return [at, at + 124, at + 512] // its name, its size, its content
  })
  places.push(whole.indexOf('1.2.3'), whole.indexOf('2030-01-01T'), whole.indexOf('"sequence"'))
  for (const at of places) {
    const changed = Buffer.from(whole)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    writeFileSync(file, changed)
    await expect(verifyBackup(file, KEYS), `byte ${at}`).rejects.toMatchObject({
      kind: 'data_exception',
    })
  }
  writeFileSync(file, Buffer.concat([whole, Buffer.alloc(512)]))
  await expect(verifyBackup(file, KEYS)).rejects.toMatchObject({ kind: 'data_exception' })
})

test('who has no key cannot make a changed backup whole again, who has it can', async () => {
  await write()
  const forge = (seal: (manifest: Buffer) => string): void => {
    const archive = readFileSync(file)
    const before = contents['audit/audit-2030-01-01.ndjson']
    const after = Buffer.from('{"a":2}\n')
    after.copy(archive, archive.indexOf(before))
    const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
    archive.write(digest(after), archive.indexOf(digest(before)))
    const at = archive.indexOf('manifest.json') + 512
    const manifest = archive.subarray(at, archive.indexOf('}\n\0', at) + 2)
    archive.write(seal(manifest), archive.indexOf('manifest.seal') + 512)
    writeFileSync(file, archive)
  }
  const whole = readFileSync(file)
  forge(() => 'A'.repeat(43))
  await expect(verifyBackup(file, KEYS)).rejects.toMatchObject({
    message: expect.stringContaining('seal'),
  })
  writeFileSync(file, whole)
  const { manifest } = await verifyBackup(file, KEYS)
  forge((bytes) => sealManifest(bytes, manifest.key.root, KEYS))
  await expect(verifyBackup(file, KEYS)).resolves.toBeDefined()
})

test('a newer format is refused by its number, before its seal is looked at', async () => {
  await write()
  const archive = readFileSync(file)
  archive.write('9', archive.indexOf('"bluegateBackup": ') + 18)
  writeFileSync(file, archive)
  await expect(verifyBackup(file, KEYS)).rejects.toMatchObject({
    kind: 'feature_not_supported',
    hint: expect.stringContaining('1.2.3'),
  })
})
