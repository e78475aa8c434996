/**
 * Reads a backup back: first as a whole, without writing anything; then, once it is proven, file by
 * file into a directory.
 *
 * What an archive may hold is what `write-backup.ts` puts there, and nothing else: plain files with
 * names that stay inside, each once, the manifest and its seal as the last two, and not a byte more.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, stat } from 'node:fs/promises'
import path from 'node:path'
import { extract } from 'tar-stream'
import type { Extract } from 'tar-stream'
import { GatewayError } from '../../base/gateway-error.ts'
import type { KeyRing } from '../../identity/key-ring.ts'
import { flushDirectory } from '../flush-directory.ts'
import { altered, openManifest } from './backup-manifest.ts'
import type { BackedUpFile, BackupManifest } from './backup-manifest.ts'

type Entry = Extract extends AsyncIterable<infer One> ? One : never

export const MANIFEST = 'manifest.json'
export const SEAL = 'manifest.seal'

const BLOCK_BYTES = 512
const END_BYTES = 2 * BLOCK_BYTES
/** A year of audit segments takes a hundredth of it. */
const MANIFEST_BYTES_MAX = 16 * 1024 ** 2

/** Relative, without `..`, without an empty part: `audit/audit-2030-01-31.ndjson`. */
const SAFE_NAME = /^(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+){0,3}$/

export interface VerifiedBackup {
  readonly manifest: BackupManifest
  /** Of the archive, in bytes. */
  readonly size: number
}

/**
 * Proves all of it: the seal, and that every file is there, once and as it was. Writes nothing.
 * @throws GatewayError as `openManifest`; `undefined_object` when there is no such file.
 */
export async function verifyBackup(file: string, keys: KeyRing): Promise<VerifiedBackup> {
  const size = await sizeOf(file)
  const found: BackedUpFile[] = []
  const tail = new Map<string, Buffer>()
  let archived = END_BYTES
  await eachEntry(file, async (entry) => {
    const { name, size: bytes } = entry.header
    archived += BLOCK_BYTES + Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES
    if (tail.has(SEAL)) throw altered('something follows its seal')
    if (name === MANIFEST || name === SEAL) {
      if (name === SEAL && !tail.has(MANIFEST)) throw altered('its manifest is missing')
      if (tail.has(name)) throw altered('it has two manifests')
      tail.set(name, await contentOf(entry))
      return
    }
    if (tail.size > 0) throw altered('something follows its manifest')
    const hash = createHash('sha256')
    for await (const chunk of entry) hash.update(chunk as Buffer)
    found.push({ name, size: bytes, sha256: hash.digest('hex') })
  })
  const [manifestBytes, seal] = [tail.get(MANIFEST), tail.get(SEAL)]
  if (!manifestBytes || !seal) throw altered('its end is missing')
  const manifest = openManifest(manifestBytes, seal.toString('latin1').trimEnd(), keys)
  compare(found, manifest.files)
  if (size !== archived) throw altered('its length is not what it was')
  return { manifest, size }
}

/**
 * Writes the files below `directory`, each flushed, with the digests of a verified manifest.
 * @throws GatewayError when the archive is not the one that was verified; files may be left.
 */
export async function unpackBackup(
  file: string,
  { files }: BackupManifest,
  directory: string,
): Promise<void> {
  const expected = new Map(files.map((one) => [one.name, one]))
  const directories = new Set([directory])
  await eachEntry(file, async (entry) => {
    const { name } = entry.header
    const wanted = expected.get(name)
    if (!wanted) {
      if (name !== MANIFEST && name !== SEAL) throw altered(`${name} does not belong to it`)
      entry.resume()
      return
    }
    expected.delete(name)
    const target = path.join(directory, name)
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
    for (let at = path.dirname(target); at !== directory; at = path.dirname(at)) directories.add(at)
    const hash = createHash('sha256')
    const handle = await open(target, 'wx', 0o600)
    try {
      for await (const chunk of entry) {
        hash.update(chunk as Buffer)
        await handle.writeFile(chunk as Buffer)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (hash.digest('hex') !== wanted.sha256) throw altered(`${name} changed while it was read`)
  })
  const [missing] = expected.keys()
  if (missing !== undefined) throw altered(`${missing} is missing`)
  for (const one of directories) await flushDirectory(one)
}

async function eachEntry(file: string, take: (entry: Entry) => Promise<void>): Promise<void> {
  const reader = extract()
  const feeding = feed(file, reader)
  feeding.catch((error: Error) => reader.destroy(error)) // told by the loop
  try {
    for await (const entry of reader) {
      const { name, type } = entry.header
      if (type !== 'file' || !SAFE_NAME.test(name))
        throw altered('it holds what is no file of ours')
      await take(entry)
    }
    await feeding
  } catch (error) {
    if (error instanceof GatewayError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC') {
      throw new GatewayError('disk_full', 'there is no room for what the backup holds', {
        cause: error,
      })
    }
    throw altered('it cannot be read to its end')
  }
}

async function feed(file: string, reader: Extract): Promise<void> {
  let onClose = (): void => undefined
  const closed = new Promise<never>((_, reject) => {
    onClose = () => reject(new Error('the reader was closed'))
  })
  closed.catch(() => undefined)
  reader.on('close', onClose)
  for await (const chunk of createReadStream(file)) {
    const drained = new Promise<void>((resolve) => reader.once('drain', () => resolve()))
    if (!reader.write(chunk as Buffer)) await Promise.race([drained, closed])
  }
  reader.end(null)
}

async function contentOf(entry: Entry): Promise<Buffer> {
  if (entry.header.size > MANIFEST_BYTES_MAX) throw altered('its manifest is too long')
  const chunks: Buffer[] = []
  for await (const chunk of entry) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function compare(found: readonly BackedUpFile[], files: readonly BackedUpFile[]): void {
  for (const [index, wanted] of files.entries()) {
    const one = found[index]
    if (one?.name !== wanted.name) throw altered(`${wanted.name} is missing`)
    if (one.size !== wanted.size || one.sha256 !== wanted.sha256) {
      throw altered(`${wanted.name} is not what it was`)
    }
  }
  const more = found[files.length]
  if (more) throw altered(`${more.name} does not belong to it`)
}

async function sizeOf(file: string): Promise<number> {
  const stats = await stat(file).catch((cause: unknown) => {
    throw new GatewayError('undefined_object', `there is no backup ${file} that could be read`, {
      hint: 'Check the name, and that you may read it.',
      cause,
    })
  })
  if (stats.isFile()) return stats.size
  throw new GatewayError('invalid_parameter_value', `${file} is not a file`)
}
