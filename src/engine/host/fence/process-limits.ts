/**
 * The `limits` and `privileges` layers: what a process can give up by itself, for good.
 *
 * No bound on CPU time: the system counts it over the life of a process, and this one lives for
 * months. Statements have their timeouts, and one that is deaf to them its `engine.killAfter`. None
 * on the number of processes either, which is counted over all processes of the same user: the
 * `calls` layer refuses every new one.
 */
import { systemCall } from '../../duckdb/native/system-call.ts'

/** The same on x64 and arm64. */
const FILE_SIZE = 1
const CORE = 4
const OPEN_FILES = 7

/** Databases, their logs, files of sorts and of results put aside; some dozens on a busy day. */
const OPEN_FILES_MAX = 4096

const PRLIMIT = { x64: 302, arm64: 261 }
const PRCTL = { x64: 157, arm64: 167 }

const DROP_FROM_BOUNDING_SET = 24
const SET_NO_NEW_PRIVILEGES = 38

/**
 * What root keeps: its own files may belong to somebody else (`sudo npm start` in a home
 * directory). Which files those can be is for the `files` layer.
 */
const READS_ALL_FILES = [1, 2]
const CAPABILITY_MAX = 63

export function limitProcess(fileBytesMax: number): void {
  lower(CORE, 0)
  lower(OPEN_FILES, OPEN_FILES_MAX)
  lower(FILE_SIZE, fileBytesMax)
}

/** After it no program gives this process, or one that it becomes, more rights than it has. */
export function giveUpPrivileges(): void {
  systemCall(numberOf(PRCTL), SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
  if (process.getuid?.() !== 0) return
  for (let capability = 0; capability <= CAPABILITY_MAX; capability += 1) {
    if (READS_ALL_FILES.includes(capability)) continue
    try {
      systemCall(numberOf(PRCTL), DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)
    } catch {
      // beyond the last one that this kernel has, or taken away before
    }
  }
}

/** Soft and hard: a limit that is lower already stays. */
function lower(resource: number, most: number): void {
  const now = new BigUint64Array(2)
  systemCall(numberOf(PRLIMIT), 0, resource, null, now)
  const lowest = now.map((limit) => (limit < BigInt(most) ? limit : BigInt(most)))
  systemCall(numberOf(PRLIMIT), 0, resource, lowest, null)
}

function numberOf(numbers: Readonly<Record<string, number>>): number {
  const number = numbers[process.arch]
  if (number === undefined) throw new Error(`the calls of ${process.arch} are not known`)
  return number
}
