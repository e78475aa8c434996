import { expect, test } from 'vitest'
import { identityForTests } from './identity-for-tests.ts'

async function fieldOf(work: Promise<unknown>): Promise<string | undefined> {
  return await work.then(
    () => undefined,
    (error: { field?: string }) => error.field,
  )
}

test('there is one default pool from the beginning, without limits', async () => {
  const { identity } = await identityForTests()
  expect(identity.listPools()).toMatchObject([{ name: 'default', isDefault: true }])
  expect(identity.defaultPool()).not.toHaveProperty('concurrency')
})

test('a pool is made, found whatever the case, changed limit by limit, and dropped', async () => {
  const { identity } = await identityForTests()
  await identity.createPool({ name: 'reports', concurrency: 2, queueWaitSeconds: 0 })
  expect(identity.findPool('REPORTS')).toMatchObject({ concurrency: 2, queueWaitSeconds: 0 })
  await identity.changePool('reports', { queueWaitSeconds: null, runSeconds: 60 })
  const pool = identity.findPool('reports')
  expect(pool).toMatchObject({ concurrency: 2, runSeconds: 60, isDefault: false })
  expect(pool).not.toHaveProperty('queueWaitSeconds')
  await identity.dropPool('reports')
  expect(identity.findPool('reports')).toBeUndefined()
})

test('one pool is the default: another takes its place, and it cannot be dropped', async () => {
  const { identity } = await identityForTests()
  await identity.createPool({ name: 'reports' })
  await identity.changePool('reports', { isDefault: true })
  const defaults = identity.listPools().filter(({ isDefault }) => isDefault)
  expect(defaults.map(({ name }) => name)).toEqual(['reports'])
  await expect(identity.dropPool('reports')).rejects.toThrow('is the default pool')
  await identity.dropPool('default')
  expect(identity.listPools()).toHaveLength(1)
})

test('wrong names and limits are refused with their field; the nearest right ones are taken', async () => {
  const { identity } = await identityForTests()
  for (const name of ['', 'Reports', '1st', 'a b', 'a-b', `a${'b'.repeat(63)}`]) {
    expect([name, await fieldOf(identity.createPool({ name }))]).toEqual([name, 'name'])
  }
  for (const [limits, field] of [
    [{ concurrency: 0 }, 'concurrency'],
    [{ concurrency: 1.5 }, 'concurrency'],
    [{ queueWaitSeconds: -1 }, 'queueWaitSeconds'],
    [{ runSeconds: 0 }, 'runSeconds'],
  ] as const) {
    expect(await fieldOf(identity.createPool({ name: 'p', ...limits }))).toBe(field)
  }
  expect(identity.listPools()).toHaveLength(1)
  const least = { concurrency: 1, queueWaitSeconds: 0, runSeconds: 1 }
  await identity.createPool({ name: `a${'b'.repeat(62)}`, ...least })
  await expect(identity.createPool({ name: 'default' })).rejects.toThrow('already exists')
})

test('the same request under the same key makes one pool', async () => {
  const { identity } = await identityForTests()
  const once = { key: 'key', request: 'request' }
  const first = await identity.createPool({ name: 'reports' }, once)
  expect((await identity.createPool({ name: 'reports' }, once)).id).toBe(first.id)
  expect(identity.listPools()).toHaveLength(2)
})
