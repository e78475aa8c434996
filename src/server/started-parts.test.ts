import { expect, test } from 'vitest'
import { silentLog } from '../base/log.ts'
import { StartedParts } from './started-parts.ts'

test('parts stop in the reverse order, each after the one before it has stopped', async () => {
  const stopped: string[] = []
  const parts = new StartedParts(silentLog)
  parts.add('first', () => stopped.push('first'))
  parts.add('second', async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    stopped.push('second')
  })
  await parts.stop()
  expect(stopped).toEqual(['second', 'first'])
})

test('a part that fails to stop is logged, and the others stop all the same', async () => {
  const stopped: string[] = []
  const logged: unknown[] = []
  const parts = new StartedParts({ ...silentLog, error: (fields) => logged.push(fields['part']) })
  parts.add('first', () => stopped.push('first'))
  parts.add('broken', () => {
    throw new Error('no')
  })
  await parts.stop()
  expect(stopped).toEqual(['first'])
  expect(logged).toEqual(['broken'])
})

test('a second stop does nothing', async () => {
  let count = 0
  const parts = new StartedParts(silentLog)
  parts.add('only', () => (count += 1))
  await Promise.all([parts.stop(), parts.stop()])
  expect(count).toBe(1)
})
