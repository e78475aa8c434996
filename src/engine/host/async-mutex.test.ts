import { expect, test } from 'vitest'
import { AsyncMutex } from './async-mutex.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('holders follow each other in the order in which they came', async () => {
  const mutex = new AsyncMutex()
  const seen: number[] = []
  const work = (n: number) =>
    mutex.run(async () => {
      seen.push(n)
      await turn()
      seen.push(-n)
    })
  await Promise.all([work(1), work(2), work(3)])
  expect(seen).toEqual([1, -1, 2, -2, 3, -3])
  expect(mutex.busy).toBe(false)
})

test('who gives up waiting is out of the line; the others keep their place', async () => {
  const mutex = new AsyncMutex()
  const release = await mutex.acquire()
  const aborter = new AbortController()
  const second = mutex.acquire(aborter.signal)
  const third = mutex.acquire()
  aborter.abort()
  await expect(second).rejects.toMatchObject({ kind: 'cancelled' })
  release()
  release()
  const releaseThird = await third
  expect(mutex.busy).toBe(true)
  releaseThird()
  expect(mutex.busy).toBe(false)
})

test('it is given back when the work fails', async () => {
  const mutex = new AsyncMutex()
  await expect(mutex.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(mutex.busy).toBe(false)
})
