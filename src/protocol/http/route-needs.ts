/**
 * What a caller must be to use a route. Every route says it; one that says nothing keeps the gateway
 * from starting, so that no route is open because somebody forgot.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { GatewayError } from '../../base/gateway-error.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Caller } from './caller.ts'

/**
 * `nothing`: anybody who reaches the door. `signedIn`: any caller that was proven. `clusterAdmin`:
 * one whose role has CLUSTERADMIN, the right to the Settings pages.
 */
export type RouteNeeds = 'nothing' | 'signedIn' | 'clusterAdmin'

declare module 'fastify' {
  interface FastifyContextConfig {
    needs?: RouteNeeds
  }
}

/**
 * Adds the check to `app`; for before its routes.
 *
 * @param prove Finds out who makes a request; undefined when nobody does. May throw a GatewayError.
 */
export function checkNeeds(
  app: FastifyInstance,
  identity: Pick<Identity, 'authority'>,
  prove: (request: FastifyRequest) => Promise<Caller | undefined> | Caller | undefined,
): void {
  app.decorateRequest('caller', undefined)
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.needs === undefined) throw new Error(`${String(method)} ${url} does not say needs`)
  })
  app.addHook('onRequest', async (request) => {
    const needs = request.routeOptions.config.needs
    if (needs === undefined || needs === 'nothing') return // undefined: there is no such route
    request.caller = await prove(request)
    const { principal } = callerOf(request)
    if (needs === 'clusterAdmin' && !identity.authority(principal.roleId).clusterAdmin) {
      throw new GatewayError('insufficient_privilege', 'this needs a role with CLUSTERADMIN', {
        hint: 'An administrator gives it with: GRANT CLUSTERADMIN TO …',
      })
    }
  })
}

/** @throws GatewayError `invalid_password` (401) when nobody was proven. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller) return request.caller
  throw new GatewayError('invalid_password', 'this needs to be signed in', {
    hint: 'Sign in, or send an access token: Authorization: Bearer ….',
  })
}
