/** The messages of a login: a request for the password, the password, and the yes. */
import { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import { beginMessage, endMessage } from './message.ts'

const OK = 0
const CLEARTEXT_PASSWORD = 3

export function writeAuthenticationOk(out: ByteWriter): void {
  writeAuthentication(out, OK)
}

/** Only inside TLS: the answer is the token itself. */
export function writeAuthenticationCleartextPassword(out: ByteWriter): void {
  writeAuthentication(out, CLEARTEXT_PASSWORD)
}

export const PASSWORD_MESSAGE = 'p'

/** @returns the password as the client sent it: a secret, never to be logged. */
export function decodePasswordMessage(body: Uint8Array): string {
  const reader = new ByteReader('PasswordMessage', body)
  const password = reader.cstring('password')
  reader.end()
  return password
}

function writeAuthentication(out: ByteWriter, method: number): void {
  const message = beginMessage(out, 'R')
  out.int32(method)
  endMessage(out, message)
}
