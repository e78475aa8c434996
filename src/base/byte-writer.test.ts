import { expect, test } from 'vitest'
import { ByteWriter } from './byte-writer.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

test('numbers are big-endian and negative ones two’s complement', () => {
  const out = new ByteWriter()
  out.uint8(0x44)
  out.int16(-2)
  out.int32(0x01020304)
  out.int64(-1n)
  out.float32(1)
  out.float64(-0)
  expect(hex(out.take())).toBe('44fffe01020304ffffffffffffffff3f8000008000000000000000')
})

test('it grows beyond its first memory and keeps what was written', () => {
  const out = new ByteWriter(16)
  for (let i = 0; i < 100; i += 1) out.int32(i)
  const view = new DataView(out.take().buffer)
  expect(view.getInt32(0)).toBe(0)
  expect(view.getInt32(4 * 99)).toBe(99)
})

test('text is UTF-8, and a cstring ends with a zero byte', () => {
  const out = new ByteWriter(16)
  out.utf8('é€😀')
  out.cstring('id')
  expect(hex(out.take())).toBe('c3a9e282acf09f9880' + '696400')
})

test('a cstring that holds a zero is refused and leaves nothing behind', () => {
  const out = new ByteWriter()
  expect(() => out.cstring('a\0b')).toThrow(/zero byte/)
  expect(out.position).toBe(0)
})

test('lengths are set later, and a broken message is taken back', () => {
  const out = new ByteWriter()
  out.int32(0)
  out.int16(0)
  out.raw(Uint8Array.of(1, 2, 3))
  out.int32At(0, out.position)
  out.int16At(4, 7)
  const end = out.position
  out.utf8('broken')
  out.truncate(end)
  expect(hex(out.take())).toBe('000000090007010203')
})

test('taken bytes are the caller’s: writing on does not change them, and they can be transferred', () => {
  for (const filled of [3, 15]) {
    const out = new ByteWriter(16)
    out.raw(new Uint8Array(filled).fill(1))
    const first = out.take()
    out.raw(new Uint8Array(filled).fill(2))
    expect(first).toEqual(new Uint8Array(filled).fill(1))
    structuredClone(first, { transfer: [first.buffer] })
    expect(out.take()).toEqual(new Uint8Array(filled).fill(2))
  }
})

test('more than 2 GiB is refused before any memory is asked for', () => {
  const out = new ByteWriter(16)
  out.uint8(1)
  expect(() => out.reserve(0x7fff_ffff)).toThrow(/too long/)
  expect(hex(out.take())).toBe('01')
})
