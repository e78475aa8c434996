/**
 * The `files` layer: rules on which files can be opened (Landlock), for this thread and whatever
 * comes of it. Everything that no rule names is out of reach, whatever its rights say.
 *
 * Source: Linux, Documentation/userspace-api/landlock.rst. Rules are about opening, making and
 * removing: what is open stays open, and names, sizes and times of files can still be asked for.
 * The same rules keep the process from reading the memory of others, and, by version of the kernel,
 * from TCP, abstract sockets and signals to others.
 */
import { closeSync, openSync, statSync } from 'node:fs'
import { systemCall } from '../../duckdb/native/system-call.ts'

/** The same number on every processor. */
const CREATE_RULESET = 444
const ADD_RULE = 445
const RESTRICT_SELF = 446

const ASK_VERSION = 1
const PATH_BENEATH = 1

const EXECUTE = 1 << 0
const WRITE_FILE = 1 << 1
const READ_FILE = 1 << 2
const READ_DIRECTORY = 1 << 3
const TRUNCATE = 1 << 14

/** Rights by the version that brought them: what a version does not know it refuses. */
const ALL_RIGHTS = [(1 << 13) - 1, (1 << 14) - 1, (1 << 15) - 1, (1 << 15) - 1, (1 << 16) - 1]
/** MAKE_CHAR, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM, and ioctl on devices: for nobody. */
const NEVER = (1 << 6) | (1 << 9) | (1 << 10) | (1 << 11) | (1 << 12) | (1 << 15)

const NETWORK_SINCE = 4
const TCP = 0b11
const SCOPES_SINCE = 6
const SCOPES = 0b11

/** For a rule: a handle of the file without opening it. */
const O_PATH = 0o10_000_000

export interface FileRules {
  readonly writable: readonly string[]
  readonly readable: readonly string[]
  readonly executable: readonly string[]
}

/**
 * Paths that do not exist are left out; links are followed.
 *
 * @returns the kernel's version of Landlock.
 * @throws SystemCallError where there is none: no rule is in force then.
 */
export function applyFileRules(rules: FileRules): number {
  const version = systemCall(CREATE_RULESET, null, 0, ASK_VERSION)
  const all = ALL_RIGHTS[Math.min(version, ALL_RIGHTS.length) - 1] ?? 0
  const ruleset = createRuleset(version, all)
  const add = (path: string, rights: number): void => addRule(ruleset, path, all & rights)
  try {
    for (const path of rules.writable) add(path, ~NEVER & ~EXECUTE)
    for (const path of rules.readable) add(path, READ_FILE | READ_DIRECTORY)
    for (const path of rules.executable) add(path, READ_FILE | READ_DIRECTORY | EXECUTE)
    systemCall(RESTRICT_SELF, ruleset, 0)
  } finally {
    closeSync(ruleset)
  }
  return version
}

/** @returns its descriptor. */
function createRuleset(version: number, rights: number): number {
  const network = version >= NETWORK_SINCE ? TCP : 0
  const scopes = version >= SCOPES_SINCE ? SCOPES : 0
  const wanted = [BigInt(rights), BigInt(network), BigInt(scopes)]
  const known = version >= SCOPES_SINCE ? 3 : version >= NETWORK_SINCE ? 2 : 1
  return systemCall(CREATE_RULESET, new BigUint64Array(wanted.slice(0, known)), known * 8, 0)
}

function addRule(ruleset: number, path: string, rights: number): void {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return
  const ofFiles = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
  const file = openSync(path, O_PATH)
  try {
    const rule = Buffer.alloc(12)
    rule.writeBigUInt64LE(BigInt(stat.isDirectory() ? rights : rights & ofFiles), 0)
    rule.writeInt32LE(file, 8)
    systemCall(ADD_RULE, ruleset, PATH_BENEATH, rule, 0)
  } finally {
    closeSync(file)
  }
}
