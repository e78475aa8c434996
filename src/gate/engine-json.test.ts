import { expect, test } from 'vitest'
import { isObject, isRawNumber, NO_LOCATION, parseEngineJson, toEngineJson } from './engine-json.ts'

test.each([
  '{"value":9007199254740993}',
  '{"value":18446744073709551615}',
  '{"value":0.1,"other":1.50}',
  '{"value":1e+300}',
  '{"value":100.0,"other":-0.0}',
  '{"value":-12345678901234567890}',
  '{"text":"0.10 and \\"1e5\\" stay","n":1}',
])('%s comes back as it was', (json) => {
  expect(toEngineJson(parseEngineJson(json))).toBe(json)
})

test('numbers that are exact are numbers, others keep their spelling', () => {
  const parsed = parseEngineJson('[1, 9007199254740993]')
  expect(Array.isArray(parsed) && parsed.map(isRawNumber)).toEqual([false, true])
})

test('"nowhere" is one number, and is not replaced inside of texts', () => {
  const parsed = parseEngineJson(
    '{"query_location":18446744073709551615,"text":"\\"query_location\\":18446744073709551615"}',
  )
  expect(isObject(parsed) && parsed['query_location']).toBe(NO_LOCATION)
  expect(isObject(parsed) && parsed['text']).toBe('"query_location":18446744073709551615')
})

test('infinity, which is no JSON, is out of range', () => {
  expect(() => parseEngineJson('{"value":Infinity}')).toThrow('out of range')
})
