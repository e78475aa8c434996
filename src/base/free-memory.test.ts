import { expect, test } from 'vitest'
import { freeMemory } from './free-memory.ts'

test('after it was freed, every view of large memory is empty', () => {
  const bytes = Buffer.allocUnsafeSlow(256 * 1024)
  const part = bytes.subarray(4)
  freeMemory(part)
  expect(part.length).toBe(0)
  expect(bytes.length).toBe(0)
  expect(bytes.buffer.byteLength).toBe(0)
})

test('small memory, which may be a part of a pool, is left alone', () => {
  const bytes = Buffer.from('abc')
  freeMemory(bytes)
  expect(bytes.toString()).toBe('abc')
})

test('to free it twice does no harm', () => {
  const bytes = Buffer.allocUnsafeSlow(256 * 1024)
  freeMemory(bytes)
  freeMemory(bytes)
  expect(bytes.length).toBe(0)
})
