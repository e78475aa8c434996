/**
 * One install at a time: a second command in the same clone waits for the first instead of
 * deleting node_modules under it. The lock is a file with the holder's process id.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './pinned-node.mjs'

const LOCK = path.join(ROOT, '.install.lock')
const POLL_MS = 300

/** Resolves, once the lock is held, with the function that gives it back. */
export async function holdInstallLock() {
  for (let waited = 0; ; waited += POLL_MS) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
      return () => rmSync(LOCK, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = readHolder()
    if (holder === undefined || !isAlive(holder)) {
      rmSync(LOCK, { force: true })
      continue
    }
    if (waited === 0) {
      process.stderr.write(`Process ${holder} is installing the dependencies; waiting for it …\n`)
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

function readHolder() {
  try {
    return Number(readFileSync(LOCK, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
