import { expect, test } from 'vitest'
import type { ParameterValue } from '../../columnar/parameter-value.ts'
import { fromWireParameter, toWireParameter } from './wire-parameter.ts'

const values: readonly ParameterValue[] = [
  { kind: 'null' },
  { kind: 'boolean', value: false },
  { kind: 'text', value: 'null' },
  { kind: 'text', value: 'tab\tline\n"quoted"' },
  { kind: 'text', value: 'bell\x07 \x00 escape\x1b ä \u{1f600}' },
  { kind: 'bigint', value: -(2n ** 127n) },
  { kind: 'double', value: 0.1 },
  { kind: 'double', value: -0 },
  { kind: 'double', value: Number.NaN },
  { kind: 'double', value: Number.NEGATIVE_INFINITY },
  { kind: 'blob', value: Buffer.from([0, 255, 34]) },
]

test.each(values)('%o survives JSON exactly', (value) => {
  const json = JSON.stringify(toWireParameter(value))
  expect(fromWireParameter(JSON.parse(json))).toEqual(value)
})

test.each(['\x01', '\x1f', '"', '\\', '\n', 'ä'])(
  'a text full of %j at most doubles',
  (character) => {
    const value = character.repeat(3000)
    const json = JSON.stringify(toWireParameter({ kind: 'text', value }))
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(2 * Buffer.byteLength(value) + 20)
  },
)
