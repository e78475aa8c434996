/**
 * Reading native memory, in the few ways that this program needs.
 *
 * Everything is copied: `koffi.view` costs about 3 µs for the ArrayBuffer alone, while copying 16 KiB
 * (a full vector of 64-bit values) costs about 0.5 µs, and a stale copy is only stale where a stale
 * view reads freed memory.
 */
import koffi from 'koffi'
import { duckdb } from './library.ts'
import type { Address, ResultByValue } from './library.ts'
import { RESULT_BYTES } from './library.ts'
import type { FixedValues } from '../../../columnar/column-batch.ts'

const runtime = koffi.load(process.platform === 'win32' ? 'ucrtbase.dll' : null)

/** C's memcpy; the caller answers for both lengths. */
const memcpy = runtime.func('memcpy', 'void *', ['void *', 'void *', 'size_t']) as unknown as (
  target: Address | FixedValues,
  source: Address | FixedValues,
  bytes: number,
) => void

/** Copies from `source` into the beginning of `target`. */
export function copyFrom(source: Address, target: FixedValues, bytes: number): void {
  if (bytes > target.byteLength) throw new RangeError('copy beyond the end of the target')
  if (bytes > 0) memcpy(target, source, bytes)
}

/** Text that ends with a zero byte. The memory stays. */
function readText(source: Address): string {
  return koffi.decode.string(source)
}

/** Text that the callee allocated for us: reads it and frees it. */
export function takeText(source: Address): string {
  const text = readText(source)
  duckdb.free(source)
  return text
}

/** Memory that a result can live in while it moves between threads; free with `freeResult`. */
export function allocateResult(): Address {
  const result = duckdb.malloc(RESULT_BYTES)
  memcpy(result, new Uint8Array(RESULT_BYTES), RESULT_BYTES)
  return result
}

/** Destroys the result in it, too. */
export function freeResult(result: Address): void {
  duckdb.destroyResult(result)
  duckdb.free(result)
}

const INTERNAL_DATA_WORD = 5

/** For the functions that take the struct by value. */
export function resultByValue(result: Address): ResultByValue {
  const words = new BigUint64Array(RESULT_BYTES / 8)
  copyFrom(result, words, RESULT_BYTES)
  return {
    deprecatedColumnCount: 0n,
    deprecatedRowCount: 0n,
    deprecatedRowsChanged: 0n,
    deprecatedColumns: null,
    deprecatedErrorMessage: null,
    internalData: words[INTERNAL_DATA_WORD] ?? 0n,
  }
}

const destructorCell = new BigUint64Array(16)

/** Calls a function of the C API that frees what a cell points at. */
export function destroy(destructor: (cell: BigUint64Array) => void, handle: Address): void {
  destructorCell[0] = handle
  destructor(destructorCell)
}

/** A call through the pointer that a C struct of ours holds: `void release(struct *)`. */
export function callRelease(release: Address, struct: BigUint64Array): void {
  let call = releaseFunctions.get(release)
  if (call === undefined) {
    call = koffi.decode(release, releaseType) as (struct: BigUint64Array) => void
    releaseFunctions.set(release, call)
  }
  call(struct)
}

const releaseType = koffi.proto('void release(void *)')
const releaseFunctions = new Map<Address, (struct: BigUint64Array) => void>()
