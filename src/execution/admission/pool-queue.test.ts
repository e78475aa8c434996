import { expect, test } from 'vitest'
import { GatewayError } from '../../base/gateway-error.ts'
import { PoolQueue } from './pool-queue.ts'

const NEVER = new AbortController().signal
const tooLong = (): GatewayError => new GatewayError('configuration_limit', 'too long')
const patient = { waitMs: undefined, tooLong }

function queueOf(places: number) {
  const queue = new PoolQueue(places)
  const turns: string[] = []
  const wait = (name: string, signal = NEVER) =>
    queue.wait(patient, signal).then(() => turns.push(name))
  return { queue, turns, wait }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('as many as there are places run at once, the others in the order in which they came', async () => {
  const { queue, turns, wait } = queueOf(2)
  expect([queue.enter(), queue.enter(), queue.enter()]).toEqual([true, true, false])
  void wait('first')
  void wait('second')
  void wait('third')
  await settled()
  expect([queue.running, queue.waiting, turns]).toEqual([2, 3, []])
  queue.leave()
  await settled()
  expect([queue.running, queue.waiting, turns]).toEqual([2, 2, ['first']])
  queue.leave()
  queue.leave()
  await settled()
  expect([queue.running, queue.waiting, turns]).toEqual([2, 0, ['first', 'second', 'third']])
})

test('nobody passes over those who wait, and a place that nobody waits for is free', async () => {
  const { queue, wait } = queueOf(1)
  queue.enter()
  const waiting = wait('first')
  queue.resize(2)
  await waiting
  expect(queue.enter()).toBe(false)
  queue.leave()
  expect(queue.enter()).toBe(true)
})

test('who is stopped leaves the queue at once, with the reason; those behind move up', async () => {
  const { queue, turns, wait } = queueOf(1)
  queue.enter()
  const stop = new AbortController()
  const stopped = wait('stopped', stop.signal)
  void wait('behind')
  const reason = new GatewayError('cancelled', 'enough')
  stop.abort(reason)
  expect(queue.waiting).toBe(1)
  await expect(stopped).rejects.toBe(reason)
  queue.leave()
  await settled()
  expect([turns, queue.running]).toEqual([['behind'], 1])
})

test('who was stopped before does not wait at all', async () => {
  const { queue, wait } = queueOf(1)
  queue.enter()
  const stop = new AbortController()
  stop.abort(new GatewayError('cancelled', 'enough'))
  await expect(wait('stopped', stop.signal)).rejects.toThrow('enough')
  expect(queue.waiting).toBe(0)
})

test('who waits too long is refused and has left; with 0 nobody waits', async () => {
  const { queue } = queueOf(1)
  queue.enter()
  await expect(queue.wait({ waitMs: 5, tooLong }, NEVER)).rejects.toThrow('too long')
  await expect(queue.wait({ waitMs: 0, tooLong }, NEVER)).rejects.toThrow('too long')
  expect(queue.waiting).toBe(0)
})

test('closing refuses who waits and leaves alone who runs; fewer places do the same', async () => {
  const { queue, wait } = queueOf(2)
  queue.enter()
  queue.enter()
  queue.resize(1)
  expect(queue.running).toBe(2)
  queue.leave()
  const waiting = wait('first')
  queue.close(new GatewayError('undefined_object', 'gone'))
  await expect(waiting).rejects.toThrow('gone')
  expect([queue.running, queue.waiting]).toEqual([1, 0])
})
