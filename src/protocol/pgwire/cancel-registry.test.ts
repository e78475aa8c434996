import { expect, test } from 'vitest'
import { CancelRegistry } from './cancel-registry.ts'

test('only the whole key cancels, and only while it is registered', () => {
  const registry = new CancelRegistry()
  let cancelled = 0
  const key = registry.add(() => (cancelled += 1))
  expect(registry.cancel({ ...key, secret: key.secret ^ 1 })).toBe(false)
  expect(registry.cancel({ ...key, processId: key.processId ^ 1 })).toBe(false)
  expect(cancelled).toBe(0)
  expect(registry.cancel(key)).toBe(true)
  expect(cancelled).toBe(1)
  registry.remove(key)
  expect(registry.cancel(key)).toBe(false)
})

test('a secret of zero without a session fits nobody', () => {
  expect(new CancelRegistry().cancel({ processId: 5, secret: 0 })).toBe(false)
})

test('keys fill 32 bits as the protocol carries them, and do not repeat', () => {
  const registry = new CancelRegistry()
  const keys = Array.from({ length: 500 }, () => registry.add(() => undefined))
  expect(new Set(keys.map(({ processId }) => processId)).size).toBe(500)
  expect(new Set(keys.map(({ secret }) => secret)).size).toBeGreaterThan(490)
  expect(keys.some(({ secret }) => secret < 0)).toBe(true)
  for (const { processId, secret } of keys) {
    expect(processId).toBeGreaterThan(0)
    expect(secret).toBe(secret | 0)
  }
})
