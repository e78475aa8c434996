/** The resident memory of another process, in bytes; undefined where it cannot be known. */
import { readFile } from 'node:fs/promises'

export async function processMemory(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '') // not on every system
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  return kib === undefined ? undefined : Number(kib) * 1024
}
