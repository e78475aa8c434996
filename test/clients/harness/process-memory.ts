/** Resident memory of processes, from /proc. Linux only, as are the suites that use it. */
import { readdirSync, readFileSync } from 'node:fs'

const SAMPLE_MS = 50

/** A process and everything it started, the wrapper that starts Node included. */
export function processTree(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(Number(name)) : undefined
    if (parent !== undefined) parents.set(Number(name), parent)
  }
  const tree = [pid]
  for (const member of tree) {
    for (const [child, parent] of parents) if (parent === member) tree.push(child)
  }
  return tree
}

export function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readIfThere(`/proc/${pid}/status`))?.[1]
  return Number(kb ?? 0) / 1024
}

/** Runs `work` and returns with its result the most that each process held meanwhile. */
export async function withPeakMb<Result>(
  pids: readonly number[],
  work: () => Promise<Result>,
): Promise<{ result: Result; peakMb: Map<number, number> }> {
  const peakMb = new Map(pids.map((pid) => [pid, residentMb(pid)]))
  const timer = setInterval(() => {
    for (const pid of pids) peakMb.set(pid, Math.max(peakMb.get(pid) ?? 0, residentMb(pid)))
  }, SAMPLE_MS)
  try {
    return { result: await work(), peakMb }
  } finally {
    clearInterval(timer)
  }
}

function parentOf(pid: number): number | undefined {
  // the name, in parentheses, may hold anything: count from its end
  const fields = readIfThere(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')
  return fields?.[1] === undefined ? undefined : Number(fields[1])
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // it ended meanwhile
  }
}
