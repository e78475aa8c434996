/**
 * A backup of a running gateway: metadata, audit and databases as they stood at one instant.
 *
 * The three stores commit on their own, so the order of copying them matters: grants name ids of
 * objects, and the audit names both. Here there is no order. For a moment the metadata and the audit
 * are held still, and in that moment the engine takes its snapshot. So what is restored is what a
 * crash at that instant would have left, and every start can deal with that
 * (docs/decisions/0015-backup.md). The copying itself holds nobody up.
 */
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { GatewayError } from '../../base/gateway-error.ts'
import type { Log } from '../../base/log.ts'
import type { Engine, EngineBackup } from '../../engine/engine.ts'
import type { KeyRing } from '../../identity/key-ring.ts'
import type { BackupProgress, BackupResult } from '../../protocol/http/backup-port.ts'
import type { AuditAnchor } from '../../storage/audit/audit-anchor.ts'
import type { OpenAuditLog } from '../../storage/audit/open-audit-log.ts'
import { refuseExisting, writeBackup } from '../../storage/backup/write-backup.ts'
import type { BackupSource } from '../../storage/backup/write-backup.ts'
import type { Metadata } from '../../storage/open-metadata.ts'
import type { DataLayout } from '../data-layout.ts'
import { writeLastBackup } from './last-backup.ts'

/** Everybody's commits wait for the engine's snapshot, so it may not take long. */
const SNAPSHOT_MS_MAX = 5_000

export interface BackupParts {
  readonly version: string
  readonly dataDir: string
  readonly layout: DataLayout
  readonly keys: KeyRing
  readonly metadata: Metadata
  readonly audit: OpenAuditLog
  readonly engine: Pick<Engine, 'openBackup'>
  readonly log: Log
}

/** What was decided at the instant of the backup. */
interface Instant {
  readonly takenAt: string
  readonly anchor: AuditAnchor
  readonly tables: number
}

/**
 * @param file Absolute; must not exist. When this resolves it is a whole backup, flushed and read back.
 * @throws GatewayError `invalid_parameter_value`, `duplicate_object`, `object_in_use`, `disk_full`,
 *         `cancelled`; no file is left.
 */
export async function takeBackup(
  parts: BackupParts,
  file: string,
  onProgress: (progress: BackupProgress) => void,
  signal: AbortSignal,
): Promise<BackupResult> {
  checkPlace(file, parts.dataDir)
  await refuseExisting(file)
  const copy = await parts.engine.openBackup() // also keeps a second backup out
  const sources: BackupSource[] = []
  try {
    const instant = await holdStill(parts, copy, sources)
    await copyTables(copy, instant.tables, onProgress, signal)
    await addDatabases(parts, copy, sources)
    const total = sources.reduce((bytes, { size }) => bytes + size, 0)
    const bytes = await writeBackup(
      {
        file,
        about: {
          gatewayVersion: parts.version,
          takenAt: instant.takenAt,
          audit: instant.anchor,
        },
        sources,
        keys: parts.keys,
        onBytes: (done) => onProgress({ phase: 'writing', done, total }),
      },
      signal,
    )
    const { takenAt } = instant
    await writeLastBackup(parts.layout, { file, takenAt })
    return {
      file,
      bytes,
      takenAt,
      tables: instant.tables,
      lastRecord: instant.anchor.head.sequence,
    }
  } finally {
    for (const { handle } of sources) await handle.close().catch(() => undefined)
    await copy.close()
    await rm(parts.layout.backupTempDir, { recursive: true, force: true }).catch((error: unknown) =>
      parts.log.warn({ error }, 'the temporary files of a backup were not removed'),
    )
  }
}

function checkPlace(file: string, dataDir: string): void {
  if (!path.isAbsolute(file)) {
    throw new GatewayError('invalid_parameter_value', 'the file of a backup is no absolute path', {
      hint: 'Give the whole path, from / on.',
    })
  }
  if (`${path.resolve(file)}${path.sep}`.startsWith(`${path.resolve(dataDir)}${path.sep}`)) {
    throw new GatewayError(
      'invalid_parameter_value',
      'the backup would lie in the data directory',
      {
        hint: 'Choose a place on another disk, or at least in another directory.',
      },
    )
  }
}

/** The moment: on return the metadata is copied, the audit's end is fixed, the engine has its snapshot. */
async function holdStill(
  { metadata, audit, layout }: BackupParts,
  copy: EngineBackup,
  sources: BackupSource[],
): Promise<Instant> {
  const { backupTempDir } = layout
  await rm(backupTempDir, { recursive: true, force: true })
  await mkdir(backupTempDir, { mode: 0o700 })
  const metadataCopy = path.join(backupTempDir, 'metadata.sqlite')
  const instant = await metadata.hold(async (copyTo) => {
    const held = await audit.hold(async ({ anchor, segments }) => {
      const takenAt = new Date().toISOString()
      const tables = await soon(copy.takeSnapshot())
      // opened now: retention may take the oldest away while they are copied
      for (const { name, path: segment, size } of segments) {
        sources.push({ name: `audit/${name}`, handle: await open(segment), size })
      }
      return { takenAt, anchor, tables }
    })
    await copyTo(metadataCopy)
    return held
  })
  sources.unshift(await source('metadata.sqlite', metadataCopy))
  return instant
}

async function soon<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new GatewayError('cannot_connect_now', 'the engine is too busy for a backup', {
          hint: 'Try again later.',
          safeToRetry: true,
        }),
      )
    }, SNAPSHOT_MS_MAX)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

async function copyTables(
  copy: EngineBackup,
  total: number,
  onProgress: (progress: BackupProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let done = 0; ; done += 1) {
    const table = await copy.copyNext(signal)
    if (!table) break
    onProgress({ phase: 'copying', done: done + 1, total })
  }
  await copy.finish()
}

/** The databases, and what stands in files of its own: certificates (no keys) and samples. */
async function addDatabases(
  { layout, dataDir }: BackupParts,
  copy: EngineBackup,
  sources: BackupSource[],
): Promise<void> {
  for (const { name, file } of copy.files) {
    sources.push(await source(`engine/databases/${name}`, file))
  }
  for (const directory of [layout.tlsDir, layout.samplesDir]) {
    for (const entry of await entriesOf(directory)) {
      const name = path.posix.join(path.relative(dataDir, directory), entry)
      sources.push(await source(name, path.join(directory, entry)))
    }
  }
}

async function entriesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    },
  )
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.new'))
  return files.map(({ name }) => name).toSorted()
}

async function source(name: string, file: string): Promise<BackupSource> {
  const handle: FileHandle = await open(file)
  return { name, handle, size: (await stat(file)).size, mustNotChange: true }
}
