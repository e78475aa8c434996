/**
 * The key file: `keys.json` in the secrets directory, made at the first start.
 *
 * It lies outside the data directory, so that a copy of the data (a backup, a disk) opens no
 * token. Whoever reads both files reads all tokens; so what others could read is refused.
 * Obeys the security design, section 7.
 */
import { lstat, mkdir, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { GatewayError } from '../../base/gateway-error.ts'
import type { KeyRing } from '../../identity/key-ring.ts'
import {
  firstKeyFile,
  KEY_FILE,
  readKeyFile,
  toKeyRing,
  unusable,
  writeKeyFile,
} from './key-file.ts'

const OTHERS = 0o077

/**
 * @param options.create whether a missing key file is made: true only while there is no metadata
 *        yet, because new keys open no old token.
 * @throws GatewayError `object_not_in_prerequisite_state`, with the command that puts it right.
 */
export async function openKeyRing(options: {
  directory: string
  dataDirectory: string
  create: boolean
}): Promise<KeyRing> {
  const { directory, dataDirectory, create } = options
  if (create) await mkdir(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, KEY_FILE)
  if (!(await checkSecretsDirectory(directory, dataDirectory))) throw missing(file)
  if (!(await isPrivate(file, 'file'))) {
    if (!create) throw missing(file)
    await writeKeyFile(directory, firstKeyFile())
  }
  return toKeyRing(await readKeyFile(directory))
}

/** @returns false when it does not exist. @throws GatewayError when it must not hold keys. */
export async function checkSecretsDirectory(
  directory: string,
  dataDirectory: string,
): Promise<boolean> {
  await checkOutside(directory, dataDirectory)
  return await isPrivate(directory, 'directory')
}

/** @returns false when it does not exist. @throws when others may read it, or it is something else. */
async function isPrivate(path: string, kind: 'directory' | 'file'): Promise<boolean> {
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw unusable(`${path} cannot be read`, 'Make it yours: only the gateway may read it.')
  })
  if (!stats) return false
  if (!(kind === 'directory' ? stats.isDirectory() : stats.isFile())) {
    throw unusable(`${path} is not a ${kind}`, 'Symbolic links are not followed here.')
  }
  if (process.platform !== 'win32' && (stats.mode & OTHERS) !== 0) {
    const mode = kind === 'directory' ? '700' : '600'
    throw unusable(`${path} can be used by others`, `Type: chmod ${mode} ${path}`)
  }
  return true
}

async function checkOutside(directory: string, dataDirectory: string): Promise<void> {
  const resolved = await Promise.all(
    [directory, dataDirectory].map((path) => realpath(path).catch(() => path)),
  )
  const [secrets = directory, data = dataDirectory] = resolved
  if (!`${secrets}${sep}`.startsWith(`${data}${sep}`)) return
  throw unusable(
    `the secrets directory ${directory} lies inside the data directory`,
    'Choose one outside it with --secrets-dir, so that a copy of the data holds no key.',
  )
}

function missing(file: string): GatewayError {
  return unusable(
    `the key file ${file} is missing`,
    'Put back the secrets directory that this data directory was started with, or name it with --secrets-dir. Without it no token can be proven. If it is lost for good: bluegate recover-secrets.',
  )
}
