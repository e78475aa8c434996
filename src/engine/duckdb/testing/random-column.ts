/** For tests: random types, and SQL for a column of random values of such a type. */
import fc from 'fast-check'

export interface RandomType {
  /** The engine's spelling. */
  readonly name: string
  /** SQL that gives a value per `row` (an integer expression), to be cast to `name` as a whole. */
  readonly value: (row: string, salt: number) => string
}

/** About every eighth value is NULL. */
export function randomColumn(type: RandomType, rowCount: number, seed: number): string {
  return `SELECT (${type.value('i', seed)})::${type.name} AS v FROM range(${rowCount}) t(i)`
}

type Write = (bits: string, more: string) => string

/** Both are 60 random bits as UBIGINT. */
const SCALARS: Record<string, Write> = {
  BOOLEAN: (bits) => `${bits} % 2 = 0`,
  TINYINT: (bits) => `(${bits} % 256)::INTEGER - 128`,
  SMALLINT: (bits) => `(${bits} % 65536)::INTEGER - 32768`,
  INTEGER: (bits) => `(${bits} % 4294967296)::BIGINT - 2147483648`,
  BIGINT: (bits, more) => `${bits}::BIGINT - ${more}::BIGINT`,
  HUGEINT: (bits, more) => `(${bits}::HUGEINT - 600000000000000000) * ${more}::HUGEINT`,
  UTINYINT: (bits) => `${bits} % 256`,
  USMALLINT: (bits) => `${bits} % 65536`,
  UINTEGER: (bits) => `${bits} % 4294967296`,
  UBIGINT: (bits) => bits,
  UHUGEINT: (bits, more) => `${bits}::UHUGEINT * ${more}::UHUGEINT`,
  BIGNUM: (bits, more) =>
    `CASE ${more} % 2 WHEN 0 THEN '-' ELSE '' END || repeat(${bits}::VARCHAR, (${more} % 7 + 1)::INTEGER)`,
  FLOAT: (bits, more) => `(${bits} / 7.0) * power(10, (${more} % 40)::INTEGER - 40)`,
  DOUBLE: (bits, more) => `(${bits} / 7.0) * power(10, (${more} % 500)::INTEGER - 300)`,
  'DECIMAL(4,2)': (bits) => `((${bits} % 19999)::INTEGER - 9999) / 100.0`,
  'DECIMAL(9,3)': (bits) => `(${bits} % 1000000000)::INTEGER / 1000.0`,
  'DECIMAL(18,6)': (bits) => `-(${bits} % 1000000000000)::BIGINT / 100.0`,
  'DECIMAL(38,12)': (bits, more) =>
    `((${bits} - 600000000000000000::HUGEINT) || '.' || ${more} % 1000)`,
  VARCHAR: (bits, more) => `repeat(chr((${bits} % 55000 + 1)::INTEGER), (${more} % 20)::INTEGER)`,
  BLOB: (bits, more) => `from_hex(repeat(md5(${bits}::VARCHAR), (${more} % 3)::INTEGER))`,
  BIT: (bits, more) => `repeat(bin(${bits}), (${more} % 3 + 1)::INTEGER)`,
  UUID: (bits) => `md5(${bits}::VARCHAR)`,
  DATE: (bits) => `DATE '1970-01-01' + ((${bits} % 4000000)::INTEGER - 2000000)`,
  TIME: (bits) => `TIME '00:00:00' + to_microseconds((${bits} % 86400000000)::BIGINT)`,
  TIMESTAMP: (bits) => `make_timestamp((${bits} % 100000000000000000)::BIGINT - 50000000000000000)`,
  TIMESTAMP_NS: (bits) => `make_timestamp_ns((${bits} % 1000000000000000000)::BIGINT)`,
  TIMESTAMPTZ: (bits) => `make_timestamp((${bits} % 10000000000000000)::BIGINT)`,
  INTERVAL: (bits, more) => `to_months((${bits} % 1000)::INTEGER - 500)
    + to_days((${more} % 60)::INTEGER - 30) + to_microseconds(${bits}::BIGINT % 200000000000 - 100000000000)`,
}

const scalar = (name: string, write: Write): RandomType => ({
  name,
  value: (row, salt) => {
    const bits = `(hash(${row}, ${salt}) >> 4)`
    const more = `(hash(${row}, ${salt}, 'more') >> 4)`
    return orNull(row, salt, `(${write(bits, more)})::${name}`)
  },
})

const orNull = (row: string, salt: number, value: string): string =>
  `(CASE WHEN hash(${row}, ${salt}, 'null') % 8 = 0 THEN NULL ELSE ${value} END)`

const listOf = (inner: RandomType): RandomType => ({
  name: `${inner.name}[]`,
  value: (row, salt) => {
    const one = inner.value(row, salt * 7 + 1)
    const two = inner.value(row, salt * 7 + 2)
    const list = `(CASE hash(${row}, ${salt}) % 3 WHEN 0 THEN [] WHEN 1 THEN [${one}] ELSE [${one}, ${two}] END)`
    return orNull(row, salt, list)
  },
})

/** Written as a list, which the cast of the whole makes an array: CASE cannot give one. */
const arrayOf = (inner: RandomType): RandomType => ({
  name: `${inner.name}[2]`,
  value: (row, salt) =>
    orNull(row, salt, `[${inner.value(row, salt * 7 + 1)}, ${inner.value(row, salt * 7 + 2)}]`),
})

const structOf = (first: RandomType, second: RandomType): RandomType => ({
  name: `STRUCT("a" ${first.name}, "b""" ${second.name})`,
  value: (row, salt) =>
    orNull(
      row,
      salt,
      `{'a': ${first.value(row, salt * 7 + 1)}, 'b"': ${second.value(row, salt * 7 + 2)}}`,
    ),
})

const mapOf = (inner: RandomType): RandomType => ({
  name: `MAP(VARCHAR, ${inner.name})`,
  value: (row, salt) =>
    orNull(
      row,
      salt,
      `map(['k', 'a key of more than twelve bytes'], [${inner.value(row, salt * 7 + 1)}, ${inner.value(row, salt * 7 + 2)}])`,
    ),
})

export const randomScalars: readonly RandomType[] = Object.entries(SCALARS).map(([name, write]) =>
  scalar(name, write),
)

export const randomNested: fc.Arbitrary<RandomType> = fc.letrec<{ type: RandomType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...randomScalars),
    tie('type').map(listOf),
    tie('type').map(arrayOf),
    tie('type').map(mapOf),
    fc.tuple(tie('type'), tie('type')).map(([first, second]) => structOf(first, second)),
  ),
})).type
