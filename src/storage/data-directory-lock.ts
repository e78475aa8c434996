/**
 * One gateway per data directory.
 *
 * The lock is an exclusive transaction on an otherwise empty SQLite file. SQLite takes it from the
 * operating system, which takes it back when the process ends, however it ends: no pid file can
 * go stale, and a pid that was given to another process (or is always 1, in a container) misleads
 * nobody. A second file, for people alone, says who the holder is.
 *
 * SQLite runs on the calling thread here: two statements, once, before anything is served.
 */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { GatewayError } from '../base/gateway-error.ts'

const LOCK_FILE = 'gateway.lock'
const HOLDER_FILE = 'gateway.json'

export interface DataDirectoryLock {
  /** For an orderly end; a process that dies releases it too. */
  release(): Promise<void>
}

/**
 * Makes the directory where it is missing (for its owner alone) and locks it.
 * @throws GatewayError `object_in_use` naming the holder's process, host and start.
 */
export async function lockDataDirectory(directory: string): Promise<DataDirectoryLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const lockFile = join(directory, LOCK_FILE)
  await (await open(lockFile, 'a', 0o600)).close()
  const database = new DatabaseSync(lockFile, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw await lockedError(directory, error)
  }
  const holderFile = join(directory, HOLDER_FILE)
  await writeHolder(holderFile)
  return {
    async release() {
      await rm(holderFile, { force: true })
      database.close()
    },
  }
}

async function writeHolder(file: string): Promise<void> {
  const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(holder)}\n`)
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
}

async function lockedError(directory: string, cause: unknown): Promise<GatewayError> {
  const code = cause instanceof Error && 'errcode' in cause ? cause.errcode : undefined
  const SQLITE_BUSY = 5
  if (code !== SQLITE_BUSY) {
    return new GatewayError('io_error', `the data directory ${directory} cannot be locked`, {
      hint: 'Check that it is a local directory that you may write to.',
      cause,
    })
  }
  return new GatewayError(
    'object_in_use',
    `the data directory ${directory} is in use by another gateway: ${await holderText(directory)}`,
    { hint: 'Stop that gateway, or start this one with another --data-dir.', cause },
  )
}

async function holderText(directory: string): Promise<string> {
  try {
    const text = await readFile(join(directory, HOLDER_FILE), 'utf8')
    const { pid, host, since } = JSON.parse(text) as Record<string, unknown>
    return `process ${String(pid)} on ${String(host)}, since ${String(since)}`
  } catch {
    return 'one that is just starting' // it holds the lock and has not yet said who it is
  }
}
