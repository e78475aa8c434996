import { expect, test } from 'vitest'
import { parseStartupOptions } from './startup-options.ts'

test.each<[string, [string, string][]]>([
  ['', []],
  ['-c a=1', [['a', '1']]],
  [
    '  -ca=1   --b-c=2 ',
    [
      ['a', '1'],
      ['b_c', '2'],
    ],
  ],
  [String.raw`-c search_path=a,\ b`, [['search_path', 'a, b']]],
  [String.raw`-c x=back\\slash`, [['x', String.raw`back\slash`]]],
  ['-c x=a=b', [['x', 'a=b']]],
  ['-c x=', [['x', '']]],
])('%j', (options, settings) => {
  expect(parseStartupOptions(options)).toEqual(settings)
})

test.each(['-d 5', '-c', '-c a', '--', 'a=1', '-c =1'])('%j is refused', (options) => {
  expect(() => parseStartupOptions(options)).toThrow(
    expect.objectContaining({ kind: 'invalid_parameter_value' }),
  )
})
