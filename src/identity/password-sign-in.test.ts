import { afterEach, expect, test, vi } from 'vitest'
import { identityForTests } from './identity-for-tests.ts'
import { PasswordHasher } from './password-hasher.ts'

afterEach(() => vi.restoreAllMocks())

test('every refusal follows the same work: one comparison, also where there is nothing to compare', async () => {
  const { identity } = await identityForTests()
  for (const name of ['ada', 'disabled']) {
    const { link } = await identity.createUser({ name, role: 'sqream' })
    await identity.redeemLink({ secret: link.secret, password: 'a long password' })
  }
  await identity.createUser({ name: 'invited', role: 'sqream' })
  await identity.setUserEnabled('disabled', false)
  const matches = vi.spyOn(PasswordHasher.prototype, 'matches')
  for (const userName of ['nobody', 'invited', 'disabled']) {
    const attempt = { userName, password: 'a long password', address: '::1' }
    await expect(identity.provePassword(attempt)).rejects.toThrow('is wrong')
    expect(matches).toHaveBeenLastCalledWith('a long password', undefined)
  }
  const right = { userName: 'ada', password: 'a long password', address: '::1' }
  await identity.provePassword(right)
  expect(matches).toHaveBeenLastCalledWith('a long password', expect.stringMatching(/^\$argon2id/))
  expect(matches).toHaveBeenCalledTimes(4)
})

test('nobody’s password matches nothing; a flood is turned away, and what waits is served', async () => {
  const hasher = new PasswordHasher()
  const kept = await hasher.hash('a long password')
  expect(await hasher.matches('a long password', kept)).toBe(true)
  expect(await hasher.matches('another password', kept)).toBe(false)
  expect(await hasher.matches('a long password', undefined)).toBe(false)
  const flood = Array.from({ length: 110 }, () => hasher.matches('a long password', kept))
  const outcomes = await Promise.allSettled(flood)
  const served = outcomes.filter((one) => one.status === 'fulfilled' && one.value)
  expect(served).toHaveLength(102) // two at work, a hundred in line
  expect(outcomes.at(-1)).toMatchObject({ reason: { kind: 'too_many_connections' } })
  expect(await hasher.matches('a long password', kept)).toBe(true)
})
