/**
 * One at a time: a second process that wants to put the same things in the same place waits for the
 * first. The lock is a file with the holder's process id; that of a process that is gone holds nothing.
 */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

const POLL_MS = 200

/**
 * Returns, once the lock is held, the function that gives it back. Blocks the thread: who waits has
 * nothing else to do. `onWait` is told, once, which process has it.
 */
export function holdLock(file, onWait = () => {}) {
  for (let waited = false; !isTaken(file);) {
    const holder = readHolder(file)
    if (holder === undefined || !isAlive(holder)) {
      rmSync(file, { force: true })
      continue
    }
    if (!waited) onWait(holder)
    waited = true
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS)
  }
  return () => rmSync(file, { force: true })
}

/** The file is there with its content at once, or not at all. */
function isTaken(file) {
  const own = `${file}.${process.pid}`
  writeFileSync(own, String(process.pid))
  try {
    linkSync(own, file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(own, { force: true })
  }
}

function readHolder(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
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
