/** The form of the key file, and how it is replaced: whole, or not at all. */
import { randomBytes } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { GatewayError } from '../../base/gateway-error.ts'
import { KeyRing } from '../../identity/key-ring.ts'
import { flushDirectory } from '../flush-directory.ts'

export const KEY_FILE = 'keys.json'

const KEY_BYTES = 32
/** It is written into one byte of what is sealed. */
const ID_MAX = 255

export interface KeyFile {
  readonly current: number
  /** Which key the chain of the audit is made with; 1 where it is not said. */
  readonly audit?: number
  readonly keys: readonly { readonly id: number; readonly key: string }[]
}

export function firstKeyFile(id = 1): KeyFile {
  const file = { current: id, keys: [{ id, key: newKey() }] }
  return id === 1 ? file : { ...file, audit: id }
}

/** The same with one more key, which is the current one. @throws `program_limit` after 255. */
export function withNewKey(file: KeyFile): KeyFile {
  const id = Math.max(...file.keys.map((key) => key.id)) + 1
  if (id > ID_MAX) {
    throw new GatewayError('program_limit', `there can be ${ID_MAX} keys, and there are`, {
      hint: 'No further rotation is possible with this key file.',
    })
  }
  return { ...file, current: id, keys: [...file.keys, { id, key: newKey() }] }
}

/** On disk when this resolves. A crash leaves the old file, or the new one. */
export async function writeKeyFile(directory: string, content: KeyFile): Promise<void> {
  const file = join(directory, KEY_FILE)
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.chmod(0o600) // the mode above counts only for a file that was not there
    await handle.writeFile(`${JSON.stringify(content, undefined, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
  await flushDirectory(directory)
}

/** @throws GatewayError `object_not_in_prerequisite_state` when it is damaged. */
export async function readKeyFile(directory: string): Promise<KeyFile> {
  const file = join(directory, KEY_FILE)
  const text = await readFile(file, 'utf8')
  try {
    const content = JSON.parse(text) as KeyFile
    if (isSound(content)) return content
  } catch {
    // falls through to the same refusal
  }
  throw unusable(`the key file ${file} is damaged`, 'Put it back from a backup.')
}

export function toKeyRing({ current, audit, keys }: KeyFile): KeyRing {
  const roots = new Map(keys.map(({ id, key }) => [id, rootKey(key)]))
  return new KeyRing(current, roots, audit)
}

export function rootKey(text: string): Uint8Array {
  return Buffer.from(text, 'base64')
}

export function unusable(message: string, hint: string): GatewayError {
  return new GatewayError('object_not_in_prerequisite_state', message, { hint })
}

function isSound({ current, audit = current, keys }: Partial<KeyFile>): boolean {
  if (!Array.isArray(keys)) return false
  const all: readonly KeyFile['keys'][number][] = keys
  const ids = all.map(({ id }) => id)
  return (
    all.every(({ id, key }) => isId(id) && rootKey(key).length === KEY_BYTES) &&
    [current, audit].every((id) => id !== undefined && ids.includes(id))
  )
}

function isId(id: number): boolean {
  return Number.isInteger(id) && id >= 1 && id <= ID_MAX
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64')
}
