/**
 * Strings of a vector as offsets and bytes.
 *
 * The engine holds a string inline or as a pointer to anywhere, and one read per pointer costs more
 * than the string. Its own conversion to Arrow gathers a whole vector in one call: the vector is
 * referenced by a chunk of one BLOB column that this thread keeps for the purpose (BLOB, VARCHAR,
 * BIT and BIGNUM have the same memory layout), and what comes back are an offsets and a bytes
 * buffer, copied out before they are released.
 */
import { GatewayError } from '../../../base/gateway-error.ts'
import { assert, present } from '../../../base/assert.ts'
import { duckdb } from './library.ts'
import type { Address } from './library.ts'
import { callRelease, copyFrom, destroy } from './memory.ts'

/** `struct ArrowArray` of the Arrow C data interface, in words of 8 bytes. */
const ARRAY_WORDS = 10
const BUFFERS_WORD = 5
const CHILDREN_WORD = 6
const RELEASE_WORD = 8
/** Validity, offsets, bytes. */
const BUFFER_COUNT = 3

const rootArray = new BigUint64Array(ARRAY_WORDS)
const childArray = new BigUint64Array(ARRAY_WORDS)
const pointer = new BigUint64Array(1)
const buffers = new BigUint64Array(BUFFER_COUNT)
const cell = new BigUint64Array(16)

export interface Texts {
  readonly offsets: Int32Array
  readonly bytes: Uint8Array
}

/**
 * @param result The result that the vector came from: its settings decide on Arrow's details.
 * @param offsets Room for `rowCount + 1`.
 * @param room Gives memory for so many bytes.
 * @throws GatewayError `program_limit` beyond 2 GiB of text in one vector.
 */
export function gatherTexts(
  result: Address,
  vector: Address,
  typeId: number,
  rowCount: number,
  offsets: Int32Array,
  room: (byteCount: number) => Uint8Array,
): Texts {
  checkType(vector, typeId)
  const chunk = gatherChunk(typeId)
  const options = duckdb.resultGetArrowOptions(result)
  try {
    duckdb.referenceVector(duckdb.chunkVector(chunk, 0), vector)
    duckdb.setChunkSize(chunk, rowCount)
    throwError(duckdb.dataChunkToArrow(options, chunk, rootArray))
  } finally {
    duckdb.resetDataChunk(chunk)
    destroy(duckdb.destroyArrowOptions, options)
  }
  try {
    copyFrom(rootArray[CHILDREN_WORD] ?? 0n, pointer, 8)
    copyFrom(pointer[0] ?? 0n, childArray, ARRAY_WORDS * 8)
    copyFrom(childArray[BUFFERS_WORD] ?? 0n, buffers, BUFFER_COUNT * 8)
    copyFrom(buffers[1] ?? 0n, offsets, (rowCount + 1) * 4)
    const byteCount = present(offsets[rowCount], 'the last offset')
    const bytes = room(byteCount)
    copyFrom(buffers[2] ?? 0n, bytes, byteCount)
    return { offsets, bytes }
  } finally {
    callRelease(rootArray[RELEASE_WORD] ?? 0n, rootArray)
  }
}

/** Referencing a vector of another type would end the process. */
export function checkType(vector: Address, typeId: number): void {
  const type = duckdb.vectorType(vector)
  const actual = duckdb.typeId(type)
  destroy(duckdb.destroyLogicalType, type)
  assert(actual === typeId, `a vector of type ${typeId}, not ${actual}`)
}

const chunks = new Map<number, Address>()

/** A chunk of one column; freed with the process, as long as which a thread of ours lives. */
function gatherChunk(typeId: number): Address {
  const kept = chunks.get(typeId)
  if (kept !== undefined) return kept
  const type = duckdb.createLogicalType(typeId)
  cell[0] = type
  const chunk = duckdb.createDataChunk(cell, 1)
  destroy(duckdb.destroyLogicalType, type)
  chunks.set(typeId, chunk)
  return chunk
}

function throwError(error: Address | null): void {
  if (error === null) return
  try {
    if (!duckdb.errorHasError(error)) return
    throw new GatewayError('program_limit', 'the texts of one batch are too long', {
      detail: 'At most 2 GiB of text fit into about 2048 rows of one column.',
      cause: new Error(duckdb.errorMessage(error) ?? ''),
    })
  } finally {
    destroy(duckdb.destroyErrorData, error)
  }
}
