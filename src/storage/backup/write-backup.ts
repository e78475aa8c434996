/**
 * Packs a backup: one tar file that any tar can list, its manifest and the seal at the end.
 *
 * It is written beside its name, flushed, read back, and only then gets the name: a file of that name
 * is a whole backup.
 */
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { pack } from 'tar-stream'
import type { Pack } from 'tar-stream'
import { GatewayError } from '../../base/gateway-error.ts'
import type { KeyRing } from '../../identity/key-ring.ts'
import { flushDirectory } from '../flush-directory.ts'
import { BACKUP_FORMAT, sealingKey, sealManifest } from './backup-manifest.ts'
import type { BackedUpFile, BackupManifest } from './backup-manifest.ts'
import { MANIFEST, SEAL, verifyBackup } from './read-backup.ts'

const READ_BYTES = 1024 * 1024

/** A file as it shall be in the backup: its first `size` bytes, whatever is appended meanwhile. */
export interface BackupSource {
  readonly name: string
  readonly handle: FileHandle
  readonly size: number
  /** It fails when the file is written to meanwhile. */
  readonly mustNotChange?: boolean
}

export interface BackupRequest {
  /** Must not exist. */
  readonly file: string
  readonly about: Pick<BackupManifest, 'gatewayVersion' | 'takenAt' | 'audit'>
  readonly sources: readonly BackupSource[]
  readonly keys: KeyRing
  /** Told now and then, up to the total. */
  readonly onBytes: (bytes: number) => void
}

/**
 * Leaves the handles open.
 * @returns the size of the file.
 * @throws GatewayError `disk_full`, `duplicate_object`, `cancelled`, `io_error`; no file is left.
 */
export async function writeBackup(request: BackupRequest, signal: AbortSignal): Promise<number> {
  const { file, keys } = request
  const partial = `${file}.partial`
  try {
    await rm(partial, { force: true }) // of a backup that was killed: there is one at a time
    const handle = await open(partial, 'wx', 0o600)
    try {
      await writeTar(request, handle, signal)
      await handle.sync()
    } finally {
      await handle.close()
    }
    const { size } = await verifyBackup(partial, keys)
    signal.throwIfAborted()
    await refuseExisting(file)
    await rename(partial, file)
    await flushDirectory(path.dirname(file))
    return size
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    if (signal.aborted) throw new GatewayError('cancelled', 'the backup was cancelled')
    throw asWriteError(error, file)
  }
}

/** @throws GatewayError `duplicate_object`: a backup never replaces anything. */
export async function refuseExisting(file: string): Promise<void> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw asWriteError(error, file)
  })
  if (!handle) return
  await handle.close()
  throw new GatewayError('duplicate_object', `${file} exists already`, {
    hint: 'Give a name that is free; nothing is overwritten.',
  })
}

async function writeTar(
  request: BackupRequest,
  handle: FileHandle,
  signal: AbortSignal,
): Promise<void> {
  const { about, sources, keys } = request
  const tar = pack()
  const write = async (): Promise<void> => {
    for await (const chunk of tar) {
      signal.throwIfAborted()
      await handle.writeFile(chunk as Buffer)
    }
  }
  const fill = async (): Promise<void> => {
    const files: BackedUpFile[] = []
    let done = 0
    for (const source of sources) {
      const sha256 = await addSource(tar, source, (bytes) => request.onBytes((done += bytes)))
      files.push({ name: source.name, size: source.size, sha256 })
    }
    const key = sealingKey(keys)
    const manifest: BackupManifest = { bluegateBackup: BACKUP_FORMAT, ...about, key, files }
    const bytes = Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`)
    tar.entry({ name: MANIFEST, mode: 0o600 }, bytes)
    tar.entry({ name: SEAL, mode: 0o600 }, `${sealManifest(bytes, key.root, keys)}\n`)
    tar.finalize()
  }
  await Promise.all([write(), fill().catch((error: unknown) => destroyed(tar, error))])
}

function destroyed(tar: Pack, error: unknown): never {
  tar.destroy(error instanceof Error ? error : new Error(String(error)))
  throw error
}

async function addSource(
  tar: Pack,
  { name, handle, size, mustNotChange = false }: BackupSource,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256')
  const { mtimeMs } = await handle.stat()
  const entry = tar.entry({ name, size, mode: 0o600 })
  for (let at = 0; at < size;) {
    const wanted = Math.min(READ_BYTES, size - at)
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, at)
    if (bytesRead === 0) throw new GatewayError('io_error', `${name} became shorter meanwhile`)
    const bytes = buffer.subarray(0, bytesRead)
    hash.update(bytes)
    at += bytesRead
    onBytes(bytesRead)
    if (!entry.write(bytes)) await oneOf(entry, tar, 'drain')
  }
  if (mustNotChange && (await handle.stat()).mtimeMs !== mtimeMs) {
    throw new GatewayError('io_error', `${name} was written to while it was copied`)
  }
  const finished = oneOf(entry, tar, 'finish')
  entry.end(null)
  await finished
  return hash.digest('hex')
}

type Sink = ReturnType<Pack['entry']>

/** Waits for `event`, or fails when the archive is closed before. */
async function oneOf(entry: Sink, tar: Pack, event: 'drain' | 'finish'): Promise<void> {
  await new Promise<unknown>((resolve, reject) => {
    const onClose = (): void => reject(new Error('the archive was closed'))
    tar.once('close', onClose)
    entry.once(event, () => {
      tar.off('close', onClose)
      resolve(undefined)
    })
  })
}

function asWriteError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof GatewayError) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new GatewayError('disk_full', `there is no room for the backup ${file}`, {
      hint: 'Make room there, or name another place. No backup was made.',
      cause: error,
    })
  }
  return new GatewayError('io_error', `${file} cannot be written: ${code ?? error.message}`, {
    hint: 'Name a file in a directory that the gateway may write to.',
    cause: error,
  })
}
