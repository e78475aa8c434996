/**
 * What keeps other sites away from a signed-in browser: headers on every answer, and a refusal of
 * requests that another site could have made it send.
 *
 * The cookie is SameSite=Strict, which already keeps it out of foreign requests; the header and the
 * origin hold where a browser, or a page on a neighbouring host, does not obey that.
 * Sources: OWASP Cross-Site Request Forgery Prevention, "Custom Request Headers"; OWASP Secure Headers.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { GatewayError } from '../../base/gateway-error.ts'
import { consoleCookie } from './console-cookie.ts'

/** A page cannot send it to another origin without being asked first, and nobody here says yes. */
const CONSOLE_HEADER = 'x-bluegate-console'

/** Inline styles are the component library's; a script is never inline. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "object-src 'none'",
].join('; ')

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** For before the check of who calls. */
export function guardBrowsers(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(SECURITY_HEADERS)
    if (isApi(request)) void reply.header('cache-control', 'no-store')
    checkOrigin(request)
    done()
  })
}

export function isApi({ url }: FastifyRequest): boolean {
  return /^\/api(?:[/?]|$)/.test(url)
}

/** @throws GatewayError `insufficient_privilege` for a change that another site may have asked for. */
function checkOrigin(request: FastifyRequest): void {
  const { method, headers } = request
  if (method === 'GET' || method === 'HEAD') return
  const { origin, host } = headers
  if (origin !== undefined && origin.toLowerCase() !== `https://${host ?? ''}`.toLowerCase()) {
    throw new GatewayError('insufficient_privilege', 'this request comes from another site', {
      hint: 'Use the console at its own address.',
    })
  }
  if (consoleCookie(request) !== undefined && headers[CONSOLE_HEADER] !== '1') {
    throw new GatewayError(
      'insufficient_privilege',
      'a request with the cookie of the console needs the header X-Bluegate-Console',
      { hint: 'Send X-Bluegate-Console: 1. Programs send an access token instead of the cookie.' },
    )
  }
}
