/**
 * What a backup says of itself: the files that belong to it, with sizes and digests, sealed with a key
 * of the installation.
 *
 * The digests tell of accidents; the seal tells of hands: nobody without the key file can change a
 * file and make the backup look whole again. Knows nothing of how the files are packed.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { GatewayError } from '../../base/gateway-error.ts'
import type { KeyRing } from '../../identity/key-ring.ts'
import type { AuditAnchor } from '../audit/audit-anchor.ts'

/** Grows when an older gateway could not restore what a newer one wrote. */
export const BACKUP_FORMAT = 1

export interface BackupManifest {
  readonly bluegateBackup: number
  readonly gatewayVersion: string
  /** The instant whose state this is: ISO 8601, UTC. */
  readonly takenAt: string
  /** The root key that seals it; `id` tells keys apart and says nothing about them. */
  readonly key: { readonly root: number; readonly id: string }
  /** The ends of the audit at that instant. */
  readonly audit: AuditAnchor
  readonly files: readonly BackedUpFile[]
}

export interface BackedUpFile {
  /** Relative to the data directory, with `/`. */
  readonly name: string
  readonly size: number
  /** 64 hexadecimal digits. */
  readonly sha256: string
}

export function sealingKey(keys: KeyRing): BackupManifest['key'] {
  return { root: keys.currentId, id: keyIdOf(keys, keys.currentId) }
}

/** Over the very bytes of the manifest. */
export function sealManifest(bytes: Uint8Array, root: number, keys: KeyRing): string {
  return createHmac('sha256', keys.key('backup seal', root)).update(bytes).digest('base64url')
}

/**
 * @throws GatewayError `data_exception` for one that is none of ours or was altered,
 *         `feature_not_supported` for a newer format, `object_not_in_prerequisite_state` for other keys.
 */
export function openManifest(bytes: Uint8Array, seal: string, keys: KeyRing): BackupManifest {
  const manifest = parse(bytes)
  const { bluegateBackup, key } = manifest
  if (bluegateBackup > BACKUP_FORMAT) {
    throw new GatewayError('feature_not_supported', 'the backup was made by a newer gateway', {
      detail: `Its format is ${bluegateBackup}; this gateway knows formats up to ${BACKUP_FORMAT}.`,
      hint: `Restore it with Bluegate ${String(manifest.gatewayVersion)} or newer.`,
    })
  }
  if (!keys.has(key.root) || keyIdOf(keys, key.root) !== key.id) {
    throw new GatewayError(
      'object_not_in_prerequisite_state',
      'the backup was made with other keys than those in the secrets directory',
      {
        detail: `It is sealed with key number ${key.root} (${key.id}).`,
        hint: 'Put back the secrets directory of the installation that made the backup, or name it with --secrets-dir.',
      },
    )
  }
  const proof = Buffer.from(sealManifest(bytes, key.root, keys))
  const given = Buffer.from(seal)
  if (proof.length !== given.length || !timingSafeEqual(proof, given)) {
    throw altered('its manifest does not bear the seal of this installation')
  }
  return manifest
}

/** The backup is not as it was made. `how`: for people. */
export function altered(how: string): GatewayError {
  return new GatewayError('data_exception', `the backup is damaged or was altered: ${how}`, {
    hint: 'Nothing was changed. Take another backup file.',
  })
}

function parse(bytes: Uint8Array): BackupManifest {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as BackupManifest
    const { bluegateBackup, key, files } = value
    const isOurs =
      Number.isInteger(bluegateBackup) && Number.isInteger(key.root) && Array.isArray(files)
    if (isOurs) return value
  } catch {
    // falls through to the same refusal
  }
  throw altered('its manifest cannot be read')
}

function keyIdOf(keys: KeyRing, root: number): string {
  const key = keys.key('backup seal', root)
  return createHmac('sha256', key).update('key id').digest('base64url').slice(0, 12)
}
