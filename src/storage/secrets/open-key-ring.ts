/**
 * The key file: `keys.json` in the secrets directory, made at the first start.
 *
 * It lies outside the data directory, so that a copy of the data (a backup, a disk) opens no
 * token. Whoever reads both files reads all tokens; so what others could read is refused.
 * Obeys the security design, section 7.
 */
import { randomBytes } from 'node:crypto'
import { lstat, mkdir, open, readFile, realpath, rename } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { GatewayError } from '../../base/gateway-error.ts'
import { KeyRing } from '../../identity/key-ring.ts'
import { flushDirectory } from '../flush-directory.ts'

const KEY_FILE = 'keys.json'
const KEY_BYTES = 32
const OTHERS = 0o077

interface KeyFile {
  readonly current: number
  readonly keys: readonly { readonly id: number; readonly key: string }[]
}

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
  await checkOutside(directory, dataDirectory)
  const file = join(directory, KEY_FILE)
  if (!(await isPrivate(directory, 'directory'))) throw missing(file)
  if (!(await isPrivate(file, 'file'))) {
    if (!create) throw missing(file)
    await makeKeyFile(directory, file)
  }
  return parseKeyFile(file, await readFile(file, 'utf8'))
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

/** Whole or not at all: a crash leaves no half key file. */
async function makeKeyFile(directory: string, file: string): Promise<void> {
  const content: KeyFile = {
    current: 1,
    keys: [{ id: 1, key: randomBytes(KEY_BYTES).toString('base64') }],
  }
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(content, undefined, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
  await flushDirectory(directory)
}

function parseKeyFile(file: string, text: string): KeyRing {
  const damaged = (): GatewayError =>
    unusable(`the key file ${file} is damaged`, 'Put it back from a backup.')
  let content: Partial<KeyFile>
  try {
    content = JSON.parse(text) as Partial<KeyFile>
  } catch {
    throw damaged()
  }
  const roots = new Map<number, Uint8Array>()
  for (const { id, key } of content.keys ?? []) {
    const bytes = Buffer.from(key, 'base64')
    if (!Number.isInteger(id) || id < 1 || id > 255 || bytes.length !== KEY_BYTES) throw damaged()
    roots.set(id, bytes)
  }
  if (content.current === undefined || !roots.has(content.current)) throw damaged()
  return new KeyRing(content.current, roots)
}

function missing(file: string): GatewayError {
  return unusable(
    `the key file ${file} is missing`,
    'Put back the secrets directory that this data directory was started with, or name it with --secrets-dir. Without it no token can be proven.',
  )
}

function unusable(message: string, hint: string): GatewayError {
  return new GatewayError('object_not_in_prerequisite_state', message, { hint })
}
