/**
 * A bound on the address space of this process, set from inside once its threads are up.
 *
 * The engine's own limit does not count the lists and texts inside expressions: one statement
 * reached 6 GB under a limit of 256 MB (security design, section 5). Under this limit the engine's
 * allocation fails instead, and that statement alone ends with `out_of_memory`. Each thread reserves
 * much more address space than it uses, so the bound is the present size and a budget above it.
 */
import { readFileSync } from 'node:fs'
import koffi from 'koffi'

/** `RLIMIT_AS` of Linux. */
const ADDRESS_SPACE = 9

/**
 * On Linux; elsewhere nothing happens, and the watchdog over resident memory has to do.
 *
 * @returns the limit in bytes, or undefined where there is none.
 */
export function limitAddressSpace(budgetBytes: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  const limit = addressSpaceBytes() + budgetBytes
  // both limits of the struct: soft and hard
  const struct = new BigUint64Array([BigInt(limit), BigInt(limit)])
  const setrlimit = koffi.load(null).func('setrlimit', 'int', ['int', 'void *'])
  const failed: unknown = setrlimit(ADDRESS_SPACE, struct)
  return failed === 0 ? limit : undefined
}

function addressSpaceBytes(): number {
  const status = readFileSync('/proc/self/status', 'utf8')
  const kibibytes = /^VmSize:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kibibytes === undefined) throw new Error('/proc/self/status has no VmSize')
  return Number(kibibytes) * 1024
}
