import { expect, test } from 'vitest'
import type { ParameterValue } from '../../columnar/parameter-value.ts'
import { fromWireParameter, toWireParameter } from './wire-parameter.ts'

const values: readonly ParameterValue[] = [
  { kind: 'null' },
  { kind: 'boolean', value: false },
  { kind: 'text', value: 'null' },
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
