/**
 * The loop that writes DataRows, made for one shape of results.
 *
 * It is generated (`new Function`), because one loop for all shapes calls a different encoder at the
 * same place for each column, and the compiler can then neither predict nor inline the call:
 * measured on 16 columns like TPC-H's lineitem, the generated loop is 1.3 to 1.6 times as fast as
 * the same code with an inner loop over closures.
 *
 * After the loop nothing is left to do but to return: the loop is compiled while it runs for the
 * first time, and code behind it that never ran would throw the compiled loop away at each exit
 * (measured: a third of the speed, for as long as the process lives).
 *
 * What is generated depends on the number of columns and on the kinds of their encoders, never on
 * names or values. Loops are kept by the encoders' names, so that a statement that is run again
 * finds its loop compiled. Above some 500 columns the engine no longer optimises a function of that
 * length; such rows are written, at a fraction of the speed.
 */
import { present } from '../../base/assert.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { EncodeRows } from '../encode-rows.ts'
import type { NullEncoder, ValueEncoder } from '../value-encoder.ts'

/** Loops kept. One has about 1 KiB of code a column. */
const LOOPS_MAX = 256

/** Type byte, length, number of columns. */
const HEADER_BYTES = 7
/** A length before each value. */
const LENGTH_BYTES = 4
/** Up to this length a loop is quicker than the two calls that copying takes. */
const SHORT_BYTES = 100

type MakeLoop = (
  encoders: readonly ValueEncoder[],
  bodyBytesMax: number,
  copy: typeof copyBytes,
  refuse: typeof tooLong,
) => EncodeRows

const made = new Map<string, MakeLoop>()

/**
 * @param encoders     One a column.
 * @param bodyBytesMax Longest message body. A longer row is a `program_limit`.
 */
export function rowLoop(encoders: readonly ValueEncoder[], bodyBytesMax: number): EncodeRows {
  const key = encoders
    .map((encoder) => (encoder.kind === 'fixed' ? encoder.name : encoder.kind))
    .join()
  let make = made.get(key)
  if (make === undefined) {
    if (made.size >= LOOPS_MAX) made.delete(present(made.keys().next().value, 'oldest loop'))
    make = generate(encoders)
  } else {
    made.delete(key) // and back in at the end: the first is the one not used for longest
  }
  made.set(key, make)
  return make(encoders, bodyBytesMax, copyBytes, tooLong)
}

function generate(encoders: readonly ValueEncoder[]): MakeLoop {
  const source = `
    ${encoders.map((encoder, k) => (encoder.kind === 'copy' || encoder.kind === 'null' ? '' : `const write${k} = encoders[${k}].write`)).join('\n')}
    const roomMax = ${HEADER_BYTES + LENGTH_BYTES * encoders.length}${encoders
      .map((encoder, k) => (encoder.kind === 'fixed' ? ` + encoders[${k}].bytesMax` : ''))
      .join('')}
    return function encodeRows(batch, from, to, out, bytesTarget) {
      const columns = batch.columns
      ${encoders.map(prologue).join('\n')}
      let bytes = out.bytes, view = out.view, at = out.position, start = at, row = from, end = 0
      try {
        while (row < to) {
          start = at
          const copied = 0${encoders.map((encoder, k) => (encoder.kind === 'copy' ? ` + offsets${k}[row + 1] - offsets${k}[row]` : '')).join('')}
          if (copied > bodyBytesMax) tooLong(copied)
          const room = roomMax + copied
          if (at + room > bytes.length) { out.position = at; out.reserve(room); bytes = out.bytes; view = out.view }
          bytes[at] = 0x44
          view.setInt16(at + 5, ${encoders.length})
          at += ${HEADER_BYTES}
          ${encoders.map(cell).join('\n')}
          end = at - start - 1
          if (end > bodyBytesMax) tooLong(end)
          ${storeLength('start + 1', 'end')}
          out.position = at
          row += 1
          if (at >= bytesTarget) break
        }
      } catch (error) {
        out.position = start
        throw error
      }
      return row
    }`
  // oxlint-disable-next-line typescript/no-implied-eval -- see the head of this file
  return new Function('encoders', 'bodyBytesMax', 'copyBytes', 'tooLong', source) as MakeLoop
}

function prologue(encoder: ValueEncoder, k: number): string {
  const column = `const column${k} = columns[${k}], validity${k} = column${k}.validity`
  switch (encoder.kind) {
    case 'fixed':
      return `${column}, values${k} = encoders[${k}].view(column${k})`
    case 'copy':
      return `${column}, offsets${k} = column${k}.offsets, bytes${k} = column${k}.bytes, source${k} = new DataView(bytes${k}.buffer, bytes${k}.byteOffset, bytes${k}.byteLength)`
    case 'free':
      return column
    case 'null':
      return ''
  }
}

function cell(encoder: ValueEncoder, k: number): string {
  if (encoder.kind === 'null') return `view.setInt32(at, -1); at += ${LENGTH_BYTES}`
  return `
    if (validity${k} !== undefined && (validity${k}[row >> 3] & (1 << (row & 7))) === 0) {
      view.setInt32(at, -1)
      at += ${LENGTH_BYTES}
    } else {
      ${value(encoder, k)}
    }`
}

function value(encoder: Exclude<ValueEncoder, NullEncoder>, k: number): string {
  switch (encoder.kind) {
    case 'fixed':
      return `
        end = write${k}(values${k}, row, bytes, at + ${LENGTH_BYTES})
        view.setInt32(at, end - at - ${LENGTH_BYTES})
        at = end`
    case 'copy':
      return `
        end = offsets${k}[row + 1] - offsets${k}[row]
        ${storeLength('at', 'end')}
        at += ${LENGTH_BYTES}
        copyBytes(bytes, view, at, bytes${k}, source${k}, offsets${k}[row], offsets${k}[row + 1])
        at += end`
    case 'free':
      return `
        out.position = at + ${LENGTH_BYTES}
        write${k}(column${k}, row, out)
        end = out.position - at - ${LENGTH_BYTES}
        out.int32At(at, end)
        at = out.position
        out.reserve(room)
        bytes = out.bytes
        view = out.view`
  }
}

function storeLength(at: string, length: string): string {
  return `view.setInt32(${at}, ${length})`
}

function copyBytes(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  from: Uint8Array,
  source: DataView,
  start: number,
  end: number,
): void {
  if (end - start > SHORT_BYTES) {
    bytes.set(from.subarray(start, end), at)
    return
  }
  let i = start
  let to = at
  for (; i + 4 <= end; i += 4, to += 4) view.setInt32(to, source.getInt32(i))
  for (; i < end; i += 1, to += 1) bytes[to] = from[i] as number
}

function tooLong(bodyBytes: number): never {
  throw new GatewayError('program_limit', `a row of ${bodyBytes} bytes outgrows one message`, {
    hint: 'Select fewer columns, or parts of the long values.',
  })
}
