import { expect, test } from 'vitest'
import { auditEvent } from '../../audit/audit-log-contract.ts'
import { identityForTests } from '../../identity/identity-for-tests.ts'
import { refusalWords } from './connection-refusals.ts'

async function wordsFor(reason: string | undefined, more: object = {}) {
  const { identity } = await identityForTests()
  await identity.createRole('reader', { login: true })
  const request = { name: 'bi', role: 'reader', allowedAddresses: ['10.1.0.0/16', '::1'] }
  const { client } = await identity.createClient(request)
  const record = {
    ...auditEvent({ username: 'bi', address: '203.0.113.7', ...(reason && { reason }), ...more }),
    sequence: 1,
    time: '2030-01-01T00:00:00.000Z',
  }
  return refusalWords(client, record)
}

test.each([
  ['malformed_token', /not an access token/, /Copy the whole/],
  ['unknown_token', /does not exist here/, /another gateway/],
  ['wrong_secret', /not right/, /last character/],
  ['ended_token', /replaced by a newer one/, /has now/],
  ['expired_token', /has expired/, /later expiry/],
  ['disabled_client', /is disabled/, /Enable client "bi"/],
  ['role_without_login', /role "reader" has no LOGIN/, /GRANT LOGIN TO "reader"/],
  ['address_not_allowed', /came from 203\.0\.113\.7/, /Add 203\.0\.113\.7 .* 10\.1\.0\.0\/16, ::1/],
  ['throttled', /too many failed attempts/, /wait a minute/],
  ['plaintext', /without TLS/, /sslmode=verify-full/],
  ['certificate_not_trusted', /does not trust the certificate/, /CA file/],
  ['invalid_catalog_name', /database/, /GRANT CONNECT/],
  ['too_many_connections', /as many sessions/, /limits\.sessionsMax/],
  ['feature_not_supported', /does not do/, /usual mode/],
])('%s says why, and what would let it in', async (reason, why, fix) => {
  const words = await wordsFor(reason)
  expect(words.reason).toMatch(why)
  expect(words.fix).toMatch(fix)
})

test('a token of another client is told apart from another name with this token', async () => {
  expect((await wordsFor('other_client')).reason).toMatch(/token of another client/)
  expect((await wordsFor('other_client', { username: 'x' })).reason).toMatch(/user name "x"/)
})

test.each([undefined, 'toString', 'something_new'])(
  '%s is told as the record has it',
  async (reason) => {
    const error = 'cannot_connect_now: the gateway is stopping'
    expect((await wordsFor(reason, { error })).reason).toBe(
      'It was refused: the gateway is stopping.',
    )
  },
)
