/** What is kept beside the tables: keys, metadata, audit, identity. Needs no engine. */
import { access, mkdir } from 'node:fs/promises'
import type { Log } from '../base/log.ts'
import { openIdentity } from '../identity/open-identity.ts'
import type { OpenIdentity } from '../identity/open-identity.ts'
import type { KeyRing } from '../identity/key-ring.ts'
import { AuditReserve } from '../storage/audit/audit-reserve.ts'
import { openAuditLog } from '../storage/audit/open-audit-log.ts'
import type { OpenAuditLog } from '../storage/audit/open-audit-log.ts'
import { lockDataDirectory } from '../storage/data-directory-lock.ts'
import { DiskRoom } from '../storage/disk-room.ts'
import { openMetadata } from '../storage/open-metadata.ts'
import type { Metadata } from '../storage/open-metadata.ts'
import { openKeyRing } from '../storage/secrets/open-key-ring.ts'
import { recordRestore, refuseUnfinishedRestore } from './backup/restore-note.ts'
import type { Config } from './config/config-keys.ts'
import { finishKeyRotation } from './rotate-keys.ts'
import { anchorFile } from './data-layout.ts'
import type { DataLayout } from './data-layout.ts'
import type { StartedParts } from './started-parts.ts'

/** Some 30,000 records of reads. */
const AUDIT_RESERVE_BYTES = 16 * 1024 ** 2
const DAY_MS = 86_400_000

export interface Stores {
  readonly keys: KeyRing
  readonly metadata: Metadata
  readonly audit: OpenAuditLog
  readonly identity: OpenIdentity
  readonly room: DiskRoom
}

/** Takes the data directory's lock first. @throws GatewayError that says what to do. */
export async function openStores(
  config: Config,
  layout: DataLayout,
  log: Log,
  parts: StartedParts,
): Promise<Stores> {
  const room = new DiskRoom(config.dataDir)
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const reserveFile = layout.auditReserveFile
  await AuditReserve.giveUpToStart({ file: reserveFile, room })
  const lock = await lockDataDirectory(config.dataDir)
  parts.add('lock', () => lock.release())
  await refuseUnfinishedRestore(layout)
  const keys = await openKeyRing({
    directory: config.secretsDir,
    dataDirectory: config.dataDir,
    create: !(await exists(layout.metadataFile)),
  })
  const metadata = await openMetadata({ file: layout.metadataFile, log })
  parts.add('metadata', () => metadata.close())
  const audit = await openAuditLog({
    directory: layout.auditDir,
    key: keys.key('audit chain', keys.auditId),
    anchorFile: anchorFile(config.secretsDir),
    reserve: {
      file: reserveFile,
      bytes: AUDIT_RESERVE_BYTES,
      keepFreeBytes: config['disk.keepFree'],
      room,
    },
    retentionDays: Math.ceil(config['audit.retention'] / DAY_MS),
    clock: Date.now,
    log,
  })
  parts.add('audit', () => audit.stop())
  await recordRestore(layout, audit)
  const identity = await openIdentity({
    store: metadata.identityStore,
    consoleSessions: metadata.consoleSessionStore,
    secrets: keys,
    settings: {
      tokensShow: config['tokens.show'],
      tokenLifetime: tokenLifetime(config),
      console: {
        idleMs: config['console.idleTime'],
        lifetimeMs: config['console.sessionTime'],
      },
    },
    clock: Date.now,
    log,
  })
  parts.add('identity', () => identity.stop())
  await finishKeyRotation(identity, audit, log)
  return { keys, metadata, audit, identity, room }
}

function tokenLifetime(config: Config): { defaultMs?: number; maxMs?: number } {
  const { 'tokens.lifetimeDefault': defaultMs, 'tokens.lifetimeMax': maxMs } = config
  return { ...(defaultMs !== undefined && { defaultMs }), ...(maxMs !== undefined && { maxMs }) }
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  )
}
