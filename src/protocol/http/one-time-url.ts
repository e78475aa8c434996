/** One-time links as people get them: the secret stands in the fragment, which no server ever sees. */
import type { Static } from 'typebox'
import { GatewayError } from '../../base/gateway-error.ts'
import type { NewLink } from '../../identity/users.ts'
import type { GatewayStatus } from './api-parts.ts'
import type { NEW_LINK } from './schemas/user-schemas.ts'

/** @throws GatewayError `object_not_in_prerequisite_state` while there is no HTTPS door. */
export function describeNewLink(
  { purpose, expiresAt, secret }: NewLink,
  doors: GatewayStatus['doors'],
): Static<typeof NEW_LINK.schema> {
  const { https } = doors
  if (!https) {
    throw new GatewayError('object_not_in_prerequisite_state', 'the HTTPS door is not open')
  }
  return {
    url: oneTimeUrl(https, secret),
    purpose,
    ...(expiresAt !== undefined && { expiresAt }),
  }
}

function oneTimeUrl(door: { host: string; port: number }, secret: string): string {
  const host = door.host.includes(':') ? `[${door.host}]` : door.host
  return `https://${host}:${door.port}/welcome#${secret}`
}
