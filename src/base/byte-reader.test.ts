import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader } from './byte-reader.ts'
import { GatewayError } from './gateway-error.ts'

const reader = (hex: string) => new ByteReader('Bind', Buffer.from(hex, 'hex'))

test('fields are read in order, big-endian', () => {
  const read = reader('44fffe01020304ffffffffffffffff6162006364')
  expect(read.uint8('a')).toBe(0x44)
  expect(read.int16('b')).toBe(-2)
  expect(read.uint32('c')).toBe(0x01020304)
  expect(read.int64('d')).toBe(-1n)
  expect(read.cstring('e')).toBe('ab')
  expect(read.utf8('f', 2)).toBe('cd')
  read.end()
})

test('a field past the end names message, field and bytes left', () => {
  expect(() => reader('0001').int32('number of formats')).toThrow(
    'Bind: number of formats needs 4 bytes, 2 are left',
  )
})

test('a view into a larger memory ends where the view ends', () => {
  const memory = Uint8Array.of(9, 9, 1, 2, 9, 9)
  const read = new ByteReader('Bind', memory.subarray(2, 4))
  expect(read.int16('a')).toBe(0x0102)
  expect(() => read.uint8('b')).toThrow(/0 are left/)
})

test('a value of length -1 is NULL, 0 is empty; other negative and too long ones are refused', () => {
  expect(reader('ffffffff').value('parameter 1')).toBeNull()
  expect(reader('00000000').value('parameter 1')).toEqual(Buffer.alloc(0))
  expect(() => reader('fffffffe').value('parameter 1')).toThrow(/needs -2 bytes/)
  expect(() => reader('7fffffff00').value('parameter 1')).toThrow(/needs 2147483647 bytes, 1 are/)
})

test('a count that cannot fit is refused, one that just fits is not', () => {
  expect(reader('000200000000').count16('parameters', 2)).toBe(2)
  expect(() => reader('000300000000').count16('parameters', 2)).toThrow(/3 parameters cannot/)
  expect(() => reader('ffffffff').count32('dimensions', 0)).toThrow(/-1 dimensions/)
})

test('a text without an end, and one that is not UTF-8, are refused', () => {
  expect(() => reader('6162').cstring('statement')).toThrow(/statement has no end/)
  expect(() => reader('c328').utf8('statement', 2)).toThrow(/not valid UTF-8/)
  expect(reader('efbbbf61').utf8('statement', 4)).toBe('\ufeffa')
})

test('bytes after the last field are refused', () => {
  const read = reader('00ff')
  read.uint8('a')
  expect(() => read.end()).toThrow('Bind: 1 bytes after the last field')
})

test('no bytes make it throw anything but a GatewayError', () => {
  const steps = ['int16', 'int32', 'int64', 'value', 'cstring', 'end'] as const
  fc.assert(
    fc.property(fc.uint8Array(), fc.array(fc.constantFrom(...steps)), (bytes, calls) => {
      const read = new ByteReader('Bind', bytes)
      let thrown: unknown
      try {
        for (const call of calls) read[call]('field')
      } catch (error) {
        thrown = error
      }
      expect(thrown === undefined || thrown instanceof GatewayError).toBe(true)
      expect(read.bytesLeft).toBeGreaterThanOrEqual(0)
    }),
  )
})
