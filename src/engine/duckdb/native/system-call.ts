/** Calls of Linux that Node has no function for: what the fences of the host are made of. */
import koffi from 'koffi'
import { present } from '../../../base/assert.ts'

/** What a call may take: a number, or memory of ours that outlives it. */
export type CallArgument = number | bigint | Uint8Array | BigUint64Array | null

/** Loaded at the first call: libraries that come before must be able to set koffi up. */
let syscall: ((...numberAndValues: unknown[]) => number) | undefined

/**
 * @returns what the kernel says: 0 or more.
 * @throws SystemCallError with the error's number: nothing was changed then.
 */
export function systemCall(number: number, ...values: readonly CallArgument[]): number {
  syscall ??= koffi.load(null).func('long syscall(long number, ...)') as unknown as typeof syscall
  const typed = values.flatMap((value) => [isMemory(value) ? 'void *' : 'int64', value])
  const result = present(syscall, 'the C library has it')(number, ...typed)
  if (result < 0) throw new SystemCallError(number, koffi.errno())
  return result
}

/** The address of memory that outlives its use: for structs that hold pointers. */
export function addressOf(memory: Uint8Array): bigint {
  return koffi.address(memory)
}

export class SystemCallError extends Error {
  override readonly name = 'SystemCallError'
  readonly errno: number

  constructor(number: number, errno: number) {
    super(`system call ${number} failed with error ${errno}`)
    this.errno = errno
  }
}

function isMemory(value: CallArgument): boolean {
  return value === null || typeof value === 'object'
}
