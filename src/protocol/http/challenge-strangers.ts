/**
 * What an answer 401 tells a program and a browser: that a token is wanted, and that a cookie of a
 * session that is over is worth nothing any more.
 *
 * The scheme is Bearer, for which no browser asks its user for a name and a password by itself.
 * Sources: RFC 9110, section 11.6.1; RFC 6750, section 3.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { clearConsoleCookie, consoleCookie } from './console-cookie.ts'

const UNAUTHORIZED = 401

export function challengeStrangers(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode === UNAUTHORIZED) {
      void reply.header('www-authenticate', challengeFor(request))
      if (hasStaleCookie(request)) clearConsoleCookie(reply)
    }
    done(null, payload)
  })
}

function challengeFor({ headers }: FastifyRequest): string {
  const realm = 'Bearer realm="Bluegate"'
  return headers.authorization === undefined ? realm : `${realm}, error="invalid_token"`
}

/** Only what was to prove the caller: a wrong password says nothing about the session. */
function hasStaleCookie(request: FastifyRequest): boolean {
  const { caller, headers, routeOptions } = request
  if (caller !== undefined || headers.authorization !== undefined) return false
  if (routeOptions.config.needs === 'nothing') return false
  return consoleCookie(request) !== undefined
}
