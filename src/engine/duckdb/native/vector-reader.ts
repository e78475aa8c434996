/** One reader per column: which memory a vector of this type has, and how it is copied. */
import { assert, present } from '../../../base/assert.ts'
import type { ColumnVector, FixedValues } from '../../../columnar/column-batch.ts'
import type { ColumnType } from '../../../columnar/column-type.ts'
import { duckdb } from './library.ts'
import type { Address } from './library.ts'
import { copyFrom } from './memory.ts'
import { ReusedArray } from './reused-array.ts'
import { fixedLayout } from './fixed-layout.ts'
import type { FixedLayout } from './fixed-layout.ts'
import { gatherTexts } from './text-gatherer.ts'
import type { Texts } from './text-gatherer.ts'
import { fewTexts } from './few-texts.ts'
import { inlineTexts, STRING_BYTES } from './inline-texts.ts'
import { bitText, bignumText } from './packed-text.ts'
import { rewriteTexts } from './rewrite-texts.ts'

/** `duckdb_type` of the four that hold strings. */
const VARCHAR = 17
const BLOB = 18
const BIT = 29
const BIGNUM = 35

export interface VectorReader {
  read(result: Address, vector: Address, rowCount: number): ColumnVector
}

export function vectorReader(type: ColumnType): VectorReader {
  switch (type.kind) {
    case 'null':
      return new NullReader(type)
    case 'varchar':
    case 'json':
    case 'other':
      return new TextReader(type, VARCHAR)
    case 'blob':
      return new TextReader(type, BLOB)
    case 'bit':
      return new TextReader(type, BIT, bitText)
    case 'bignum':
      return new TextReader(type, BIGNUM, bignumText)
    case 'list':
      return new ListReader(type, type.element)
    case 'map':
      return new ListReader(type, {
        kind: 'struct',
        fields: [
          { name: 'key', type: type.key },
          { name: 'value', type: type.value },
        ],
      })
    case 'array':
      return new ArrayReader(type, type.element, type.length)
    case 'struct':
      return new StructReader(
        type,
        type.fields.map((field) => field.type),
      )
    case 'union':
      return new StructReader(type, [
        { kind: 'utinyint' },
        ...type.members.map((member) => member.type),
      ])
    default:
      return new FixedReader(type, fixedLayout(type))
  }
}

/** The validity mask; the engine keeps it in words of 64 rows. */
class Validity {
  readonly #memory = new ReusedArray((length) => new Uint8Array(length))

  read(vector: Address, rowCount: number): Uint8Array | undefined {
    const mask = duckdb.vectorValidity(vector)
    if (mask === null) return undefined
    const bytes = this.#memory.take(Math.ceil(rowCount / 64) * 8)
    copyFrom(mask, bytes, bytes.byteLength)
    return bytes
  }
}

class NullReader implements VectorReader {
  readonly #type: ColumnType

  constructor(type: ColumnType) {
    this.#type = type
  }

  read(_result: Address, _vector: Address, rowCount: number): ColumnVector {
    return vectorOf(this.#type, { validity: new Uint8Array(Math.ceil(rowCount / 8)) })
  }
}

class FixedReader implements VectorReader {
  readonly #type: ColumnType
  readonly #layout: FixedLayout
  readonly #validity = new Validity()
  readonly #values: ReusedArray<FixedValues>

  constructor(type: ColumnType, layout: FixedLayout) {
    this.#type = type
    this.#layout = layout
    this.#values = new ReusedArray(layout.make)
  }

  read(_result: Address, vector: Address, rowCount: number): ColumnVector {
    const values = this.#values.take(rowCount * this.#layout.elementsPerRow)
    if (rowCount > 0) copyFrom(dataOf(vector), values, values.byteLength)
    return vectorOf(this.#type, { validity: this.#validity.read(vector, rowCount), values })
  }
}

class TextReader implements VectorReader {
  readonly #type: ColumnType
  readonly #typeId: number
  readonly #rewrite: ((bytes: Uint8Array) => string) | undefined
  readonly #validity = new Validity()
  readonly #offsets = new ReusedArray((length) => new Int32Array(length))
  readonly #strings = new ReusedArray((length) => new Uint8Array(length))
  readonly #bytes = new ReusedArray((length) => new Uint8Array(length))

