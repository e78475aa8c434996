import { expect, test } from 'vitest'
import { BindLock, leaveBinding } from './bind-lock.ts'

const pause = () => new Promise((resolve) => setTimeout(resolve, 20))

test('whoever wants to be alone waits until the last binding ended, and keeps new ones out', async () => {
  let freed = 0
  const lock = new BindLock(() => (freed += 1))
  lock.enterBinding()
  lock.enterBinding()
  let alone = false
  const done = lock.alone(() => {
    alone = true
    return Promise.resolve('committed')
  })
  await pause()
  expect(lock.open).toBe(false)
  leaveBinding(lock.shared)
  await pause()
  expect(alone).toBe(false)
  leaveBinding(lock.shared)
  expect(await done).toBe('committed')
  expect(lock.open).toBe(true)
  expect(freed).toBe(1)
})

test('a failure inside opens it again', async () => {
  const lock = new BindLock(() => undefined)
  await expect(lock.alone(() => Promise.reject(new Error('conflict')))).rejects.toThrow('conflict')
  expect(lock.open).toBe(true)
})
