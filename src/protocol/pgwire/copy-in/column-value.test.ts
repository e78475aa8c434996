import { describe, expect, test } from 'vitest'
import { parseTypeName } from '../../../columnar/parse-type-name.ts'
import { GatewayError } from '../../../base/gateway-error.ts'
import { valueReader } from './column-value.ts'

const of = (type: string, zone = 'UTC') =>
  valueReader({ name: 'c', type: parseTypeName(type) }, zone)

function kindOf(read: () => unknown): string | undefined {
  try {
    read()
  } catch (error) {
    if (error instanceof GatewayError) return error.kind
    throw error
  }
  return undefined
}

test.each([
  ['DECIMAL(10,2)', '1.005', '1.01'],
  ['DECIMAL(10,2)', '-0.005', '-0.01'],
  ['DECIMAL(10,2)', '-0.004', '0.00'],
  ['DECIMAL(10,2)', '99999999.994', '99999999.99'],
  ['DECIMAL(10,2)', '1e-400', '0'],
  ['DECIMAL(4,4)', '0.99994', '0.9999'],
  ['DECIMAL(4,0)', '1234.5', '1235'],
  ['DECIMAL(38,38)', `0.${'9'.repeat(38)}4`, `0.${'9'.repeat(38)}`],
  [
    'HUGEINT',
    '-170141183460469231731687303715884105728',
    '-170141183460469231731687303715884105728',
  ],
  ['UBIGINT', '1.8446744073709551615e19', '18446744073709551615'],
  ['UTINYINT', '255', '255'],
  ['UUID', '{A0EEBC99-9C0B4EF8BB6D-6BB9BD380A11}', 'A0EEBC999C0B4EF8BB6D6BB9BD380A11'],
  ['BLOB', '\\x00ff', 'AP8='],
  ['BOOLEAN', 'yes', 'true'],
  ['DATE', '0045-02-29 BC', '0045-02-29 (BC)'],
  ['JSON', '{"a": [1]}', '{"a": [1]}'],
])('%s: %s is %s', (type, text, expected) => {
  expect(of(type)(text)).toBe(expected)
})

test('a timestamptz without a zone is one of the session’s', () => {
  expect(of('TIMESTAMPTZ', 'Europe/Berlin')('2024-01-01 12:30')).toBe(
    '2024-01-01 12:30:00 Europe/Berlin',
  )
  expect(of('TIMESTAMPTZ', 'Europe/Berlin')('2024-01-01 12:30+05')).toBe('2024-01-01 12:30:00+05')
  expect(of('TIMESTAMPTZ[]', 'UTC')('{2024-01-01}')).toBe('["2024-01-01 00:00:00+00"]')
})

describe('refused, in the line where it stands', () => {
  test.each([
    ['DECIMAL(10,2)', '99999999.995', 'numeric_value_out_of_range'],
    ['DECIMAL(10,2)', '1e400', 'numeric_value_out_of_range'],
    ['DECIMAL(10,2)', 'NaN', 'numeric_value_out_of_range'],
    ['DECIMAL(10,2)', `${'1'.repeat(2000)}`, 'invalid_text_representation'],
    ['DECIMAL(4,4)', '1', 'numeric_value_out_of_range'],
    ['HUGEINT', '170141183460469231731687303715884105728', 'numeric_value_out_of_range'],
    ['HUGEINT', '1.5', 'invalid_text_representation'],
    ['UTINYINT', '256', 'numeric_value_out_of_range'],
    ['UINTEGER', '-1', 'numeric_value_out_of_range'],
    ['UUID', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'invalid_text_representation'],
    ['JSON', '[1,]', 'invalid_text_representation'],
    ["ENUM('a', 'b')", 'c', 'invalid_text_representation'],
    ['DATE', '2023-02-29', 'datetime_field_overflow'],
    ['DATE', '0044-02-29 BC', 'datetime_field_overflow'],
    ['DATE', '0000-01-01', 'datetime_field_overflow'],
    ['TIMESTAMP', '2024-01-01 12:60', 'datetime_field_overflow'],
  ])('%s: %s: %s', (type, text, kind) => {
    expect(kindOf(() => of(type)(text))).toBe(kind)
  })

  test.each(['STRUCT(a INTEGER)', 'MAP(INTEGER, VARCHAR)', 'INTEGER[][]', 'STRUCT(a INTEGER)[]'])(
    '%s has no text that PostgreSQL and the engine read alike',
    (type) => {
      expect(kindOf(() => of(type))).toBe('feature_not_supported')
    },
  )
})
