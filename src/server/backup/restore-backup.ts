/**
 * Puts a backup back, into a data directory that is empty, while no gateway runs.
 *
 * All of the backup is proven before a file is written. What is restored goes into a directory of its
 * own first; then each part is put in its place, and the removal of that directory is the moment from
 * which the restore counts: until then no gateway starts there. (The data directory itself is not
 * renamed, because it often is a mount point.)
 */
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { GatewayError } from '../../base/gateway-error.ts'
import { AnchorFile, readAnchor } from '../../storage/audit/audit-anchor.ts'
import { AuditChain } from '../../storage/audit/audit-chain.ts'
import type { BackupManifest } from '../../storage/backup/backup-manifest.ts'
import { unpackBackup, verifyBackup } from '../../storage/backup/read-backup.ts'
import { lockDataDirectory } from '../../storage/data-directory-lock.ts'
import { flushDirectory } from '../../storage/flush-directory.ts'
import { openKeyRing } from '../../storage/secrets/open-key-ring.ts'
import type { Config } from '../config/config-keys.ts'
import { anchorFile, dataLayout } from '../data-layout.ts'
import { writeRestoreNote } from './restore-note.ts'

/** Of the lock, which is taken before anything else may be there. */
const LOCK_FILES: ReadonlySet<string> = new Set([
  'gateway.lock',
  'gateway.lock-journal',
  'gateway.json',
])

export interface Restored {
  readonly dataDir: string
  readonly takenAt: string
  readonly gatewayVersion: string
  readonly files: number
  readonly lastRecord: number
  /** Records that the anchor knew of and the backup does not hold; 0 for none. */
  readonly recordsLost: number
}

/**
 * @throws GatewayError that says what is wrong; the data directory and the secrets are then as they
 *         were, but for an error of the disk while files are put in place: then it says so at each start.
 */
export async function restoreBackup(
  file: string,
  { dataDir, secretsDir }: Pick<Config, 'dataDir' | 'secretsDir'>,
): Promise<Restored> {
  const keys = await openKeyRing({ directory: secretsDir, dataDirectory: dataDir, create: false })
  const { manifest } = await verifyBackup(file, keys)
  await refuseUnlessEmpty(dataDir)
  const lock = await lockDataDirectory(dataDir)
  try {
    await refuseUnlessEmpty(dataDir) // nobody came in between
    const layout = dataLayout(dataDir)
    const chain = new AuditChain(keys.key('audit chain', keys.auditId))
    const before = readAnchor(anchorFile(secretsDir), chain)
    const known = before === 'damaged' ? undefined : before?.head.sequence
    await unpack(file, manifest, layout.unfinishedRestoreDir)
    await putInPlace(layout.unfinishedRestoreDir, dataDir)
    await replaceAnchor(secretsDir, chain, manifest)
    const lastRecord = manifest.audit.head.sequence
    await writeRestoreNote(layout, {
      file: path.resolve(file),
      takenAt: manifest.takenAt,
      restoredAt: new Date().toISOString(),
      lastRecord,
      ...(known !== undefined && { lastRecordBefore: known }),
    })
    await rmdir(layout.unfinishedRestoreDir)
    await flushDirectory(dataDir)
    const { takenAt, gatewayVersion, files } = manifest
    const recordsLost = Math.max((known ?? 0) - lastRecord, 0)
    return { dataDir, takenAt, gatewayVersion, files: files.length, lastRecord, recordsLost }
  } finally {
    await lock.release()
  }
}

/** @throws GatewayError `object_not_in_prerequisite_state` naming something that is there. */
async function refuseUnlessEmpty(dataDir: string): Promise<void> {
  const names = await readdir(dataDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const [found] = names.filter((name) => !LOCK_FILES.has(name))
  if (found === undefined) return
  throw new GatewayError(
    'object_not_in_prerequisite_state',
    `the data directory ${dataDir} is not empty: it holds ${found}`,
    { hint: 'Restore into an empty directory, named with --data-dir. Nothing was changed.' },
  )
}

/** After an error nothing is left. */
async function unpack(file: string, manifest: BackupManifest, directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 })
    await unpackBackup(file, manifest, directory)
    await flushDirectory(path.dirname(directory))
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

async function putInPlace(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await rename(path.join(from, name), path.join(to, name))
  await flushDirectory(to)
}

/** The ends of the audit are those of the backup now; what the anchor said before stays beside it. */
async function replaceAnchor(
  secretsDir: string,
  chain: AuditChain,
  { audit }: BackupManifest,
): Promise<void> {
  const file = anchorFile(secretsDir)
  await rename(file, `${file}.before-restore-${Date.now()}`).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    },
  )
  await new AnchorFile(file, chain, audit).update({})
}
