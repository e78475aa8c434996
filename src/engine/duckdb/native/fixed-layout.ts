/** The memory of values of a fixed width: the engine's, which is also the ColumnBatch's. */
import { assert } from '../../../base/assert.ts'
import type { FixedValues } from '../../../columnar/column-batch.ts'
import type { ColumnType } from '../../../columnar/column-type.ts'

export interface FixedLayout {
  readonly make: (length: number) => FixedValues
  readonly elementsPerRow: 1 | 2 | 4
}

const int8: FixedLayout = { make: (n) => new Int8Array(n), elementsPerRow: 1 }
const uint8: FixedLayout = { make: (n) => new Uint8Array(n), elementsPerRow: 1 }
const int16: FixedLayout = { make: (n) => new Int16Array(n), elementsPerRow: 1 }
const uint16: FixedLayout = { make: (n) => new Uint16Array(n), elementsPerRow: 1 }
const int32: FixedLayout = { make: (n) => new Int32Array(n), elementsPerRow: 1 }
const uint32: FixedLayout = { make: (n) => new Uint32Array(n), elementsPerRow: 1 }
const int64: FixedLayout = { make: (n) => new BigInt64Array(n), elementsPerRow: 1 }
const uint64: FixedLayout = { make: (n) => new BigUint64Array(n), elementsPerRow: 1 }
const float32: FixedLayout = { make: (n) => new Float32Array(n), elementsPerRow: 1 }
const float64: FixedLayout = { make: (n) => new Float64Array(n), elementsPerRow: 1 }
const words128: FixedLayout = { make: (n) => new BigUint64Array(n), elementsPerRow: 2 }
const interval: FixedLayout = { make: (n) => new Int32Array(n), elementsPerRow: 4 }

const LAYOUTS: Partial<Record<ColumnType['kind'], FixedLayout>> = {
  boolean: uint8,
  tinyint: int8,
  smallint: int16,
  integer: int32,
  bigint: int64,
  utinyint: uint8,
  usmallint: uint16,
  uinteger: uint32,
  ubigint: uint64,
  hugeint: words128,
  uhugeint: words128,
  uuid: words128,
  float: float32,
  double: float64,
  date: int32,
  time: int64,
  time_ns: int64,
  time_tz: uint64,
  timestamp: int64,
  timestamp_s: int64,
  timestamp_ms: int64,
  timestamp_ns: int64,
  timestamp_tz: int64,
  interval,
}

export function fixedLayout(type: ColumnType): FixedLayout {
  if (type.kind === 'decimal') return decimalLayout(type.precision)
  if (type.kind === 'enum') return enumLayout(type.labels.length)
  const layout = LAYOUTS[type.kind]
  assert(layout !== undefined, `a fixed width for ${type.kind}`)
  return layout
}

function decimalLayout(precision: number): FixedLayout {
  if (precision <= 4) return int16
  if (precision <= 9) return int32
  return precision <= 18 ? int64 : words128
}

function enumLayout(labelCount: number): FixedLayout {
  if (labelCount <= 0xff) return uint8
  return labelCount <= 0xffff ? uint16 : uint32
}
