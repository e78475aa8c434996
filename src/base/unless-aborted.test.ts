import { expect, test } from 'vitest'
import { unlessAborted } from './unless-aborted.ts'

test('without an abort the outcome is that of the work, good or bad', async () => {
  const { signal } = new AbortController()
  expect(await unlessAborted(Promise.resolve(7), signal)).toBe(7)
  await expect(unlessAborted(Promise.reject(new Error('bad')), signal)).rejects.toThrow('bad')
})

test('an abort before or during the work ends the wait with its reason, though the work goes on', async () => {
  const work = Promise.withResolvers<number>()
  const stop = new AbortController()
  const waiting = unlessAborted(work.promise, stop.signal)
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  const late = Promise.withResolvers<number>()
  await expect(unlessAborted(late.promise, stop.signal)).rejects.toThrow('enough')
  for (const { reject } of [work, late]) reject(new Error('late')) // nobody is left to be surprised
})
