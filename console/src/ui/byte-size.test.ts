import { expect, test } from 'vitest'
import { byteSize } from './byte-size.ts'

test.each([
  [0, '0 B'],
  [912, '912 B'],
  [1_400, '1.4 kB'],
  [999_400, '999 kB'],
  [999_900, '1.0 MB'],
  [3_000_000_000_000_000, '3000 TB'],
])('%i bytes are %s', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text)
})
