/** The process goes on as another program: same number, same socket, none of its memory. */
import { systemCall } from '../../duckdb/native/system-call.ts'

const FCNTL = { x64: 72, arm64: 25 } as Readonly<Record<string, number>>
const SET_DESCRIPTOR_FLAGS = 2

/** Where the system has it, and its calls are known. */
export function canBecome(): boolean {
  return process.platform === 'linux' && process.arch in FCNTL && process.execve !== undefined
}

/**
 * @param kept Descriptors that the program gets, besides the first three.
 * @returns only where a process cannot become another one.
 */
export function become(file: string, words: readonly string[], kept: readonly number[]): void {
  const fcntl = FCNTL[process.arch]
  if (!canBecome() || fcntl === undefined) return
  for (const descriptor of kept) systemCall(fcntl, descriptor, SET_DESCRIPTOR_FLAGS, 0)
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, file, ...words])
}
