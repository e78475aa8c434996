import { unauthenticated } from './blue-calls.ts'
import type { CallOrigin } from './blue-calls.ts'
import type { BlueDoorParts } from './blue-door-parts.ts'
import type { BlueLogin } from './blue-logins.ts'

/** @throws CallRefused without a bearer that is somebody's. */
export function requireLogin(
  { logins, connections }: BlueDoorParts,
  { key, bearer }: CallOrigin,
): BlueLogin {
  const login = bearer === undefined ? undefined : logins.find(bearer)
  if (!login) throw unauthenticated()
  connections.welcome(key, login)
  return login
}
