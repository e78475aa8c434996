import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ColumnType, ScalarKind } from './column-type.ts'
import { parseTypeName, typeName } from './parse-type-name.ts'

const integer: ColumnType = { kind: 'integer' }
const varchar: ColumnType = { kind: 'varchar' }

test('scalar types in the engine’s spelling, in any case', () => {
  expect(parseTypeName('INTEGER')).toEqual(integer)
  expect(parseTypeName('timestamp with time zone')).toEqual({ kind: 'timestamp_tz' })
  expect(parseTypeName('TIME WITH TIME ZONE')).toEqual({ kind: 'time_tz' })
  expect(parseTypeName('TIMESTAMP_NS')).toEqual({ kind: 'timestamp_ns' })
  expect(parseTypeName('"NULL"')).toEqual({ kind: 'null' })
})

test('precision and scale of decimals, with the engine’s defaults', () => {
  expect(parseTypeName('DECIMAL(10,2)')).toEqual({ kind: 'decimal', precision: 10, scale: 2 })
  expect(parseTypeName('DECIMAL(5)')).toEqual({ kind: 'decimal', precision: 5, scale: 0 })
  expect(parseTypeName('NUMERIC')).toEqual({ kind: 'decimal', precision: 18, scale: 3 })
  expect(parseTypeName('DECIMAL(39,0)')).toMatchObject({ kind: 'other' })
  expect(parseTypeName('DECIMAL(2,3)')).toMatchObject({ kind: 'other' })
})

test('lists, arrays and nested types', () => {
  expect(parseTypeName('INTEGER[]')).toEqual({ kind: 'list', element: integer })
  expect(parseTypeName('INTEGER[3][]')).toEqual({
    kind: 'list',
    element: { kind: 'array', element: integer, length: 3 },
  })
  expect(parseTypeName('MAP(VARCHAR, INTEGER)')).toEqual({
    kind: 'map',
    key: varchar,
    value: integer,
  })
  expect(parseTypeName('STRUCT(a INTEGER, "b c" VARCHAR[])[]')).toEqual({
    kind: 'list',
    element: {
      kind: 'struct',
      fields: [
        { name: 'a', type: integer },
        { name: 'b c', type: { kind: 'list', element: varchar } },
      ],
    },
  })
  expect(parseTypeName('UNION(num INTEGER, "s""x" VARCHAR)')).toEqual({
    kind: 'union',
    members: [
      { name: 'num', type: integer },
      { name: 's"x', type: varchar },
    ],
  })
})

test('labels of an enum may hold quotes, commas and brackets', () => {
  expect(parseTypeName("ENUM('a', 'b''c', 'd, e)', '')")).toEqual({
    kind: 'enum',
    labels: ['a', "b'c", 'd, e)', ''],
  })
})

test('what is not read in full is other, under its whole name', () => {
  for (const name of [
    'GEOMETRY',
    'INTEGER x',
    'STRUCT(a)',
    'MAP(INTEGER)',
    'ENUM()',
    "ENUM('a",
    '',
    '[]',
  ]) {
    expect(parseTypeName(name)).toEqual({ kind: 'other', name })
  }
  expect(parseTypeName('GEOMETRY[]')).toEqual({ kind: 'other', name: 'GEOMETRY[]' })
})

test('nesting is bounded', () => {
  expect(parseTypeName('INTEGER' + '[]'.repeat(20))).toMatchObject({ kind: 'list' })
  expect(parseTypeName('INTEGER' + '[]'.repeat(10_000))).toMatchObject({ kind: 'other' })
  expect(parseTypeName('STRUCT(a '.repeat(10_000))).toMatchObject({ kind: 'other' })
})

const scalarKinds: ScalarKind[] = ['boolean', 'bigint', 'double', 'time_tz', 'timestamp_tz', 'null']
const { type: anyType } = fc.letrec<{
  type: ColumnType
  field: { name: string; type: ColumnType }
}>((tie) => ({
  field: fc.record({ name: fc.string({ minLength: 1 }), type: tie('type') }),
  type: fc.oneof(
    { maxDepth: 4 },
    fc.record({ kind: fc.constantFrom(...scalarKinds) }),
    fc.record({
      kind: fc.constant('decimal' as const),
      precision: fc.integer({ min: 10, max: 38 }),
      scale: fc.integer({ min: 0, max: 10 }),
    }),
    fc.record({
      kind: fc.constant('enum' as const),
      labels: fc.array(fc.string(), { minLength: 1 }),
    }),
    fc.record({ kind: fc.constant('list' as const), element: tie('type') }),
    fc.record({
      kind: fc.constant('array' as const),
      element: tie('type'),
      length: fc.nat({ max: 100_000 }),
    }),
    fc.record({ kind: fc.constant('map' as const), key: tie('type'), value: tie('type') }),
    fc.record({
      kind: fc.constant('struct' as const),
      fields: fc.array(tie('field'), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({
      kind: fc.constant('union' as const),
      members: fc.array(tie('field'), { minLength: 1, maxLength: 4 }),
    }),
  ),
}))

test('every type survives being written and read', () => {
  fc.assert(
    fc.property(anyType, (type) => {
      expect(parseTypeName(typeName(type))).toEqual(type)
    }),
  )
})

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(parseTypeName(name)).toHaveProperty('kind')
    }),
  )
})
