import { PassThrough } from 'node:stream'
import type { Socket } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeLine } from '../../../test/fixtures/pgwire-client.ts'
import { IncomingBytes } from './incoming-bytes.ts'

const MAX = 1024 * 1024

/** A stream in the place of a socket: what it writes comes in. */
function wire(readAheadBytesMax = MAX): { incoming: IncomingBytes; stream: PassThrough } {
  const stream = new PassThrough()
  const incoming = new IncomingBytes(readAheadBytesMax)
  incoming.attach(stream as unknown as Socket)
  return { incoming, stream }
}

async function takeAll(incoming: IncomingBytes, count: number): Promise<string[]> {
  const taken: string[] = []
  while (taken.length < count) {
    const packet = incoming.takeMessage(MAX)
    if (packet) taken.push(String.fromCharCode(packet.type) + packet.body.toString())
    else await incoming.more()
  }
  return taken
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('messages come out whole and in order, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 }),
      async (texts, cuts) => {
        const clean = texts.map((text) => text.replaceAll('\0', ''))
        const bytes = Buffer.concat(clean.map((text) => encodeLine(`Query ${text}`)))
        const { incoming, stream } = wire()
        for (let at = 0, i = 0; at < bytes.length; i += 1) {
          const end = at + (cuts[i % cuts.length] ?? 1)
          stream.write(bytes.subarray(at, end))
          at = end
        }
        expect(await takeAll(incoming, clean.length)).toEqual(clean.map((text) => `Q${text}\0`))
      },
    ),
    { numRuns: 60 },
  )
})

test('a body that was given out is not overwritten by what comes after it', async () => {
  const { incoming, stream } = wire()
  stream.write(encodeLine('Query first').subarray(0, 8))
  await settled()
  stream.write(Buffer.concat([encodeLine('Query first').subarray(8), encodeLine('Query second')]))
  await settled()
  const first = incoming.takeMessage(MAX)
  stream.write(encodeLine(`Query ${'x'.repeat(5000)}`))
  await takeAll(incoming, 2)
  expect(first?.body.toString()).toBe('first\0')
})

test('lengths out of bounds are refused before the bytes come', async () => {
  const { incoming, stream } = wire()
  stream.write(Buffer.from('5100000003', 'hex'))
  await settled()
  expect(() => incoming.takeMessage(MAX)).toThrow(/invalid message length/)

  const large = wire()
  large.stream.write(Buffer.from('51ffffffff', 'hex'))
  await settled()
  expect(() => large.incoming.takeMessage(MAX)).toThrow(/4294967295 bytes is longer/)

  const startup = wire()
  startup.stream.write(Buffer.from('00002711', 'hex'))
  await settled()
  expect(() => startup.incoming.takeStartupPacket(10_000)).toThrow(/invalid length/)
})

test('the end wakes whoever waits, is told once, and leaves what is held', async () => {
  const { incoming, stream } = wire()
  let told = 0
  incoming.onFinish = () => (told += 1)
  stream.write(encodeLine('Sync'))
  await settled()
  const waiting = incoming.more()
  stream.end()
  await waiting
  stream.destroy()
  await settled()
  expect(incoming.finished).toBe(true)
  expect(told).toBe(1)
  expect(incoming.takeMessage(MAX)).toMatchObject({ type: 0x53 })
  await incoming.more() // does not wait for ever
})

test('reading stops while more than the bound is held, and goes on when it is taken', async () => {
  const { incoming, stream } = wire(1000)
  const message = encodeLine(`Query ${'x'.repeat(600)}`)
  for (let i = 0; i < 20; i += 1) stream.write(message)
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(incoming.bytesHeld).toBeLessThan(3000)
  expect(await takeAll(incoming, 20)).toHaveLength(20)
})

test('what is ignored is not kept', async () => {
  const { incoming, stream } = wire()
  stream.write('abc')
  await settled()
  incoming.ignoreRest()
  stream.write(Buffer.alloc(100_000))
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(incoming.bytesHeld).toBe(0)
})
