import { createHash, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeScramSalt, scramKeys } from './scram-verifier.ts'
import type { TokenText } from './token.ts'

/** RFC 7677, section 3: the whole conversation of its example. */
test('the verifier proves the client and signs for the server as in RFC 7677', async () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  const { storedKey, serverKey } = await scramKeys('pencil' as TokenText, salt, 4096)
  const conversation =
    'n=user,r=rOprNGfwEbeRWgbNEkqO,' +
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,' +
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
  const proof = Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64')
  const clientSignature = createHmac('sha256', storedKey).update(conversation).digest()
  const clientKey = proof.map((byte, index) => byte ^ (clientSignature[index] ?? 0))
  expect(createHash('sha256').update(clientKey).digest()).toEqual(storedKey)
  expect(createHmac('sha256', serverKey).update(conversation).digest('base64')).toBe(
    '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  )
})

test('two salts are two salts', () => {
  expect(makeScramSalt()).not.toEqual(makeScramSalt())
})
