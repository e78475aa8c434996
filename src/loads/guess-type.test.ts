import { describe, expect, test } from 'vitest'
import { TypeGuess } from './guess-type.ts'

function guess(values: readonly (string | undefined)[], decimal: '.' | ',' = '.'): string {
  const type = new TypeGuess(decimal)
  for (const value of values) type.see(value)
  return type.typeName
}

describe('the narrowest type that keeps every value', () => {
  test.each([
    [['1', '-2', '0', ' 3 ', undefined, ''], 'BIGINT'],
    [['1', '999999999999999999'], 'BIGINT'],
    [['9223372036854775807'], 'HUGEINT'],
    [['9'.repeat(38)], 'HUGEINT'],
    [['9'.repeat(39)], 'VARCHAR'],
    [['1', '2.5'], 'DOUBLE'],
    [['1e10', '2'], 'DOUBLE'],
    [['0.30000000000000004'], 'DOUBLE'],
    [['0.1234567890123456789', '12.5'], 'DECIMAL(38,19)'],
    [['12345678901234567890.123456789012345678901'], 'VARCHAR'],
    [['1e400'], 'VARCHAR'],
    [['9007199254740993', '0.5'], 'DECIMAL(38,1)'],
    [['true', 'FALSE'], 'BOOLEAN'],
    [['2024-02-29'], 'DATE'],
    [['2024-02-29', '2024-03-01 10:00'], 'TIMESTAMP'],
    [['2024-03-01T10:00:00Z'], 'TIMESTAMP WITH TIME ZONE'],
    [['10:00:00'], 'TIME'],
    [['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'], 'UUID'],
    [[undefined, ''], 'VARCHAR'],
  ])('%j: %s', (values, type) => {
    expect(guess(values)).toBe(type)
  })
})

describe('what would lose something by a number or a date stays text', () => {
  test.each([
    [['00501', '10001']],
    [['+1']],
    [['1,5']],
    [['2024-02-30']],
    [['01/02/2024']],
    [['2024-03-01T10:00:00Z', '2024-03-01T10:00:00']],
    [['1', 'n/a']],
    [['true', '1']],
    [['=1+1']],
  ])('%j', (values) => {
    expect(guess(values)).toBe('VARCHAR')
  })
})

test('with a decimal comma, numbers have one, and a point is none', () => {
  expect(guess(['1,5', '2'], ',')).toBe('DOUBLE')
  expect(guess(['1.5'], ',')).toBe('VARCHAR')
})
