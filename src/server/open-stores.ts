/** What is kept beside the tables: keys, metadata, audit, identity. Needs no engine. */
import { access } from 'node:fs/promises'
import path from 'node:path'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Log } from '../base/log.ts'
import { openIdentity } from '../identity/open-identity.ts'
import type { OpenIdentity } from '../identity/open-identity.ts'
import { openAuditLog } from '../storage/audit/open-audit-log.ts'
import { lockDataDirectory } from '../storage/data-directory-lock.ts'
import { openMetadata } from '../storage/open-metadata.ts'
import { openKeyRing } from '../storage/secrets/open-key-ring.ts'
import type { Config } from './config/config-keys.ts'
import type { DataLayout } from './data-layout.ts'
import type { StartedParts } from './started-parts.ts'

/** The chain runs over years, so its key is made from the first root key for ever. */
const AUDIT_ROOT_KEY = 1
const DAY_MS = 86_400_000

export interface Stores {
  readonly audit: AuditLog
  readonly identity: OpenIdentity
}

/** Takes the data directory's lock first. @throws GatewayError that says what to do. */
export async function openStores(
  config: Config,
  layout: DataLayout,
  log: Log,
  parts: StartedParts,
): Promise<Stores> {
  const lock = await lockDataDirectory(config.dataDir)
  parts.add('lock', () => lock.release())
  const keys = await openKeyRing({
    directory: config.secretsDir,
    dataDirectory: config.dataDir,
    create: !(await exists(layout.metadataFile)),
  })
  const metadata = await openMetadata({ file: layout.metadataFile, log })
  parts.add('metadata', () => metadata.close())
  const audit = await openAuditLog({
    directory: layout.auditDir,
    key: keys.key('audit chain', AUDIT_ROOT_KEY),
    anchorFile: path.join(config.secretsDir, 'audit-anchor.json'), // not beside what it guards
    retentionDays: Math.ceil(config['audit.retention'] / DAY_MS),
    clock: Date.now,
    log,
  })
  parts.add('audit', () => audit.stop())
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
  return { audit, identity }
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
