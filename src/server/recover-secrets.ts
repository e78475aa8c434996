/**
 * The way out when the secrets directory is lost for good: new keys for the data that is there.
 *
 * Lost with the keys: what proves tokens (so every client gets another token), what proves the audit
 * (so a new chain begins, and says why), and the private keys of the certificates (so there is a new
 * CA). Nothing else: tables, roles, grants and clients stay.
 *
 * The key file is written last. A crash before that leaves everything to be done again; after it all
 * is done.
 */
import { access, mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { GatewayError } from '../base/gateway-error.ts'
import { silentLog } from '../base/log.ts'
import { highestRootKeyNamed, replaceLostTokens } from '../identity/replace-lost-tokens.ts'
import type { ChainHead } from '../storage/audit/audit-chain.ts'
import { openAuditLog } from '../storage/audit/open-audit-log.ts'
import { restartChain } from '../storage/audit/restart-chain.ts'
import { lockDataDirectory } from '../storage/data-directory-lock.ts'
import { openMetadata } from '../storage/open-metadata.ts'
import type { Metadata } from '../storage/open-metadata.ts'
import { firstKeyFile, KEY_FILE, toKeyRing, writeKeyFile } from '../storage/secrets/key-file.ts'
import { checkSecretsDirectory } from '../storage/secrets/open-key-ring.ts'
import { certificateFiles } from './certificates/private-ca.ts'
import type { Config } from './config/config-keys.ts'
import { anchorFile, dataLayout } from './data-layout.ts'
import type { DataLayout } from './data-layout.ts'

export interface RecoveredSecrets {
  readonly secretsDir: string
  /** Names of the clients that have another token now. */
  readonly clients: readonly string[]
  /** The last record of the chain that can no longer be proven; 0 when there was none. */
  readonly lastUnprovenRecord: number
  /** The CA is another: whoever verifies the server needs its new file. */
  readonly newCa: boolean
}

type Places = Pick<Config, 'dataDir' | 'secretsDir'>

/**
 * @throws GatewayError `object_not_in_prerequisite_state` when there is no data, or a key file; then
 *         nothing was changed. `object_in_use` while a gateway runs.
 */
export async function recoverSecrets({ dataDir, secretsDir }: Places): Promise<RecoveredSecrets> {
  const layout = dataLayout(dataDir)
  await checkIsNeeded(layout, secretsDir)
  const lock = await lockDataDirectory(dataDir)
  try {
    await mkdir(secretsDir, { recursive: true, mode: 0o700 })
    await checkSecretsDirectory(secretsDir, dataDir)
    const metadata = await openMetadata({ file: layout.metadataFile, log: silentLog })
    try {
      return await recover(layout, secretsDir, metadata)
    } finally {
      await metadata.close()
    }
  } finally {
    await lock.release()
  }
}

async function checkIsNeeded({ metadataFile }: DataLayout, secretsDir: string): Promise<void> {
  if (!(await exists(metadataFile))) {
    throw new GatewayError(
      'object_not_in_prerequisite_state',
      `there is no ${metadataFile}: nothing is to be recovered`,
      { hint: 'Name the data directory with --data-dir.' },
    )
  }
  const keyFile = path.join(secretsDir, KEY_FILE)
  if (await exists(keyFile)) {
    throw new GatewayError('object_not_in_prerequisite_state', `there is a key file: ${keyFile}`, {
      hint: 'Start the gateway with it. If it says that the file is damaged or that of another installation, move it away first.',
    })
  }
}

async function recover(
  layout: DataLayout,
  secretsDir: string,
  { identityStore }: Metadata,
): Promise<RecoveredSecrets> {
  // above every number that is named, so that what was made with a lost key is never tried with a new one
  const keyFile = firstKeyFile((await highestRootKeyNamed(identityStore)) + 1)
  const keys = toKeyRing(keyFile)
  const key = keys.key('audit chain', keys.auditId)
  const anchor = anchorFile(secretsDir)
  const chainParts = { directory: layout.auditDir, anchorFile: anchor, key }
  const old = await restartChain({ ...chainParts, now: Date.now() })
  const clients = await replaceLostTokens(identityStore, keys, Date.now)
  const newCa = await setCaAside(layout, secretsDir)
  const audit = await openAuditLog({
    ...chainParts,
    retentionDays: Infinity,
    clock: Date.now,
    log: silentLog,
  })
  try {
    await audit.append(breakRecord(old, clients.length), 'flushed')
  } finally {
    await audit.stop()
  }
  await writeKeyFile(secretsDir, keyFile)
  return { secretsDir, clients, lastUnprovenRecord: old.sequence, newCa }
}

function breakRecord({ sequence, hash }: ChainHead, clients: number) {
  return {
    category: 'SYSTEM',
    action: 'secrets_recovered',
    outcome: 'succeeded',
    username: 'local',
    address: 'local',
    door: 'local',
    details: `the keys were lost: a new chain begins here, the one before ended at record ${sequence} (${hash}) and cannot be proven any more; ${clients} tokens were ended`,
    initiatedBy: 'CLI',
    startedAt: new Date().toISOString(),
  } as const
}

/** Our own CA without its key can certify nothing: the next start makes another. */
async function setCaAside({ tlsDir }: DataLayout, secretsDir: string): Promise<boolean> {
  const { caFile, caKeyFile, serverFile } = certificateFiles(tlsDir, secretsDir)
  if (!(await exists(caFile)) || (await exists(caKeyFile))) return false
  await rename(caFile, `${caFile}.lost-${Date.now()}`)
  await rm(serverFile, { force: true })
  return true
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  )
}
