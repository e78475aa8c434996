import { expect, test, vi } from 'vitest'
import { silentLog } from '../base/log.ts'
import { identityForTests } from './identity-for-tests.ts'
import { UnderWay } from './under-way.ts'

test('a change takes effect at once, and is acknowledged when the commits of before are over', async () => {
  const { identity } = await identityForTests()
  await identity.createRole('bi', { login: true })
  const { token } = await identity.createClient({ name: 'tableau', role: 'bi' })
  const principal = await identity.authenticate({ clientName: 'tableau', token, address: '::1' })
  const commit = Promise.withResolvers<string>()
  const committed = identity.underWay(commit.promise)

  let acknowledged = 0
  const disabled = identity.setClientEnabled('tableau', false).then(() => (acknowledged += 1))
  const created = identity.createRole('another').then(() => (acknowledged += 1))
  await vi.waitFor(() => {
    expect(identity.cutOff(principal)?.kind).toBe('admin_shutdown')
    expect(identity.findRole('another')).toBeDefined() // held up by no change before it
  })
  expect(acknowledged).toBe(0)

  commit.resolve('committed')
  expect(await committed).toBe('committed')
  await Promise.all([disabled, created])
})

test('a commit that fails is over too', async () => {
  const { identity } = await identityForTests()
  const failed = identity.underWay(Promise.reject(new Error('full')))
  await identity.createRole('bi')
  await expect(failed).rejects.toThrow('full')
})

test('what does not end is not waited for without end', async () => {
  const underWay = new UnderWay(silentLog, 10)
  void underWay.during(new Promise(() => undefined))
  await expect(underWay.settled()).resolves.toBeUndefined()
})
