/** The client that a route names. */
import { GatewayError } from '../../../base/gateway-error.ts'
import type { ClientInfo, Identity } from '../../../identity/identity.ts'

/** @throws GatewayError `undefined_object`. */
export function existingClient(identity: Identity, name: string): ClientInfo {
  const client = identity.findClient(name)
  if (client) return client
  throw new GatewayError('undefined_object', `client "${name}" does not exist`, {
    hint: 'bluegate client list shows all.',
  })
}

/** As the audit shows it: the client as it was before the act, with the id of its live token. */
export function describeClient(identity: Identity, name: string): string {
  const client = identity.findClient(name)
  return client
    ? `client ${client.name}, role ${client.role}, token ${client.token.id}`
    : `client ${name}`
}
