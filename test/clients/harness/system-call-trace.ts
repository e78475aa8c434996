/**
 * What a server and all its processes wrote and flushed, in order, as strace saw it.
 *
 * strace writes a call that others interrupt as two lines, so each call is two moments here: its
 * beginning and its end. A thread waits at both until strace has noted them; so of two moments of
 * which one caused the other, the cause is noted first.
 */
import { readFileSync } from 'node:fs'
import { installStrace } from '../setup/install-strace.ts'

export interface TracedMoment {
  readonly at: 'begin' | 'end'
  readonly kind: 'write' | 'flush'
  readonly thread: number
  /** A path, or strace's description of a socket: `TCP:[127.0.0.1:5439->127.0.0.1:40000]`. */
  readonly target: string
}

const FLUSHES = ['fdatasync', 'fsync']
const WRITES = ['pwrite64', 'pwritev', 'write', 'writev', 'sendto', 'sendmsg', 'sendmmsg']

/** `42 fsync(7</file>) = 0`, or without the result: `42 fsync(7</file> <unfinished ...>`. */
const CALL = /^(\d+) +(\w+)\(\d+<(.*?[^-])>[,) ]/

/** `42 <... fsync resumed>) = 0` */
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>/
const RESULT = /= (-?\d+)[^=]*$/

/** Started in front of the server's command; the server stays a child of who starts it. */
export function traceCommand(file: string): string[] {
  const calls = [...FLUSHES, ...WRITES].join(',')
  // paths and peers are shown whole, contents hardly
  const options = ['-D', '-f', '--seccomp-bpf', '-yy', '-s', '0', '-e', `trace=${calls}`]
  return [installStrace(), ...options, '-e', 'signal=none', '-o', file]
}

/** Everything so far. A call that failed has a beginning and no end. */
export function readTrace(file: string): TracedMoment[] {
  const moments: TracedMoment[] = []
  const begun = new Map<number, TracedMoment>()
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, thread, call = '', target] = CALL.exec(line) ?? RESUMED.exec(line) ?? []
    if (thread === undefined) continue
    let beginning = begun.get(Number(thread))
    if (target !== undefined) {
      const kind = FLUSHES.includes(call) ? 'flush' : 'write'
      beginning = { at: 'begin', kind, thread: Number(thread), target }
      begun.set(Number(thread), beginning)
      moments.push(beginning)
    }
    const result = RESULT.exec(line)?.[1]
    if (beginning && result !== undefined && !result.startsWith('-')) {
      moments.push({ ...beginning, at: 'end' })
    }
  }
  return moments
}

/** Numbers of writes. */
export interface FileAtReply {
  readonly flushed: number
  readonly unflushed: number
}

/** How a file stood at the moment `until`: a flush covers the writes that ended before it began. */
export function fileAt(
  moments: readonly TracedMoment[],
  file: string,
  until: TracedMoment,
): FileAtReply {
  let writes = 0
  let written = 0
  let flushed = 0
  const covers = new Map<number, number>()
  for (const moment of moments.slice(0, moments.indexOf(until))) {
    const { kind, at, thread } = moment
    if (moment.target !== file) continue
    if (kind === 'write' && at === 'begin') writes += 1
    else if (kind === 'write') written += 1
    else if (at === 'begin') covers.set(thread, written)
    else flushed = Math.max(flushed, covers.get(thread) ?? 0)
  }
  return { flushed, unflushed: writes - flushed }
}
