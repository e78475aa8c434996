/** The client that a route names, and whether its caller may act on it. */
import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../../../base/gateway-error.ts'
import type { Check, ClientInfo, Identity } from '../../../identity/identity.ts'
import { clientEtag } from '../client-view.ts'
import { checkIfMatch } from '../etag.ts'
import { mayTouchRole } from '../no-escalation.ts'
import { callerOf } from '../route-needs.ts'

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

/** Whether this request may act on the client as it is: as its caller saw it, and not above its caller. */
export function checkOfAct(identity: Identity, request: FastifyRequest): Check<ClientInfo> {
  return (current) => {
    checkIfMatch(request, clientEtag(current))
    mayTouchRole(identity, callerOf(request), current.roleId)
  }
}