  constructor(type: ColumnType, typeId: number, rewrite?: (bytes: Uint8Array) => string) {
    this.#type = type
    this.#typeId = typeId
    this.#rewrite = rewrite
  }

  read(result: Address, vector: Address, rowCount: number): ColumnVector {
    const validity = this.#validity.read(vector, rowCount)
    const texts = this.#texts(result, vector, rowCount, validity)
    if (this.#rewrite === undefined) return vectorOf(this.#type, { validity, ...texts })
    return vectorOf(this.#type, { validity, ...rewriteTexts(texts, validity, this.#rewrite) })
  }

  #texts(
    result: Address,
    vector: Address,
    rowCount: number,
    validity: Uint8Array | undefined,
  ): Texts {
    const offsets = this.#offsets.take(rowCount + 1)
    const room = (byteCount: number): Uint8Array => this.#bytes.take(byteCount)
    const strings = this.#strings.take(rowCount * STRING_BYTES)
    if (rowCount > 0) copyFrom(dataOf(vector), strings, strings.byteLength)
    return (
      inlineTexts(strings, validity, rowCount, offsets, room) ??
      fewTexts(vector, this.#typeId, strings, validity, rowCount, offsets, room) ??
      gatherTexts(result, vector, this.#typeId, rowCount, offsets, room)
    )
  }
}

class StructReader implements VectorReader {
  readonly #type: ColumnType
  readonly #fields: readonly VectorReader[]
  readonly #validity = new Validity()

  constructor(type: ColumnType, fields: readonly ColumnType[]) {
    this.#type = type
    this.#fields = fields.map(vectorReader)
  }

  read(result: Address, vector: Address, rowCount: number): ColumnVector {
    const children = this.#fields.map((field, index) =>
      field.read(result, duckdb.structChild(vector, index), rowCount),
    )
    return vectorOf(this.#type, { validity: this.#validity.read(vector, rowCount), children })
  }
}

class ListReader implements VectorReader {
  readonly #type: ColumnType
  readonly #child: VectorReader
  readonly #validity = new Validity()
  readonly #entries = new ReusedArray((length) => new BigUint64Array(length))

  constructor(type: ColumnType, child: ColumnType) {
    this.#type = type
    this.#child = vectorReader(child)
  }

  read(result: Address, vector: Address, rowCount: number): ColumnVector {
    const values = this.#entries.take(rowCount * 2)
    if (rowCount > 0) copyFrom(dataOf(vector), values, values.byteLength)
    const childCount = Number(duckdb.listChildSize(vector))
    const child = this.#child.read(result, duckdb.listChild(vector), childCount)
    return vectorOf(this.#type, {
      validity: this.#validity.read(vector, rowCount),
      values,
      children: [child],
    })
  }
}

class ArrayReader implements VectorReader {
  readonly #type: ColumnType
  readonly #child: VectorReader
  readonly #length: number
  readonly #validity = new Validity()

  constructor(type: ColumnType, child: ColumnType, length: number) {
    this.#type = type
    this.#child = vectorReader(child)
    this.#length = length
  }

  read(result: Address, vector: Address, rowCount: number): ColumnVector {
    const child = this.#child.read(result, duckdb.arrayChild(vector), rowCount * this.#length)
    return vectorOf(this.#type, {
      validity: this.#validity.read(vector, rowCount),
      children: [child],
    })
  }
}

function dataOf(vector: Address): Address {
  return present(duckdb.vectorData(vector), 'the data of a vector')
}

function vectorOf(type: ColumnType, parts: Partial<ColumnVector>): ColumnVector {
  const { validity, values, offsets, bytes, children } = parts
  assert((offsets === undefined) === (bytes === undefined), 'offsets go with bytes')
  return { type, validity, values, offsets, bytes, children: children ?? [] }
}
